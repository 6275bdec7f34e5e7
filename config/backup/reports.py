"""What a check of a backup found: a signed file beside the archive, and a row that ``/status`` reads."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from cities.audit.signing import sign
from cities.operations.actions import record_backup_check
from cities.operations.models import CheckKind
from cities.tenancy.scopes import CENTER_ID, city_scope

PURPOSE = "lyb-backup-report:1"


def write(path: Path, *, kind: CheckKind, breaks: list[str], seconds: float) -> Path:
    """Write the report beside the archive, signed."""
    report: dict[str, Any] = {
        "archive": path.name,
        "kind": kind.value,
        "checked_at": datetime.now(tz=UTC).isoformat(),
        "seconds": round(seconds, 1),
        "ok": not breaks,
        "breaks": breaks,
    }
    text = json.dumps(report, indent=1, sort_keys=True)
    target = path.with_suffix(f".{kind.value}.json")
    target.write_text(
        json.dumps({**report, "signature": sign(PURPOSE, text)}, indent=1, sort_keys=True) + "\n"
    )
    return target


def record(path: Path, *, kind: CheckKind, taken_at: str, breaks: list[str]) -> bool:
    """Record the check at the Center. False if the database is away: an archive can be verified without one."""
    try:
        with city_scope(CENTER_ID):
            record_backup_check(
                name=path.name, kind=kind, taken_at=datetime.fromisoformat(taken_at), break_count=len(breaks)
            )
    except DatabaseError:
        return False
    return True
