"""Money that went out, and the receipts that came back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from config.demo.written import Written
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.ledger.models import Entry
from grants.ledger.posting import Line
from grants.ledger.states import AccountKind, EntryKind
from grants.payments.models import Disbursement, Receipt, Return
from grants.payments.states import Method, ReceiptStatus, Status

from .books import Books
from .people import Cast
from .slips import Slip, store_slip

SHOPS = (
    ("Corner Hardware", "Lumber, screws, two shovels", "materials"),
    ("Green Acres Nursery", "Six trees and soil", "plants"),
    ("Rapid Dumpster", "Ten-yard dumpster, one week", "hauling"),
    ("Paint & Color", "Exterior paint, brushes", "materials"),
    ("Copy Express", "200 flyers in two languages", "printing"),
    ("Mercado La Esquina", "Lunch for 22 volunteers", "food"),
)
NOT_ELIGIBLE = "Beer is not an eligible cost."
UNREADABLE = "The date and the shop can’t be read. Please take the photo again in daylight."


@dataclass(slots=True)
class Payments:
    """What was paid and proved in one city, and the rows of it."""

    books: Books
    cast: Cast
    rows: Written
    rng: Random
    now: datetime
    draw: Callable[[Random, str, str, date, int], Slip] = store_slip
    pays: list[Disbursement] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)

    def request(self, award: Award, cents: int, at: datetime) -> Disbursement:
        cast = self.cast
        award.disbursement_count += 1
        pay = Disbursement(
            city_id=award.city_id,
            award=award,
            number=award.disbursement_count,
            amount_cents=cents,
            currency=self.books.tenant.currency,
            payee_name=award.payee_name,
            method=self.rng.choice((Method.CHECK, Method.CHECK, Method.TRANSFER, Method.PURCHASE)),
            purpose=self.rng.choice(("Advance for materials", "Reimbursement of receipts", "Second half")),
            requested_by=cast.requester,
            requested_at=at,
        )
        self.rows.record(
            "disbursement:request",
            actor=cast.requester,
            subject=pay,
            at=at,
            award=str(award.pk),
            amount_cents=cents,
            payee=pay.payee_name,
        )
        self.pays.append(pay)
        return pay

    def approve(self, pay: Disbursement, at: datetime) -> None:
        pay.status, pay.approved_by, pay.approved_at = Status.APPROVED, self.cast.approver, at
        self.rows.record(
            "disbursement:approve", actor=self.cast.approver, subject=pay, at=at, award=str(pay.award_id)
        )

    def refuse(self, pay: Disbursement, at: datetime) -> None:
        pay.status, pay.ended_by, pay.ended_at = Status.REFUSED, self.cast.approver, at
        pay.reason = "The quote for the fence is missing. Please request it again with the quote."
        self.rows.record(
            "disbursement:refuse",
            actor=self.cast.approver,
            subject=pay,
            at=at,
            award=str(pay.award_id),
            reason=pay.reason,
        )

    def record(self, pay: Disbursement, at: datetime) -> Entry:
        """The third person records it as paid."""
        pay.status, pay.recorded_by, pay.recorded_at = Status.PAID, self.cast.recorder, at
        pay.paid_on = at.astimezone(self.books.tenant.zone).date()
        pay.voucher_number = f"{self.rng.choice('VCK')}-{self.rng.randint(10_000, 99_999)}"
        award, cents = pay.award, pay.amount_cents
        entry = self.books.post(
            EntryKind.PAYMENT, f"payment:{pay.pk}", pay, _lines(award, (AccountKind.COMMITTED, -cents), (AccountKind.PAID, cents)),
            actor=self.cast.recorder, at=at, memo=pay.reference,
        )  # fmt: skip
        award.paid_cents += cents
        award.last_activity_at = at
        self.rows.record(
            "disbursement:record-payment", actor=self.cast.recorder, subject=pay, at=at, award=str(award.pk), paid_on=pay.paid_on.isoformat(),
            voucher_number=pay.voucher_number, **self.books.told(entry),
        )  # fmt: skip
        return entry

    def pay(self, award: Award, cents: int, at: datetime) -> Disbursement:
        """Request, approve and record one payment, a few days apart."""
        pay = self.request(award, cents, at)
        self.approve(pay, at + timedelta(days=1, hours=3))
        self.record(pay, min(at + timedelta(days=3), self.now))
        return pay

    def void(self, pay: Disbursement, entry: Entry, at: datetime) -> None:
        """A check was lost: the payment is reversed."""
        pay.status, pay.ended_by, pay.ended_at = Status.VOIDED, self.cast.approver, at
        pay.reason = "The check was lost in the mail and stopped."
        mirror = self.books.reverse(entry, f"payment-void:{pay.pk}", pay, actor=self.cast.approver, at=at)
        pay.award.paid_cents -= pay.amount_cents
        self.rows.record(
            "disbursement:void", actor=self.cast.approver, subject=pay, at=at, award=str(pay.award_id), reason=pay.reason,
            reversed=str(entry.pk), **self.books.told(mirror),
        )  # fmt: skip

    def send(self, award: Award, cents: int, at: datetime) -> Receipt:
        """The grantee sends a receipt of so much."""
        shop, what, category = self.rng.choice(SHOPS)
        bought_on = (at - timedelta(days=self.rng.randint(0, 4))).date()
        labels = {one["key"]: one["label"] for one in award.cycle.budget["categories"]}
        slip = self.draw(self.rng, shop, what, bought_on, cents)
        self.slips.append(slip)
        receipt = Receipt(
            city_id=award.city_id,
            award=award,
            vendor=shop,
            bought_on=bought_on,
            amount_cents=cents,
            what=what,
            category=labels.get(category, ""),
            uploaded_by=award.applicant,
            uploaded_at=at,
            **slip.columns(),
        )
        award.receipt_count += 1
        award.last_activity_at = at
        self.rows.record(
            "receipt:add",
            actor=award.applicant,
            subject=receipt,
            at=at,
            award=str(award.pk),
            amount_cents=cents,
            vendor=shop,
            sha256=slip.sha256,
        )
        self.receipts.append(receipt)
        return receipt

    def again(self, receipt: Receipt, at: datetime) -> Receipt:
        """The same purchase is sent a second time; the city is warned."""
        second = self.send(receipt.award, receipt.amount_cents, at)
        second.vendor, second.bought_on, second.what = receipt.vendor, receipt.bought_on, receipt.what
        second.possible_duplicate_of = receipt
        return second

    def decide(self, receipt: Receipt, accepted_cents: int, at: datetime) -> None:
        """Accept a receipt in whole, in part or not at all."""
        award, who = receipt.award, self.cast.checker
        whole = accepted_cents == receipt.amount_cents
        receipt.status = (
            ReceiptStatus.ACCEPTED
            if whole
            else ReceiptStatus.PARTLY
            if accepted_cents
            else ReceiptStatus.REFUSED
        )
        receipt.accepted_cents, receipt.decided_by, receipt.decided_at = accepted_cents, who, at
        receipt.reason = "" if whole else NOT_ELIGIBLE if accepted_cents else UNREADABLE
        receipt.decision_count = 1
        told = {}
        if accepted_cents:
            entry = self.books.post(
                EntryKind.SUBSTANTIATION, f"substantiation:{receipt.pk}:1", receipt,
                _lines(award, (AccountKind.TO_PROVE, -accepted_cents), (AccountKind.PROVED, accepted_cents)), actor=who, at=at, memo=award.reference,
            )  # fmt: skip
            told = self.books.told(entry)
        award.proved_cents += accepted_cents
        self.rows.record(
            f"receipt:{receipt.status}", actor=who, subject=receipt, at=at, award=str(award.pk), accepted_cents=accepted_cents,
            amount_cents=receipt.amount_cents, reason=receipt.reason, **told,
        )  # fmt: skip

    def prove(self, award: Award, cents: int, at: datetime) -> None:
        """Send and accept receipts of exactly so much in all."""
        parts = self.rng.choice((1, 2, 3))
        for number in range(parts):
            share = (
                cents if number == parts - 1 else round(cents / (parts - number) * self.rng.uniform(0.7, 1.1))
            )
            if share > 0:
                cents -= share
                receipt = self.send(award, share, at + timedelta(days=number))
                self.decide(receipt, share, at + timedelta(days=number + 2))

    def give_back(self, award: Award, cents: int, at: datetime) -> None:
        """The grantee returns what was not spent; it is available again."""
        given = Return(
            city_id=award.city_id,
            award=award,
            amount_cents=cents,
            returned_on=at.astimezone(self.books.tenant.zone).date(),
            reference=f"R-{self.rng.randint(10_000, 99_999)}",
            reason="The paint was cheaper than we thought.",
            recorded_by=self.cast.requester,
            recorded_at=at,
        )
        self.returns.append(given)
        lines = _lines(
            award, (AccountKind.PAID, -cents), (AccountKind.TO_PROVE, -cents), (AccountKind.OBLIGATED, cents)
        )
        lines.append(Line(AccountKind.AVAILABLE, award.cycle_id, cents, pool_id=award.cycle_id))
        entry = self.books.post(
            EntryKind.RETURN,
            f"return:{given.pk}",
            given,
            lines,
            actor=self.cast.requester,
            at=at,
            memo=award.reference,
        )
        award.paid_cents -= cents
        award.released_cents += cents
        award.last_activity_at = at
        self.rows.record(
            "award:record-return", actor=self.cast.requester, subject=award, at=at, amount_cents=cents, reason=given.reason,
            **self.books.told(entry),
        )  # fmt: skip

    def complete(self, award: Award, at: datetime) -> None:
        """End an award; what was never paid is available again."""
        left, unproved = award.unpaid_cents, award.current_cents - award.proved_cents
        told = {}
        if left or unproved:
            lines = _lines(
                award,
                (AccountKind.COMMITTED, -left),
                (AccountKind.TO_PROVE, -unproved),
                (AccountKind.OBLIGATED, unproved),
            )
            lines.append(Line(AccountKind.AVAILABLE, award.cycle_id, left, pool_id=award.cycle_id))
            entry = self.books.post(
                EntryKind.DEOBLIGATION, f"deobligation:{award.pk}", award, [line for line in lines if line.cents],
                actor=self.cast.manager, at=at, memo=award.reference,
            )  # fmt: skip
            told = self.books.told(entry)
        award.released_cents += left
        award.status, award.completed_at, award.last_activity_at = AwardStatus.COMPLETED, at, at
        self.rows.record(
            "award:complete",
            actor=self.cast.manager,
            subject=award,
            at=at,
            paid_cents=award.paid_cents,
            released_cents=left,
            **told,
        )


def _lines(award: Award, *sides: tuple[AccountKind, int]) -> list[Line]:
    return [Line(kind, award.pk, cents, pool_id=award.cycle_id) for kind, cents in sides]
