"""The three seats at a payment: who may take which, and the one sentence why somebody may not."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role
from cities.tenancy.prepared import Slot
from grants.awards import states as awards
from grants.awards.models import Award
from grants.awards.payees import is_named

from . import states
from .models import Deputy, Disbursement, Receipt
from .states import Seat, Status

SEAT_OF_ROLE = {Role.FINANCE: Seat.FINANCE, Role.APPROVER: Seat.APPROVER, Role.MANAGER: Seat.APPROVER}


def seats_of(user: Any, city_id: UUID) -> frozenset[Seat]:
    """Return the seats that a person may take in the open city: by role, or as a deputy that the Center approved.

    A deputy works at the city's desk in another role, and stops being one with the last of these. Deputies are
    read once a request.
    """
    if not is_desk(user, city_id):
        return frozenset()
    return _by_role(user, city_id) | _as_deputy(user, city_id)


def may_sit(user: Any, city_id: UUID, *wanted: Seat) -> bool:
    """Say whether a person may take one of these seats. Whoever may by role is asked for no deputy."""
    return bool(_by_role(user, city_id) & set(wanted) or seats_of(user, city_id) & set(wanted))


def _by_role(user: Any, city_id: UUID) -> frozenset[Seat]:
    return frozenset(SEAT_OF_ROLE[role] for role in roles_in(user, city_id) if role in SEAT_OF_ROLE)


def _as_deputy(user: Any, city_id: UUID) -> frozenset[Seat]:
    remembered: dict[UUID, frozenset[Seat]] = user.__dict__.setdefault("_deputy_seats", {})
    if city_id not in remembered:
        standing = Deputy.objects.filter(person=user, approved_at__isnull=False, ended_at__isnull=True)
        remembered[city_id] = frozenset(Seat(seat) for seat in standing.values_list("seat", flat=True))
    return remembered[city_id]


def forget_deputies(user: Any) -> None:
    """Drop what was remembered, after a change in the same request."""
    user.__dict__.pop("_deputy_seats", None)


def is_party(user: Any, award: Award) -> bool:
    """Say whether the person is the award's applicant, payee or signatory."""
    return user.pk in {award.applicant_id, award.payee_id, award.signatory_id}


def of_party(user: Any) -> Q:
    """Return the condition on awards of which the person is a party."""
    return Q(applicant_id=user.pk) | Q(signatory_id=user.pk) | Q(payee_id=user.pk)


def to_namesake(user: Any) -> Q:
    """Return the condition on awards or payments whose payee is called like the person.

    What :func:`why_not_approve` says of accents and spaces too, the database can't tell.
    """
    words = (Slot("name", user.name), Slot("email", user.email))
    by_name, by_email = (Q(Exact(Lower("payee_name"), Lower(each))) for each in words)
    return by_name | by_email


def why_not_request(award: Award, user: Any, payee_name: str = "") -> str:
    """Return the sentence that keeps this person from requesting a payment (to ``payee_name``) on the award, or nothing."""
    if award.status not in awards.CAN_DISBURSE:
        return _("This award is “%(status)s”. Payments can be requested on accepted awards only.") % {
            "status": award.get_status_display()
        }
    return _party(award, user) or _own_name(award, payee_name, user)


def why_not_approve(disbursement: Disbursement, user: Any) -> str:
    """Return the sentence that keeps this person from approving the payment, or nothing."""
    if disbursement.status not in states.CAN_APPROVE:
        return _moved_on(disbursement)
    if disbursement.requested_by_id == user.pk:
        return _("You requested this payment. Somebody else has to approve it.")
    return _party(disbursement.award, user) or _own_name(disbursement.award, disbursement.payee_name, user)


def why_not_refuse(disbursement: Disbursement, user: Any) -> str:
    """Return the sentence that keeps this person from refusing the payment, or nothing."""
    if disbursement.status not in states.CAN_REFUSE:
        return _moved_on(disbursement)
    return _party(disbursement.award, user)


def why_not_record(disbursement: Disbursement, user: Any) -> str:
    """Return the sentence that keeps this person from recording the payment as paid, or nothing."""
    if disbursement.status not in states.CAN_RECORD:
        return _moved_on(disbursement)
    if disbursement.requested_by_id == user.pk:
        return _("You requested this payment. A third person has to record it as paid.")
    if disbursement.approved_by_id == user.pk:
        return _("You approved this payment. A third person has to record it as paid.")
    return _party(disbursement.award, user) or _own_name(disbursement.award, disbursement.payee_name, user)


def why_not_void(disbursement: Disbursement, user: Any) -> str:
    """Return the sentence that keeps this person from voiding the payment, or nothing."""
    if disbursement.status not in states.CAN_VOID:
        return _moved_on(disbursement)
    if disbursement.award.status not in awards.CAN_DISBURSE:
        return _("This award is “%(status)s”. Its payments can’t be changed any more.") % {
            "status": disbursement.award.get_status_display()
        }
    return _party(disbursement.award, user)


def why_not_decide(receipt: Receipt, user: Any) -> str:
    """Return the sentence that keeps this person from deciding about the receipt, or nothing."""
    if receipt.uploaded_by_id == user.pk:
        return _("You sent this receipt. Somebody else has to decide about it.")
    return why_not_settle(receipt.award, user)


def why_not_settle(award: Award, user: Any) -> str:
    """Return the sentence that keeps this person from receipts, returns and the close of the award, or nothing."""
    if award.status not in awards.CAN_PROVE:
        return _("This award is “%(status)s”. Its money can’t be changed any more.") % {
            "status": award.get_status_display()
        }
    return _party(award, user)


def why_not_reopen(award: Award, user: Any) -> str:
    """Return the sentence that keeps this person from opening a completed award again, or nothing."""
    return _party(award, user)


def why_not_return(award: Award, user: Any, payments: Iterable[Disbursement]) -> str:
    """Return the sentence that keeps this person from the award's returns, or nothing. ``payments`` are all of the award."""
    if sentence := why_not_settle(award, user):
        return sentence
    if any(row.recorded_by_id == user.pk for row in payments if row.status == Status.PAID):
        return _("You recorded a payment of this award as paid. Somebody else has to record what came back.")
    return ""


def _party(award: Award, user: Any) -> str:
    if is_party(user, award):
        return _(
            "You are the applicant, the payee or the signatory of this award. Somebody else has to do this."
        )
    return ""


def _own_name(award: Award, payee_name: str, user: Any) -> str:
    # A payee is words, not an account: the database can't hold this, and another spelling of a name passes.
    if is_named(user, payee_name) or is_named(user, award.payee_name):
        return _("This payment goes to somebody with your name. Somebody else has to do this.")
    return ""


def _moved_on(disbursement: Disbursement) -> str:
    return _("Somebody was faster: this payment is “%(status)s” now.") % {
        "status": disbursement.get_status_display().lower()
    }
