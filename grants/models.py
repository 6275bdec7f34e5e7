"""Gathers the rooms' models for Django."""

from .applications.models import Answer, Application, Attachment, Conflict, Note, ReferenceCounter
from .awards.models import Award
from .cycles.models import Cycle, FormVersion
from .ledger.models import Account, Balance, Entry, MoneyCall, Posting
from .payments.models import Deputy, Disbursement, DisbursementTotal, Receipt, Return
from .programs.models import Cohort, CohortMember, GrantAcceptance, ProgramGrant, Tranche, TrancheReceipt
from .reviews.models import Review

__all__ = [
    "Account",
    "Answer",
    "Application",
    "Attachment",
    "Award",
    "Balance",
    "Cohort",
    "CohortMember",
    "Conflict",
    "Cycle",
    "Deputy",
    "Disbursement",
    "DisbursementTotal",
    "Entry",
    "FormVersion",
    "GrantAcceptance",
    "MoneyCall",
    "Note",
    "Posting",
    "ProgramGrant",
    "Receipt",
    "ReferenceCounter",
    "Return",
    "Review",
    "Tranche",
    "TrancheReceipt",
]
