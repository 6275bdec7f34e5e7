"""What operators leave behind for one another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.audit.signing import is_ours
from cities.tenancy.models import TenantModel

PURPOSE = "lyb-backup-check:1"


class CheckKind(models.TextChoices):
    """What was done with a backup. To create one proves nothing yet."""

    CREATE = "create", _("Written")
    VERIFY = "verify", _("Verified")
    DRILL = "drill", _("Restored in a drill")


class BackupCheck(TenantModel):
    """One backup that was made, verified or restored in a drill. The Center's; append-only, and signed.

    The signature keeps somebody who can write rows from pretending that a drill was held.
    """

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=CheckKind)
    taken_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    break_count = models.PositiveIntegerField(default=0)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="backupcheck_kind_known", condition=models.Q(kind__in=sorted(CheckKind.values))
            )
        ]
        indexes = [models.Index(fields=["kind", "-checked_at"], name="backupcheck_newest")]


def statement(name: str, kind: str, taken_at: str, checked_at: str, break_count: int) -> str:
    """Write what is signed; instants in ISO format, UTC."""
    return f"{name}|{kind}|{taken_at}|{checked_at}|{break_count}"


def is_signed(signature: str, *facts: object) -> bool:
    return is_ours(PURPOSE, statement(*facts), signature)  # type: ignore[arg-type]
