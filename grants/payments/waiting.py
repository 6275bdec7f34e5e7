"""What waits on people at the desk: payments to request, to approve or to record, receipts, deputies that the Center answers."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.interface.waiting import Waiting, waits
from grants.awards.models import Award

from .choosing import UNPAID, to_request
from .models import Deputy, Receipt
from .permissions import (
    can_name_deputies,
    can_prove_here,
    can_request_here,
    disbursements_visible_to,
    receipts_visible_to,
)
from .seats import of_party, seats_of, to_namesake
from .states import ReceiptStatus, Seat, Status

_LABELS = {
    frozenset({Seat.APPROVER}): gettext_lazy("Payments to approve"),
    frozenset({Seat.FINANCE}): gettext_lazy("Payments to record as paid"),
    frozenset(Seat): gettext_lazy("Payments to approve or to record as paid"),
}


def to_approve(user: Any) -> Q:
    """Payments that this person may approve, given the seat: requested by others, not on an award or in a name of their own."""
    return Q(status=Status.REQUESTED) & ~Q(requested_by_id=user.pk) & _not_to(user)


def to_record(user: Any) -> Q:
    """Payments that this person may record as paid, given the seat."""
    return (
        Q(status=Status.APPROVED) & ~Q(requested_by_id=user.pk) & ~Q(approved_by_id=user.pk) & _not_to(user)
    )


def to_decide(user: Any) -> Q:
    """Receipts that this person may decide about."""
    return Q(status=ReceiptStatus.SUBMITTED) & ~Q(uploaded_by_id=user.pk) & _no_party(user)


def on_me(user: Any, city: Any) -> Q:
    """Payments whose next step this person may take."""
    seats, found = seats_of(user, city.pk), Q(pk__in=[])
    if Seat.APPROVER in seats:
        found |= to_approve(user)
    if Seat.FINANCE in seats:
        found |= to_record(user)
    return found


def _no_party(user: Any) -> Q:
    """Leave out the person's own awards, found by themselves: a join would read the award of every row."""
    return ~Q(award__in=Award.objects.filter(of_party(user)).values("pk"))


def _not_to(user: Any) -> Q:
    """Leave out what is paid to a namesake, too. Where only the award names one, the action says so."""
    return ~to_namesake(user) & _no_party(user)


@waits("payments")
def payments_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Payments to approve and to record: as many as the tab lists to which it leads."""
    seats = seats_of(user, city.pk)
    if not seats:
        return
    rows = disbursements_visible_to(user, city).under_way().filter(on_me(user, city))
    found = rows.aggregate(
        count=Count("id"), since=Min(Coalesce("approved_at", "requested_at")), cents=Sum("amount_cents")
    )
    yield Waiting(
        str(_LABELS[seats]),
        found["count"],
        f"{reverse('grants:payment-list', args=[city.slug])}?tab=mine",
        since=found["since"],
        icon="attach_money",
        cents=found["cents"],
    )


@waits("payments to request")
def requests_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Awards on which nothing is paid yet, or more is proved than paid, and nobody has requested a payment."""
    if not can_request_here(user, city):
        return
    found = to_request(user).aggregate(count=Count("id"), since=Min("last_activity_at"), cents=Sum(UNPAID))
    yield Waiting(
        _("Awards that wait for a payment"),
        found["count"],
        f"{reverse('grants:payment-create', args=[city.slug])}?tab=waiting",
        since=found["since"],
        icon="attach_money",
        cents=found["cents"],
    )


@waits("receipts")
def receipts_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Receipts that residents sent."""
    if not can_prove_here(user, city):
        return
    rows: QuerySet[Receipt] = receipts_visible_to(user, city).filter(to_decide(user))
    found = rows.aggregate(count=Count("id"), since=Min("uploaded_at"), cents=Sum("amount_cents"))
    url = reverse("grants:receipt-list", args=[city.slug])
    yield Waiting(
        _("Receipts to decide about"),
        found["count"],
        url,
        since=found["since"],
        icon="photo_camera",
        cents=found["cents"],
    )


def unanswered_deputies() -> QuerySet[Deputy]:
    """Deputies that the Center hasn't answered: of the open city, or of all cities at the Center."""
    rows: QuerySet[Deputy] = Deputy.objects.filter(approved_at__isnull=True, ended_at__isnull=True)
    return rows


@waits("deputies")
def deputies_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Deputies that the manager named and the Center hasn't answered: nothing to do but to know."""
    if not can_name_deputies(user, city):
        return
    found = unanswered_deputies().aggregate(count=Count("id"), since=Min("nominated_at"))
    yield Waiting(
        _("Deputies that wait for the Center"),
        found["count"],
        reverse("grants:deputy-list", args=[city.slug]),
        since=found["since"],
        icon="group_add",
    )
