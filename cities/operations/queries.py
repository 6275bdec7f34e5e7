"""What the database, the broker and this machine say, each asked once and none of them trusted to answer."""

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from cities.audit.heartbeat import last_beat
from cities.tenancy.middleware import free_upload_slots

from .models import CheckKind, is_signed

QUEUES = ("codes", "notices", "documents", "celery")
_FIGURES = """
SELECT operations_figures(), current_setting('server_version'),
       (SELECT array_agg(app || '.' || name ORDER BY app, name) FROM django_migrations)
"""


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest check of one kind. Without our signature it counts for nothing."""

    kind: str
    name: str
    taken_at: datetime
    checked_at: datetime
    break_count: int
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Database:
    """Counts over all tenants, as the definer function tells them; instants are those of the oldest that waits."""

    version: str
    unapplied: list[str]
    counts: dict[str, int]
    oldest: dict[str, datetime | None]
    backups: dict[str, Backup] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broker:
    version: str
    queues: dict[str, int]
    under_way: int
    sequencer_at: datetime | None


@dataclass(frozen=True, slots=True)
class Machine:
    """The process that answers, and its disk. ``slots`` are those for large bodies: free, all."""

    free_bytes: int
    disk_bytes: int
    slots: tuple[int, int]


def database() -> Database | None:
    """Ask the database, in one statement; ``None`` if it doesn't answer."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_FIGURES)
            text, version, applied = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        return None
    figures = json.loads(text)
    return Database(
        version=version.split()[0],
        unapplied=sorted(on_disk() - set(applied or ())),
        counts=figures["counts"],
        oldest={name: _instant(text) for name, text in figures["oldest"].items()},
        backups={row["kind"]: _backup(row) for row in figures["backups"] or ()},
    )


_on_disk: set[str] = set()


def on_disk() -> set[str]:
    """Return the migrations of this code; it does not change while the process runs."""
    if not _on_disk:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        _on_disk.update(f"{app}.{name}" for app, name in loader.disk_migrations)
    return _on_disk


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _backup(row: dict[str, Any]) -> Backup:
    taken, checked = (
        datetime.fromisoformat(row[name]).astimezone(UTC) for name in ("taken_at", "checked_at")
    )
    facts = (row["name"], row["kind"], taken.isoformat(), checked.isoformat(), row["break_count"])
    is_ours = is_signed(row["signature"], *facts)
    return Backup(row["kind"], row["name"], taken, checked, row["break_count"], is_ours)


def proof_of(found: Database) -> Backup | None:
    """Return the newest check that says something about a backup: verified, or better, restored in a drill."""
    proofs = [found.backups[kind] for kind in (CheckKind.VERIFY, CheckKind.DRILL) if kind in found.backups]
    return max(proofs, key=lambda backup: backup.checked_at, default=None)


def breaks_in(found: Database) -> int:
    """Count the breaks of the last verification and the last drill: neither takes the other's place."""
    proofs = [found.backups[kind] for kind in (CheckKind.VERIFY, CheckKind.DRILL) if kind in found.backups]
    return sum(backup.break_count for backup in proofs if backup.is_ours)


def broker() -> Broker | None:
    """Ask Valkey for its version and the lengths of the queues; ``None`` if it doesn't answer."""
    cache: dict[str, Any] = settings.CACHES["default"]
    client = redis.Redis.from_url(cache["LOCATION"], **cache["OPTIONS"])
    try:
        with client, client.pipeline(transaction=False) as asked:
            asked.info("server")
            for name in QUEUES:
                asked.llen(name)
            asked.hlen("unacked")
            server, *lengths, under_way = asked.execute()
    except redis.RedisError:
        return None
    heartbeat = last_beat()
    version = server.get("valkey_version") or server["redis_version"]
    queues = dict(zip(QUEUES, lengths, strict=True))
    return Broker(version, queues, under_way, heartbeat.ran_at if heartbeat else None)


def machine() -> Machine:
    disk = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else settings.BASE_DIR)
    return Machine(disk.free, disk.total, (free_upload_slots(), settings.UPLOAD_SLOTS))
