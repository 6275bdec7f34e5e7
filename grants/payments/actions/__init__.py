"""What happens to payments, their proof and their deputies. Each deed locks the award first."""

from .closing import complete_award, record_return, reopen_award, undo_return
from .deputies import approve_deputy, end_deputy, nominate_deputy
from .disbursements import (
    approve_disbursement,
    record_payment,
    refuse_disbursement,
    request_disbursement,
    void_disbursement,
)
from .receipts import NewReceipt, add_receipt, decide_receipt, remove_receipt, undo_receipt_decision

__all__ = [
    "NewReceipt",
    "add_receipt",
    "approve_deputy",
    "approve_disbursement",
    "complete_award",
    "decide_receipt",
    "end_deputy",
    "nominate_deputy",
    "record_payment",
    "record_return",
    "refuse_disbursement",
    "remove_receipt",
    "reopen_award",
    "request_disbursement",
    "undo_receipt_decision",
    "undo_return",
    "void_disbursement",
]
