"""Money that comes back, and the end of an award."""

from datetime import date
from uuid import UUID

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.interface.formats import day, money
from cities.tenancy.actions import action
from grants.applications.models import Application
from grants.awards.models import Award
from grants.awards.money import require_available
from grants.awards.signals import award_completed
from grants.awards.states import CAN_COMPLETE, CAN_REOPEN
from grants.awards.states import Status as AwardStatus
from grants.ledger.models import Entry, Posting
from grants.ledger.posting import Deed, Line, post, reverse_entry
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind
from grants.payments import notices, seats
from grants.payments.errors import (
    DayError,
    NotSettledError,
    ReasonMissingError,
    SeatTakenError,
    TooMuchError,
    WrongStatusError,
)
from grants.payments.models import Disbursement, Receipt, Return
from grants.payments.states import ReceiptStatus, Status

from .locking import held, keep_sums, line, lock_award, require_no_conflict, today


@action
def record_return(
    award_id: UUID, *, amount_cents: int, returned_on: date, reference: str, reason: str, actor: User
) -> Return:
    """Record money that a grantee gave back, who is told. It is available to the cycle again.

    Only what was paid and not proved can come back. Locks the award and the accounts. Raises ``WrongStatusError``,
    ``SeatTakenError`` (a party, or who recorded a payment), ``TooMuchError``, ``DayError``, ``ReasonMissingError``.
    """
    award = lock_award(award_id)
    _require_open(award, actor)
    _require_another(award, actor)
    _require_returnable(award, amount_cents)
    _require_day(award, returned_on)
    for name, words in (("reference", reference), ("reason", reason)):
        if not words.strip():
            raise ReasonMissingError(_("Please give a reason and the voucher or check number."), field=name)
    row = Return(
        award=award,
        amount_cents=amount_cents,
        returned_on=returned_on,
        reference=reference.strip(),
        reason=reason.strip(),
        recorded_by=actor,
    )
    row.city_id = award.city_id
    row.full_clean(exclude=("city", "award", "recorded_by"), validate_constraints=False)
    row.save(force_insert=True)
    entry = post(
        Deed(EntryKind.RETURN, f"return:{row.pk}", row, actor, memo=award.reference, occurred_on=returned_on),
        [
            line(AccountKind.PAID, award, -amount_cents),
            line(AccountKind.TO_PROVE, award, -amount_cents),
            *_to_the_pool(award, amount_cents, amount_cents),
        ],
    )
    keep_sums(award, paid_cents=-amount_cents, released_cents=amount_cents)

    trail.record(
        "award:record-return",
        actor=actor,
        subject=award,
        amount_cents=amount_cents,
        returned_on=returned_on,
        reference=row.reference,
        reason=row.reason,
        **told(entry),
    )
    notices.return_recorded(row)
    return row


@action
def undo_return(return_id: UUID, *, reason: str, actor: User) -> Return:
    """Take the record of a return back, by a reversing entry: the money is paid and unproved again. The grantee is told.

    The row stays; its entry's mirror carries the reason. Locks the award and the accounts. Raises ``WrongStatusError``
    (409) if it is undone or the award has ended, ``SeatTakenError`` (as for recording), ``ReasonMissingError``,
    ``NotEnoughError`` (the cycle has promised the money to somebody else).
    """
    award = lock_award(Return.objects.values_list("award_id", flat=True).get(pk=return_id))
    row: Return = Return.objects.get(pk=return_id)
    row.award = award
    _require_open(award, actor)
    _require_another(award, actor)
    entry = Entry.objects.get(kind=EntryKind.RETURN, subject_id=row.pk)
    if entry.reversals.exists():
        raise WrongStatusError(_("Somebody was faster: this return is undone already."))
    if not reason.strip():
        raise ReasonMissingError(_("Please give a reason."), field="reason")
    require_available([(award.cycle, row.amount_cents)])
    mirror = reverse_entry(entry, key=f"return-undo:{row.pk}", subject=row, actor=actor, memo=reason.strip())
    keep_sums(award, paid_cents=row.amount_cents, released_cents=-row.amount_cents)

    trail.record(
        "award:undo-return",
        actor=actor,
        subject=award,
        amount_cents=row.amount_cents,
        reference=row.reference,
        reason=reason.strip(),
        reversed=entry.pk,
        **told(mirror),
    )
    notices.return_undone(row, reason=reason.strip())
    return row


@action
def complete_award(award_id: UUID, *, actor: User) -> Award:
    """End an award whose paid money is all proved. What was never paid goes back to the cycle's pool.

    Locks the award and the accounts. Raises ``WrongStatusError``, ``SeatTakenError`` (a party), ``NotSettledError``
    (a payment under way, a receipt that waits, money without proof). The grantee is told; sends ``award_completed``.
    """
    award = lock_award(award_id)
    _require_open(award, actor)
    holds = held(award)
    _require_settled(award, holds)
    entry = _release(award, holds, actor)
    award.status, award.completed_at = AwardStatus.COMPLETED, timezone.now()
    award.save(update_fields=["status", "completed_at"])
    Application.objects.filter(pk=award.application_id).update(award_status=award.status)
    keep_sums(award, released_cents=holds[AccountKind.COMMITTED])

    event = trail.record(
        "award:complete",
        actor=actor,
        subject=award,
        paid_cents=award.paid_cents,
        released_cents=holds[AccountKind.COMMITTED],
        **(told(entry) if entry else {}),
    )
    notices.award_completed(award, released_cents=holds[AccountKind.COMMITTED], event_id=event.pk)
    award_completed.send(sender=Award, award=award, actor=actor)
    return award


