"""Receipts: added by the grantee, decided by the city, and corrected by reversing entries."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.interface.formats import money
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from grants.applications.uploads import StoredFile
from grants.awards.models import Award
from grants.awards.states import CAN_PROVE
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
from grants.payments.models import Receipt
from grants.payments.states import ReceiptStatus

from .locking import (
    held,
    keep_sums,
    line,
    lock_award,
    lock_awards_of_copies,
    lock_receipt,
    require_no_conflict,
    today,
)

RECEIPTS_PER_AWARD = 200
OLDEST_DAYS = 1_830
_UNCHECKED = (
    "city",
    "award",
    "uploaded_by",
    "decided_by",
    "possible_duplicate_of",
    "file",
    "width",
    "height",
)


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """What the grantee says about a receipt: the shop, the day on the paper, the total in minor units."""

    vendor: str
    bought_on: date
    amount_cents: int
    what: str = ""
    category: str = ""


@action
def add_receipt(award_id: UUID, said: NewReceipt, stored: StoredFile, *, actor: User) -> Receipt:
    """Link a picture that lies in the storage already to an award, as a receipt that waits for the city.

    Locks the award, and checks again what was checked before the picture was read. Raises what
    :func:`require_open` raises, and ``DayError`` for a day to come.
    """
    award = lock_award(award_id)
    require_open(award)
    require_day(award, said.bought_on)
    receipt = Receipt(
        award=award,
        vendor=said.vendor.strip(),
        bought_on=said.bought_on,
        amount_cents=said.amount_cents,
        what=said.what.strip(),
        category=said.category.strip(),
        file=stored.key,
        file_name=stored.name,
        content_type=stored.content_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        width=stored.width,
        height=stored.height,
        uploaded_by=actor,
    )
    receipt.city_id = award.city_id
    receipt.possible_duplicate_of = _earlier_like(receipt)
    receipt.full_clean(exclude=_UNCHECKED, validate_constraints=False)
    receipt.save(force_insert=True)
    award.receipt_count += 1
    keep_sums(award)

    trail.record(
        "receipt:add",
        actor=actor,
        subject=receipt,
        award=award.pk,
        amount_cents=said.amount_cents,
        vendor=receipt.vendor,
        sha256=receipt.sha256,
    )
    return receipt


@action
def decide_receipt(receipt_id: UUID, *, accepted_cents: int, reason: str = "", actor: User) -> Receipt:
    """Accept a receipt in whole, in part or not at all. What is accepted is posted as proved; the grantee is told.

    Anything but the whole needs a reason. Locks the award, the receipt and the accounts. Raises ``WrongStatusError``
    (409), ``SeatTakenError`` (a party, or whoever sent it), ``TooMuchError`` (more than the receipt says or than is left to
    prove), ``ReasonMissingError``.
    """
    receipt = lock_receipt(receipt_id)
    award = receipt.award
    _require_status(receipt, states.CAN_DECIDE_RECEIPT)
    _require_decider(receipt, actor)
    _require_provable(receipt, accepted_cents)
    whole = accepted_cents == receipt.amount_cents
    if not whole and not reason.strip():
        raise ReasonMissingError(_("Please give a reason. The grantee will read it."), field="reason")
    receipt.status = _status_for(accepted_cents, whole=whole)
    receipt.accepted_cents, receipt.reason = accepted_cents, reason.strip()
    receipt.decided_by, receipt.decided_at = actor, timezone.now()
    receipt.decision_count += 1
    _save(receipt)
    entry = _prove(receipt, accepted_cents, actor) if accepted_cents else None
    keep_sums(award, proved_cents=accepted_cents)

    event = trail.record(
        f"receipt:{receipt.status}",
        actor=actor,
        subject=receipt,
        award=award.pk,
        accepted_cents=accepted_cents,
        amount_cents=receipt.amount_cents,
        reason=receipt.reason,
        **(told(entry) if entry else {}),
    )
    notices.receipt_decided(receipt, event_id=event.pk)
    return receipt


@action
def undo_receipt_decision(receipt_id: UUID, *, actor: User) -> Receipt:
    """Take a decision back: the receipt waits again, what it proved is reversed in the books, the grantee is told.

    Locks the award, the receipt and the accounts. Raises ``WrongStatusError`` (409), ``SeatTakenError``.
    """
    receipt = lock_receipt(receipt_id)
    award, before, cents = receipt.award, receipt.status, receipt.accepted_cents or 0
    _require_status(receipt, states.CAN_UNDO_RECEIPT)
    _require_decider(receipt, actor)
    mirror = None
    if cents:
        entry = Entry.objects.get(key=_key(receipt))
        memo = award.reference
        mirror = reverse_entry(entry, key=f"undo-{_key(receipt)}", subject=receipt, actor=actor, memo=memo)
    receipt.status = ReceiptStatus.SUBMITTED
    receipt.accepted_cents, receipt.reason = None, ""
    receipt.decided_by = receipt.decided_at = None
    _save(receipt)
    keep_sums(award, proved_cents=-cents)

    event = trail.record(
        "receipt:undo",
        actor=actor,
        subject=receipt,
        award=award.pk,
        before=before,
        **(told(mirror) if mirror else {}),
    )
    notices.receipt_undone(receipt, event_id=event.pk)
    return receipt


@action
def remove_receipt(receipt_id: UUID, *, actor: User) -> Receipt:
    """Take a receipt back that the city hasn't accepted. Its row and picture stay for the trail.

    Where nobody decided about it, no other is a copy of it any more. Removing what is gone already is a success. Locks the
    receipt, its award and those of copies. Raises ``WrongStatusError``.
    """
    awards = lock_awards_of_copies(receipt_id)
    receipt = lock_receipt(receipt_id)
    if receipt.status == ReceiptStatus.REMOVED:
        return receipt
    _require_running(receipt.award)
    _require_status(receipt, states.CAN_REMOVE_RECEIPT)
    before = receipt.status
    receipt.status, receipt.accepted_cents = ReceiptStatus.REMOVED, None
    _save(receipt)
    receipt.award.receipt_count -= 1
    keep_sums(receipt.award)

    copies = _cleared_copies(receipt, awards) if receipt.is_slip else []

    trail.record(
        "receipt:remove",
        actor=actor,
        subject=receipt,
        award=receipt.award_id,
        before=before,
        **({"copies": [str(pk) for pk in copies]} if copies else {}),
    )
    return receipt


def require_open(award: Award) -> None:
    """Raise unless the award takes receipts now. Also asked before a picture is read."""
    _require_running(award)
    if award.receipt_count >= RECEIPTS_PER_AWARD:
        raise RuleError(
            _("You have added %(most)s receipts. Please call the city before you add more."),
            most=RECEIPTS_PER_AWARD,
        )


def _require_running(award: Award) -> None:
    if award.status not in CAN_PROVE:
        raise WrongStatusError(
            _("This award is “%(status)s”. It takes no more receipts."), status=award.get_status_display()
        )


def require_day(award: Award, bought_on: date) -> None:
    """Raise ``DayError`` for a day to come, and for a slip in the year.

    Another day outside the award's period is taken, and pointed out to the city.
    """
    if bought_on > today(award):
        raise DayError(
            _("This day is still to come. Please write the day that stands on the receipt."),
            field="bought_on",
        )
    if (today(award) - bought_on).days > OLDEST_DAYS:
        raise DayError(
            _("This day is more than five years ago. Please look at the year again."), field="bought_on"
        )


def _earlier_like(receipt: Receipt) -> Receipt | None:
    """Return the city's first receipt before this one with the same picture, or the same shop, day and total.

    One that was taken back before anybody decided about it was a slip of the sender; one that was refused first was not.
    """
    same_paper = Q(
        vendor__iexact=receipt.vendor, bought_on=receipt.bought_on, amount_cents=receipt.amount_cents
    )
    alike = Receipt.objects.filter(Q(sha256=receipt.sha256) | same_paper)
    if receipt.uploaded_at:
        alike = alike.filter(uploaded_at__lt=receipt.uploaded_at)
    slips = Q(status=ReceiptStatus.REMOVED, decision_count=0)
    found: Receipt | None = alike.exclude(slips).order_by("uploaded_at", "id").first()
    return found


def _cleared_copies(slip: Receipt, awards: list[UUID]) -> list[UUID]:
    """Let what looks like a slip name an earlier receipt that still counts, if there is one. Return which did name the slip."""
    copies = list(Receipt.objects.filter(possible_duplicate_of=slip, award__in=awards).order_by("pk"))
    for copy in copies:
        Receipt.objects.filter(pk=copy.pk).update(possible_duplicate_of=_earlier_like(copy))
    return [copy.pk for copy in copies]


def _status_for(accepted_cents: int, *, whole: bool) -> ReceiptStatus:
    if whole:
        return ReceiptStatus.ACCEPTED
    return ReceiptStatus.PARTLY if accepted_cents else ReceiptStatus.REFUSED


def _prove(receipt: Receipt, cents: int, actor: User) -> Entry:
    award = receipt.award
    return post(
        Deed(EntryKind.SUBSTANTIATION, _key(receipt), receipt, actor, memo=award.reference),
        [line(AccountKind.TO_PROVE, award, -cents), line(AccountKind.PROVED, award, cents)],
    )


def _key(receipt: Receipt) -> str:
    return f"substantiation:{receipt.pk}:{receipt.decision_count}"


def _require_status(receipt: Receipt, allowed: frozenset[ReceiptStatus]) -> None:
    if receipt.status not in allowed:
        raise WrongStatusError(
            _("Somebody was faster: this receipt is “%(status)s” now."),
            status=receipt.get_status_display().lower(),
        )


def _require_decider(receipt: Receipt, actor: User) -> None:
    if sentence := seats.why_not_decide(receipt, actor):
        raise SeatTakenError(sentence)
    require_no_conflict(actor, receipt.award)


def _require_provable(receipt: Receipt, cents: int) -> None:
    currency = receipt.award.city.currency
    if not 0 <= cents <= receipt.amount_cents:
        raise TooMuchError(
            _("The receipt says %(total)s. No more can be accepted."),
            field="accepted_cents",
            total=money(receipt.amount_cents, currency),
        )
    left = held(receipt.award)[AccountKind.TO_PROVE]
    if cents > left:
        raise TooMuchError(
            _("Only %(left)s of this award is left to prove. Accept that much, and say why in the reason."),
            field="accepted_cents",
            left=money(left, currency),
        )


def _save(receipt: Receipt) -> None:
    receipt.full_clean(exclude=_UNCHECKED, validate_unique=False, validate_constraints=False)
    receipt.save(
        update_fields=["status", "accepted_cents", "reason", "decided_by", "decided_at", "decision_count"]
    )
