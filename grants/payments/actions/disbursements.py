"""A payment's way: requested, approved and recorded as paid by three people; or refused, or voided."""

from datetime import date
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.interface.formats import day, money
from cities.tenancy.actions import action
from cities.tenancy.writing import update
from grants.awards.models import Award
from grants.awards.states import CAN_DISBURSE
from grants.ledger.models import Entry
from grants.ledger.posting import Deed, post, reverse_entry
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind
from grants.payments import notices, seats, states
from grants.payments.errors import (
    DayError,
    ReasonMissingError,
    SeatTakenError,
    TooMuchError,
    WrongStatusError,
)
from grants.payments.models import Disbursement
from grants.payments.states import Status, VoidCause

from .locking import held, keep_sums, line, lock_award, lock_disbursement, require_no_conflict, today

_UNCHECKED = ("city", "award", "requested_by", "approved_by", "recorded_by", "ended_by")


@action
def request_disbursement(
    award_id: UUID, *, amount_cents: int, payee_name: str, method: str, purpose: str = "", actor: User
) -> Disbursement:
    """Ask for a payment on an accepted award. It holds its money from now on, until it is refused.

    Locks the award and its accounts. Raises ``WrongStatusError``, ``SeatTakenError`` (a party, or the payee by
    name), ``ConflictOfInterestError``, ``TooMuchError`` (more than is awarded, not paid and not under way).
    """
    award = lock_award(award_id)
    if award.status not in CAN_DISBURSE:
        raise WrongStatusError(seats.why_not_request(award, actor))
    _require_seat(award, actor, seats.why_not_request(award, actor, payee_name))
    _require_room(award, amount_cents)
    award.disbursement_count += 1
    disbursement = Disbursement(
        award=award,
        number=award.disbursement_count,
        amount_cents=amount_cents,
        currency=award.city.currency,
        payee_name=payee_name.strip(),
        method=method,
        purpose=purpose.strip(),
        requested_by=actor,
    )
    disbursement.city_id = award.city_id
    disbursement.full_clean(exclude=_UNCHECKED, validate_constraints=False)
    disbursement.save(force_insert=True)
    keep_sums(award)

    trail.record(
        "disbursement:request",
        actor=actor,
        subject=disbursement,
        award=award.pk,
        amount_cents=amount_cents,
        payee=disbursement.payee_name,
        method=method,
    )
    return disbursement


@action
def approve_disbursement(disbursement_id: UUID, *, actor: User) -> Disbursement:
    """Approve a requested payment, as the second person.

    Locks the award and the payment. Raises ``WrongStatusError`` (409) if somebody was faster, ``SeatTakenError``.
    """
    disbursement = lock_disbursement(disbursement_id)
    _require_status(disbursement, states.CAN_APPROVE, seats.why_not_approve(disbursement, actor))
    _require_seat(disbursement.award, actor, seats.why_not_approve(disbursement, actor))
    disbursement.status = Status.APPROVED
    disbursement.approved_by, disbursement.approved_at = actor, timezone.now()
    _save(disbursement, "approved_by", "approved_at")
    keep_sums(disbursement.award)

    trail.record(
        "disbursement:approve",
        actor=actor,
        subject=disbursement,
        award=disbursement.award_id,
        amount_cents=disbursement.amount_cents,
    )
    return disbursement


@action
def refuse_disbursement(disbursement_id: UUID, *, reason: str, actor: User) -> Disbursement:
    """Refuse a payment that isn't paid yet, with a reason. Its money is free again.

    Locks the award and the payment. Raises ``WrongStatusError``, ``SeatTakenError`` (a party), ``ReasonMissingError``.
    Whoever requested it is told.
    """
    disbursement = lock_disbursement(disbursement_id)
    _require_status(disbursement, states.CAN_REFUSE, seats.why_not_refuse(disbursement, actor))
    _require_seat(disbursement.award, actor, seats.why_not_refuse(disbursement, actor))
    before = disbursement.status
    disbursement.status = Status.REFUSED
    _end(disbursement, reason, actor)
    keep_sums(disbursement.award)

    trail.record(
        "disbursement:refuse",
        actor=actor,
        subject=disbursement,
        award=disbursement.award_id,
        before=before,
        reason=disbursement.reason,
    )
    notices.payment_refused(disbursement)
    return disbursement


