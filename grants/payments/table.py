"""Who may take the next seat at a payment, and why somebody may not: what its page shows as three steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cities.access.models import Membership, User
from grants.applications.models import open_conflicts
from grants.awards.payees import is_named

from . import seats
from .models import Deputy, Disbursement
from .permissions import can_approve, can_record
from .seats import SEAT_OF_ROLE
from .states import Seat, Status

MANY = 8


@dataclass(frozen=True, slots=True)
class SeatStep:
    """One of the three seats: who took it and when, or who may take it now and why the reader may not."""

    label: str
    state: str
    who: User | None = None
    at: datetime | None = None
    people: tuple[str, ...] = ()
    why_not: str = ""
    is_empty: bool = False
    may: bool = False


def seats_at(disbursement: Disbursement, reader: Any) -> list[SeatStep]:
    """Return the three seats of a payment as this reader sees them. Two statements while one is open."""
    first = SeatStep(_("Requested"), "done", disbursement.requested_by, disbursement.requested_at)
    return [first, _second(disbursement, reader), _third(disbursement, reader)]


def _second(disbursement: Disbursement, reader: Any) -> SeatStep:
    label = _("Approved")
    if disbursement.approved_by:
        return SeatStep(label, "done", disbursement.approved_by, disbursement.approved_at)
    if disbursement.status != Status.REQUESTED:
        return SeatStep(label, "stopped")
    why = (
        seats.why_not_approve(disbursement, reader)
        if can_approve(reader, disbursement)
        else _("You don’t approve payments in this city.")
    )
    return _open(label, disbursement, Seat.APPROVER, why, reader)


def _third(disbursement: Disbursement, reader: Any) -> SeatStep:
    label = _("Recorded as paid")
    if disbursement.recorded_by:
        return SeatStep(label, "done", disbursement.recorded_by, disbursement.recorded_at)
    if disbursement.status == Status.REFUSED:
        return SeatStep(label, "stopped")
    if disbursement.status != Status.APPROVED:
        return SeatStep(label, "upcoming")
    why = (
        seats.why_not_record(disbursement, reader)
        if can_record(reader, disbursement)
        else _("You don’t record payments in this city.")
    )
    return _open(label, disbursement, Seat.FINANCE, why, reader)


def _open(label: str, disbursement: Disbursement, seat: Seat, why_not: str, reader: Any) -> SeatStep:
    people = who_may(disbursement, seat)
    names = tuple(str(each) for each in people[:MANY] if each.pk != reader.pk)
    return SeatStep(label, "current", people=names, why_not=why_not, is_empty=not people, may=not why_not)


def who_may(disbursement: Disbursement, seat: Seat) -> list[User]:
    """Return who may take a seat now: by role or as a deputy, without those who sat before, parties, namesakes, conflicts."""
    award = disbursement.award
    gone = {
        disbursement.requested_by_id,
        disbursement.approved_by_id,
        award.applicant_id,
        award.payee_id,
        award.signatory_id,
    }
    roles = [role for role, gives in SEAT_OF_ROLE.items() if gives == seat]
    by_role = Membership.objects.filter(role__in=roles, ended_at__isnull=True).values("user_id")
    deputies = Deputy.objects.filter(seat=seat, approved_at__isnull=False, ended_at__isnull=True).values(
        "person_id"
    )
    conflicted = open_conflicts().filter(application_id=award.application_id).values("person_id")
    found: Iterable[User] = (
        User.objects.filter(Q(pk__in=by_role) | Q(pk__in=deputies), is_active=True)
        .exclude(pk__in=[each for each in gone if each])
        .exclude(pk__in=conflicted)
        .order_by("name", "email")
    )
    payees = (award.payee_name, disbursement.payee_name)
    return [each for each in found if not any(is_named(each, words) for words in payees)]
