"""Change several parts of a cycle in one deed: all of it, or nothing."""

from typing import Any
from uuid import UUID

from cities.audit.trail import Actor
from cities.tenancy.actions import action
from grants.cycles.models import Cycle

from .changing import (
    DATES,
    MONEY,
    WORDS,
    update_attachments,
    update_award_terms,
    update_cycle_dates_and_money,
    update_eligibility,
    update_rubric,
)
from .forms import update_budget_rules, update_form
from .publishing import applied_with


@action
def update_cycle(cycle_id: UUID, *, actor: Actor, form: dict[str, Any] | None = None, **parts: Any) -> Cycle:
    """Change any of a cycle's columns and parts. Each part is audited by its own action.

    ``form`` holds ``sections`` and may hold ``summary_keys`` and ``seen``. Raises what those actions raise.
    """
    columns = {name: parts.pop(name) for name in (DATES | MONEY | WORDS) & parts.keys()}
    if columns:
        update_cycle_dates_and_money(cycle_id, actor=actor, **columns)
    if form is not None:
        version = applied_with(Cycle.objects.get(pk=cycle_id))
        if version is not None:
            update_form(
                version.pk,
                sections=form["sections"],
                keys=form.get("summary_keys"),
                seen=form.get("seen"),
                actor=actor,
            )
    deeds = {
        "budget": lambda value: update_budget_rules(cycle_id, budget=value, actor=actor),
        "eligibility": lambda value: update_eligibility(cycle_id, items=value, actor=actor),
        "attachments": lambda value: update_attachments(cycle_id, items=value, actor=actor),
        "rubric": lambda value: update_rubric(cycle_id, rubric=value, actor=actor),
        "award_terms": lambda value: update_award_terms(cycle_id, terms=value, actor=actor),
    }
    for name, value in parts.items():
        deeds[name](value)
    cycle: Cycle = Cycle.objects.get(pk=cycle_id)
    return cycle
