"""One award's money, as pages and the API show it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery

from cities.audit.models import Event
from grants.awards.models import Award
from grants.awards.states import CAN_PROVE
from grants.ledger.models import Entry
from grants.ledger.queries import balances_of
from grants.ledger.states import AccountKind, EntryKind

from .models import Disbursement, Receipt
from .states import UNDER_WAY, ReceiptStatus, Status, VoidCause


@dataclass
class AwardMoney:
    """One award's money: what the books hold, and the payments, receipts and returns that moved it."""

    award: Award

    @cached_property
    def held(self) -> dict[str, int]:
        return balances_of([self.award.pk])[self.award.pk]

    @cached_property
    def disbursements(self) -> list[Disbursement]:
        rows = list(self.award.disbursements.order_by("number"))
        for row in rows:
            row.award = self.award  # for its reference, without asking again
        return rows

    @cached_property
    def misrecorded(self) -> list[Disbursement]:
        """Payments that the grantee has and whose record was wrong, until one is recorded again."""
        last = max(
            (row.recorded_at for row in self.disbursements if row.status == Status.PAID and row.recorded_at),
            default=None,
        )
        voided = {
            row.pk: row
            for row in self.disbursements
            if row.status == Status.VOIDED and not (last and _ended_before(row, last))
        }
        if not voided:
            return []
        wrong = Event.objects.filter(
            subject_type=Disbursement._meta.label_lower,
            subject_id__in=voided,
            data__cause=VoidCause.WRONG_RECORD,
        )
        return [voided[pk] for pk in wrong.order_by("created_at").values_list("subject_id", flat=True)]

    @property
    def coming(self) -> list[Disbursement]:
        """Payments under way, without those that only record again what the grantee has."""
        return [row for row in self.disbursements if row.status in UNDER_WAY and not self._is_again(row)]

    def _is_again(self, row: Disbursement) -> bool:
        return any(
            _ended_before(wrong, row.requested_at) and wrong.amount_cents == row.amount_cents
            for wrong in self.misrecorded
        )

    @cached_property
    def receipts(self) -> list[Receipt]:
        rows = list(self.award.receipts.exclude(status=ReceiptStatus.REMOVED).order_by("-uploaded_at", "-id"))
        for row in rows:
            row.award = self.award
        return rows

    @cached_property
    def returns(self) -> list[Any]:
        """All that was recorded; ``undone_because`` is ``None`` unless its entry was reversed."""
        mirrors = Entry.objects.filter(reverses__kind=EntryKind.RETURN, reverses__subject_id=OuterRef("pk"))
        rows = self.award.returns.annotate(undone_because=Subquery(mirrors.values("memo")[:1]))
        return list(rows.order_by("returned_on", "id"))

    @property
    def under_way_cents(self) -> int:
        return sum(row.amount_cents for row in self.disbursements if row.status in UNDER_WAY)

    @property
    def room_cents(self) -> int:
        """What may still be requested."""
        return max(self.held.get(AccountKind.COMMITTED, 0) - self.under_way_cents, 0)

    @property
    def waiting_cents(self) -> int:
        """The totals of receipts that wait for a decision."""
        return sum(row.amount_cents for row in self.receipts if row.status == ReceiptStatus.SUBMITTED)

    @property
    def returned_cents(self) -> int:
        return sum(row.amount_cents for row in self.returns if row.undone_because is None)

    @property
    def left_to_spend_cents(self) -> int:
        """What of the award no receipt covers yet, the waiting ones counted."""
        return max(self.award.current_cents - self.award.proved_cents - self.waiting_cents, 0)

    @property
    def left_to_prove_cents(self) -> int:
        """What was paid and no accepted receipt covers."""
        return self.award.unproved_cents

    @property
    def is_open(self) -> bool:
        return self.award.status in CAN_PROVE


def _ended_before(row: Disbursement, at: datetime) -> bool:
    return row.ended_at is not None and row.ended_at < at


def budget_lines(award: Award) -> list[str]:
    """Return the names of the budget's categories, as the call has them."""
    found = award.cycle.budget.get("categories") or []
    return [
        str(each.get("label") or each.get("name") or each.get("key")) if isinstance(each, dict) else str(each)
        for each in found
    ]
