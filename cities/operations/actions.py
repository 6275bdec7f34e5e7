"""What operators do that others should see."""

from datetime import UTC, datetime

from django.utils import timezone

from cities.audit import trail
from cities.audit.signing import sign
from cities.audit.trail import SystemActor
from cities.tenancy.actions import action
from cities.tenancy.scopes import current_city_id

from .models import PURPOSE, BackupCheck, CheckKind, statement

BACKUP = SystemActor("backup")


@action
def record_backup_check(*, name: str, kind: CheckKind, taken_at: datetime, break_count: int) -> BackupCheck:
    """Record at the Center that a backup was made, verified or restored in a drill, and how many breaks were found."""
    now = timezone.now()
    facts = (name, kind.value, _utc(taken_at), _utc(now), break_count)
    check = BackupCheck(
        city_id=current_city_id(),
        name=name,
        kind=kind,
        taken_at=taken_at,
        checked_at=now,
        break_count=break_count,
        signature=sign(PURPOSE, statement(*facts)),
    )
    check.full_clean()
    check.save(force_insert=True)

    trail.record(f"backup:{kind.value}", actor=BACKUP, subject=check, name=name, breaks=break_count)
    return check


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
