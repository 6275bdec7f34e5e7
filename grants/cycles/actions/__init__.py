"""Everything that changes a cycle. Managers do it; the call import and the demo act as named systems."""

from .changing import (
    update_attachments,
    update_award_terms,
    update_cycle_dates_and_money,
    update_eligibility,
    update_rubric,
)
from .creating import Clone, clone_cycle, create_blank_cycle, create_cycle_from_call
from .forms import update_budget_rules, update_form
from .publishing import archive_cycle, publish_cycle, withdraw_publication

__all__ = [
    "Clone",
    "archive_cycle",
    "clone_cycle",
    "create_blank_cycle",
    "create_cycle_from_call",
    "publish_cycle",
    "update_attachments",
    "update_award_terms",
    "update_budget_rules",
    "update_cycle_dates_and_money",
    "update_eligibility",
    "update_form",
    "update_rubric",
    "withdraw_publication",
]
