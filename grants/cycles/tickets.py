"""The ticket of each part of a call: of one that lies in a column of its own, and of several columns of one page."""

from cities.tenancy.tickets import fingerprint

from .models import Cycle

COLUMNS = {
    "basics": frozenset({"name", "year", "purpose"}),
    "dates": frozenset(
        {"opens_at", "closes_at", "decision_on", "project_starts_on", "project_ends_on", "workshop"}
    ),
    "money": frozenset({"min_request_cents", "max_request_cents", "planned_pool_cents", "expected_awards"}),
}


def ticket_of(cycle: Cycle, part: str) -> str:
    """Return the fingerprint of a part of this call; a part that :data:`COLUMNS` names is all of its columns."""
    if part in COLUMNS:
        return fingerprint({name: getattr(cycle, name) for name in COLUMNS[part]})
    return fingerprint(getattr(cycle, part))
