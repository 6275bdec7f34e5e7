"""What makes the Center look twice at a payment: conditions on disbursements of all cities, each said once.

Every list, total and export uses these. Receipts count for the oldest payments of an award first, so what isn't
proved lies in the latest.
"""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from cities.access.models import Membership, Role
from grants.payments.models import Deputy, Disbursement, Receipt
from grants.payments.states import ReceiptStatus, Seat, Status

UNPROVED_DAYS = 60
STANDS = [Status.REQUESTED, Status.APPROVED, Status.PAID]
_CENTS = models.BigIntegerField()


class Mark(models.TextChoices):
    """Why a payment is looked at."""

    UNPROVED = "unproved", _("Not proved after 60 days")
    DUPLICATE = "duplicate", _("Possible duplicate receipt")
    DEPUTY = "deputy", _("Recorded by a deputy")
    VOUCHER = "voucher", _("Voucher number used twice")
    DECIDED = "decided", _("Receipt decided by the requester")

    @property
    def word(self) -> Any:
        """Return a short word for narrow columns."""
        return _WORDS[self]


_WORDS = {
    Mark.UNPROVED: _("Not proved"),
    Mark.DUPLICATE: _("Duplicate?"),
    Mark.DEPUTY: _("Deputy"),
    Mark.VOUCHER: _("Voucher twice"),
    Mark.DECIDED: _("Own decision"),
}


def unproved() -> Any:
    """Return the part of a payment, in minor units, that no accepted receipt and no return covers."""
    later = Disbursement.objects.filter(
        city=OuterRef("city"), award=OuterRef("award"), status=Status.PAID, number__gt=OuterRef("number")
    )
    after = Subquery(
        later.order_by().values("award").annotate(cents=Sum("amount_cents")).values("cents"),
        output_field=_CENTS,
    )
    open_cents = (
        F("award__paid_cents") - F("award__proved_cents") - Coalesce(after, Value(0, output_field=_CENTS))
    )
    part = Greatest(Least(open_cents, F("amount_cents")), Value(0), output_field=_CENTS)
    return models.Case(models.When(status=Status.PAID, then=part), default=Value(0), output_field=_CENTS)


def conditions(today: date) -> dict[Mark, Q]:
    """Return the condition of each mark; ``unproved`` needs rows with ``unproved_cents``."""
    return {
        Mark.UNPROVED: Q(
            status=Status.PAID, paid_on__lt=today - timedelta(days=UNPROVED_DAYS), unproved_cents__gt=0
        ),
        Mark.DUPLICATE: Q(status__in=STANDS, award__in=duplicates().values("award")),
        Mark.DEPUTY: Q(status=Status.PAID) & Q(_is_deputy()) & ~Q(_is_finance()),
        Mark.VOUCHER: Q(_is_used_twice(), status=Status.PAID),
        Mark.DECIDED: Q(_is_decided_by_requester(), status__in=STANDS),
    }


def marked(rows: Any, today: date) -> Any:
    """Add ``unproved_cents`` and one boolean per mark (``mark_voucher`` …)."""
    flags = {
        f"mark_{mark}": models.ExpressionWrapper(condition, output_field=models.BooleanField())
        for mark, condition in conditions(today).items()
    }
    return rows.annotate(unproved_cents=unproved()).annotate(**flags)


def duplicates() -> Any:
    """Return receipts that look like an earlier one and still count, or wait."""
    gone = [ReceiptStatus.REFUSED, ReceiptStatus.REMOVED]
    return Receipt.objects.filter(possible_duplicate_of__isnull=False).exclude(status__in=gone)


def receipts_decided_by_requesters() -> Any:
    """Return receipts about which somebody decided who had requested a payment of the same award."""
    asked = Disbursement.objects.filter(
        city=OuterRef("city"), award=OuterRef("award"), requested_by=OuterRef("decided_by"), status__in=STANDS
    )
    return Receipt.objects.filter(Exists(asked)).exclude(status=ReceiptStatus.REMOVED)


def _is_decided_by_requester() -> Exists:
    """Say whether who requested the payment decided about a receipt of its award."""
    decided = [ReceiptStatus.ACCEPTED, ReceiptStatus.PARTLY, ReceiptStatus.REFUSED]
    return Exists(
        Receipt.objects.filter(
            city=OuterRef("city"),
            award=OuterRef("award"),
            decided_by=OuterRef("requested_by"),
            status__in=decided,
        )
    )


def _is_deputy() -> Exists:
    """Say whether whoever recorded the payment was a deputy for that seat at the time."""
    then = Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("recorded_at"))
    return Exists(
        Deputy.objects.filter(
            then, city=OuterRef("city"), person=OuterRef("recorded_by"), seat=Seat.FINANCE,
            approved_at__lte=OuterRef("recorded_at"),
        )
    )  # fmt: skip


def _is_finance() -> Exists:
    """Say whether whoever recorded the payment held the seat by role at the time."""
    then = Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("recorded_at"))
    return Exists(
        Membership.objects.filter(
            then, city=OuterRef("city"), user=OuterRef("recorded_by"), role=Role.FINANCE,
            created_at__lte=OuterRef("recorded_at"),
        )
    )  # fmt: skip


def _is_used_twice() -> Exists:
    """Say whether the voucher number stands on another paid disbursement of the same city."""
    other = Disbursement.objects.filter(
        city=OuterRef("city"), voucher_key=OuterRef("voucher_key"), status=Status.PAID
    )
    return Exists(other.exclude(pk=OuterRef("pk")))
