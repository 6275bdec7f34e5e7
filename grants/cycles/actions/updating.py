"""Change several parts of a cycle in one deed: all of it, or nothing."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from cities.audit.trail import Actor
from cities.tenancy.actions import action
from grants.cycles.models import Cycle

from .changing import (
    IN_COLUMNS,
    update_attachments,
    update_award_terms,
    update_cycle_dates_and_money,
    update_eligibility,
    update_rubric,
    update_translations,
)
from .forms import update_budget_rules, update_form
from .publishing import applied_with

DEEDS: dict[str, tuple[Callable[..., Cycle], str]] = {
    "budget": (update_budget_rules, "budget"),
    "eligibility": (update_eligibility, "items"),
    "attachments": (update_attachments, "items"),
    "rubric": (update_rubric, "rubric"),
    "award_terms": (update_award_terms, "terms"),
    "translations": (update_translations, "words"),
}
"""The action that changes each part, and what it calls the part's value."""


@action
def update_cycle(
    cycle_id: UUID,
    *,
    actor: Actor,
    form: dict[str, Any] | None = None,
    seen: Mapping[str, str] | None = None,
    **parts: Any,
) -> Cycle:
    """Change any of a cycle's columns and parts. Each part is audited by its own action.

    ``form`` holds ``sections`` and may hold ``summary_keys`` and ``seen``; the other parts' fingerprints, and the
    form's too, may stand in ``seen`` by name. Raises what those actions raise.
    """
    tickets = seen or {}
    columns = {name: parts.pop(name) for name in IN_COLUMNS & parts.keys()}
    if columns:
        update_cycle_dates_and_money(cycle_id, actor=actor, seen=tickets, **columns)
    if form is not None:
        version = applied_with(Cycle.objects.get(pk=cycle_id))
        if version is not None:
            update_form(
                version.pk,
                sections=form["sections"],
                keys=form.get("summary_keys"),
                seen=form.get("seen", tickets.get("form")),
                actor=actor,
            )
    for name, value in parts.items():
        deed, takes = DEEDS[name]
        deed(cycle_id, **{takes: value}, actor=actor, seen=tickets.get(name))
    cycle: Cycle = Cycle.objects.get(pk=cycle_id)
    return cycle