@action
def reopen_award(award_id: UUID, *, reason: str, actor: User) -> Award:
    """Open a completed award again, so that its money can be corrected. What its end gave back is committed again.

    Locks the award and the accounts. Raises ``WrongStatusError`` (409), ``SeatTakenError`` (a party),
    ``ReasonMissingError``, ``NotEnoughError`` (the cycle has promised the money to somebody else). The grantee is told.
    """
    award = lock_award(award_id)
    if award.status not in CAN_REOPEN:
        raise WrongStatusError(_("This award is not completed, so it can’t be opened again."))
    if sentence := seats.why_not_reopen(award, actor):
        raise SeatTakenError(sentence)
    require_no_conflict(actor, award)
    if not reason.strip():
        raise ReasonMissingError(_("Please give a reason."), field="reason")
    mirror = _take_back(award, reason.strip(), actor)
    award.status, award.completed_at, award.reopened_at = AwardStatus.ACCEPTED, None, timezone.now()
    award.save(update_fields=["status", "completed_at", "reopened_at"])
    Application.objects.filter(pk=award.application_id).update(award_status=award.status)

    event = trail.record(
        "award:reopen",
        actor=actor,
        subject=award,
        reason=reason.strip(),
        **(told(mirror) if mirror else {}),
    )
    notices.award_reopened(award, reason=reason.strip(), event_id=event.pk)
    return award


def _take_back(award: Award, reason: str, actor: User) -> Entry | None:
    """Reverse what the end of the award gave back to the pool, if it did."""
    ends = Entry.objects.filter(kind=EntryKind.DEOBLIGATION, subject_id=award.pk, reversals__isnull=True)
    entry = ends.first()
    if entry is None:
        return None
    pool = Q(account__kind=AccountKind.AVAILABLE)
    cents = sum(Posting.objects.filter(pool, entry=entry).values_list("cents", flat=True))
    require_available([(award.cycle, cents)])
    mirror = reverse_entry(entry, key=f"award-reopen:{entry.pk}", subject=award, actor=actor, memo=reason)
    keep_sums(award, released_cents=-cents)
    return mirror


def why_not_settled(award: Award, paid_cents: int, proved_cents: int) -> str:
    """Return what is still open before the award can end, or nothing. Also shown on its page."""
    if Disbursement.objects.filter(award=award).under_way().exists():
        return _("A payment is still under way. Record it as paid, or refuse it.")
    if Receipt.objects.filter(award=award, status=ReceiptStatus.SUBMITTED).exists():
        return _("A receipt still waits for a decision.")
    currency = award.city.currency
    if proved_cents < paid_cents:
        return _("%(cents)s was paid and isn’t proved. It needs receipts, or comes back as a return.") % {
            "cents": money(paid_cents - proved_cents, currency)
        }
    if proved_cents > paid_cents:
        return _("%(cents)s is proved and isn’t paid yet. Request a payment first.") % {
            "cents": money(proved_cents - paid_cents, currency)
        }
    return ""


def _release(award: Award, holds: dict[AccountKind, int], actor: User) -> Entry | None:
    committed, to_prove = holds[AccountKind.COMMITTED], holds[AccountKind.TO_PROVE]
    if not committed and not to_prove:
        return None
    return post(
        Deed(EntryKind.DEOBLIGATION, _key_of_end(award), award, actor, memo=award.reference),
        [
            line(AccountKind.COMMITTED, award, -committed),
            line(AccountKind.TO_PROVE, award, -to_prove),
            *_to_the_pool(award, committed, to_prove),
        ],
    )


def _key_of_end(award: Award) -> str:
    """Name this end of the award; an opened award may end once more."""
    before = Entry.objects.filter(kind=EntryKind.DEOBLIGATION, subject_id=award.pk).count()
    return f"deobligation:{award.pk}:{before}" if before else f"deobligation:{award.pk}"


def _to_the_pool(award: Award, cash_cents: int, obligated_cents: int) -> list[Line]:
    pool = Line(AccountKind.AVAILABLE, award.cycle_id, cash_cents, pool_id=award.cycle_id)
    return [pool, line(AccountKind.OBLIGATED, award, obligated_cents)]


def _require_open(award: Award, actor: User) -> None:
    if award.status not in CAN_COMPLETE:
        raise WrongStatusError(seats.why_not_settle(award, actor))
    if sentence := seats.why_not_settle(award, actor):
        raise SeatTakenError(sentence)
    require_no_conflict(actor, award)


def _require_another(award: Award, actor: User) -> None:
    if sentence := seats.why_not_return(award, actor, Disbursement.objects.filter(award=award)):
        raise SeatTakenError(sentence)


def _require_returnable(award: Award, cents: int) -> None:
    holds = held(award)
    most = min(holds[AccountKind.PAID] - holds[AccountKind.PROVED], holds[AccountKind.TO_PROVE])
    if cents > most:
        raise TooMuchError(
            _("At most %(most)s can come back: that is what was paid and isn’t proved."),
            field="amount_cents",
            most=money(max(most, 0), award.city.currency),
        )


def _require_day(award: Award, returned_on: date) -> None:
    if returned_on > today(award):
        raise DayError(_("This day is still to come."), field="returned_on")
    paid = Disbursement.objects.filter(award=award, status=Status.PAID)
    first = paid.aggregate(day=Min("paid_on"))["day"]
    if first and returned_on < first:
        raise DayError(
            _("The first payment was made on %(day)s. Nothing can come back earlier."),
            field="returned_on",
            day=day(first),
        )


def _require_settled(award: Award, holds: dict[AccountKind, int]) -> None:
    if sentence := why_not_settled(award, holds[AccountKind.PAID], holds[AccountKind.PROVED]):
        raise NotSettledError(sentence)