@action
def record_payment(disbursement_id: UUID, *, paid_on: date, voucher_number: str, actor: User) -> Disbursement:
    """Record that the money went out, as the third person. Posts it to the books and tells the grantee.

    ``paid_on`` is a day between the award's acceptance and today, on the city's calendar. Locks the award, the payment
    and the accounts. Raises ``WrongStatusError`` (409), ``SeatTakenError``, ``DayError``, ``ReasonMissingError``
    (no voucher number).
    """
    disbursement = lock_disbursement(disbursement_id)
    award = disbursement.award
    _require_status(disbursement, states.CAN_RECORD, seats.why_not_record(disbursement, actor))
    _require_seat(disbursement.award, actor, seats.why_not_record(disbursement, actor))
    _require_day(award, paid_on)
    if not voucher_number.strip():
        raise ReasonMissingError(_("Please write the voucher or check number."), field="voucher_number")
    disbursement.status = Status.PAID
    disbursement.recorded_by, disbursement.recorded_at = actor, timezone.now()
    disbursement.paid_on, disbursement.voucher_number = paid_on, voucher_number.strip()
    _save(disbursement, "recorded_by", "recorded_at", "paid_on", "voucher_number")
    cents = disbursement.amount_cents
    entry = post(
        Deed(
            EntryKind.PAYMENT,
            f"payment:{disbursement.pk}",
            disbursement,
            actor,
            memo=disbursement.reference,
            occurred_on=paid_on,
            currency=award.city.currency,
        ),
        [line(AccountKind.COMMITTED, award, -cents), line(AccountKind.PAID, award, cents)],
    )
    keep_sums(award, paid_cents=cents)

    trail.record(
        "disbursement:record-payment",
        actor=actor,
        subject=disbursement,
        award=award.pk,
        paid_on=paid_on,
        voucher_number=disbursement.voucher_number,
        **told(entry),
    )
    notices.payment_made(disbursement)
    return disbursement


@action
def void_disbursement(
    disbursement_id: UUID, *, reason: str, cause: str = VoidCause.NEVER_ARRIVED, actor: User
) -> Disbursement:
    """Take back the record of a payment that never arrived or was recorded wrongly, by a reversing entry. Its money is free.

    Locks the award, the payment and the accounts. Raises ``WrongStatusError``, ``SeatTakenError`` (a party),
    ``ReasonMissingError``, ``TooMuchError`` (some of it came back as a return). The grantee is told, by ``cause``.
    """
    disbursement = lock_disbursement(disbursement_id)
    award, cents = disbursement.award, disbursement.amount_cents
    _require_status(disbursement, states.CAN_VOID, seats.why_not_void(disbursement, actor))
    _require_seat(disbursement.award, actor, seats.why_not_void(disbursement, actor))
    if held(award)[AccountKind.PAID] < cents:
        raise TooMuchError(_("Money of this award was returned already, so this payment can’t be voided."))
    disbursement.status = Status.VOIDED
    _end(disbursement, reason, actor)
    entry = Entry.objects.get(kind=EntryKind.PAYMENT, subject_id=disbursement.pk)
    mirror = reverse_entry(
        entry,
        key=f"payment-void:{disbursement.pk}",
        subject=disbursement,
        actor=actor,
        memo=disbursement.reference,
    )
    keep_sums(award, paid_cents=-cents)

    trail.record(
        "disbursement:void",
        actor=actor,
        subject=disbursement,
        award=award.pk,
        cause=cause,
        reason=disbursement.reason,
        reversed=entry.pk,
        **told(mirror),
    )
    if cause == VoidCause.WRONG_RECORD:
        notices.payment_misrecorded(disbursement)
    else:
        notices.payment_voided(disbursement)
    return disbursement


def room_cents(award: Award) -> int:
    """Return what may still be requested: committed and not under way. Locks the award's accounts."""
    under_way = (
        Disbursement.objects.filter(award=award).under_way().aggregate(cents=Sum("amount_cents"))["cents"]
    )
    return held(award)[AccountKind.COMMITTED] - int(under_way or 0)


def _require_room(award: Award, cents: int) -> None:
    room = room_cents(award)
    if cents > room:
        raise TooMuchError(
            _("At most %(room)s can be requested now: that is what is neither paid nor under way."),
            field="amount_cents",
            room=money(max(room, 0), award.city.currency),
        )


def _require_day(award: Award, paid_on: date) -> None:
    if paid_on > today(award):
        raise DayError(
            _("This day is still to come. Record a payment on the day it is made, or later."), field="paid_on"
        )
    accepted_on = timezone.localdate(award.answered_at, timezone=award.city.zone)
    if paid_on < accepted_on:
        raise DayError(
            _("The award was accepted on %(day)s. A payment can’t be earlier."),
            field="paid_on",
            day=day(accepted_on),
        )


def _require_status(disbursement: Disbursement, allowed: frozenset[Status], sentence: str) -> None:
    if disbursement.status not in allowed:
        raise WrongStatusError(sentence)


def _require_seat(award: Award, actor: User, sentence: str) -> None:
    if sentence:
        raise SeatTakenError(sentence)
    require_no_conflict(actor, award)


def _end(disbursement: Disbursement, reason: str, actor: User) -> None:
    if not reason.strip():
        raise ReasonMissingError(_("Please give a reason."), field="reason")
    disbursement.reason = reason.strip()
    disbursement.ended_by, disbursement.ended_at = actor, timezone.now()
    _save(disbursement, "reason", "ended_by", "ended_at")


def _save(disbursement: Disbursement, *fields: str) -> None:
    disbursement.full_clean(exclude=_UNCHECKED, validate_unique=False, validate_constraints=False)
    update(disbursement, "status", *fields)
