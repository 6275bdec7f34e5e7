"""Change what a cycle states: dates, money, rules, rubric, terms."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from grants.cycles import states
from grants.cycles.applied import RUNNING
from grants.cycles.errors import WrongStatusError
from grants.cycles.models import Cycle
from grants.cycles.parts import check_part
from grants.cycles.readiness import without_inventions

DATES = frozenset(
    {"opens_at", "closes_at", "decision_on", "project_starts_on", "project_ends_on", "workshop"}
)
MONEY = frozenset({"min_request_cents", "max_request_cents", "planned_pool_cents", "expected_awards"})
WORDS = frozenset({"name", "year", "purpose"})
COPIED_TO_APPLICATIONS = {"name": "cycle_name", "closes_at": "closes_at"}
"""Columns that an application keeps flat, since a person's own door can't join to cycles."""


@action
def update_cycle_dates_and_money(cycle_id: UUID, *, actor: Actor, **values: Any) -> Cycle:
    """Change name, dates, limits or pool; ``values`` are columns of :class:`Cycle`.

    Locks the cycle. Applications' own copies of name, close and decision day move with it. Made-up values of the
    parts that were saved count as confirmed. Raises ``WrongStatusError``; ``RuleError`` names the field.
    """
    unknown = set(values) - DATES - MONEY - WORDS
    if unknown:
        raise TypeError(f"not a date, an amount or a name: {sorted(unknown)}")
    cycle = locked(cycle_id)
    notes = cycle.notes
    for part, fields in (("dates", DATES), ("money", MONEY)):
        if fields & set(values):
            notes = without_inventions(notes, part)
    change(cycle, "cycle:change", actor=actor, quietly={"notes": notes}, **values)
    copies = {
        COPIED_TO_APPLICATIONS[field]: values[field] for field in COPIED_TO_APPLICATIONS if field in values
    }
    if copies:
        cycle.applications.exclude(**copies).update(**copies)
    if "decision_on" in values:
        cycle.applications.filter(status__in=RUNNING).update(next_date_on=values["decision_on"])
    return cycle


@action
def update_eligibility(cycle_id: UUID, *, items: list[dict[str, Any]], actor: Actor) -> Cycle:
    """Replace the self-check. Raises ``InvalidPartError`` with the place of what breaks a rule."""
    return _update_part(cycle_id, "eligibility", items, actor=actor)


@action
def update_attachments(cycle_id: UUID, *, items: list[dict[str, Any]], actor: Actor) -> Cycle:
    """Replace the list of papers that the call names."""
    return _update_part(cycle_id, "attachments", items, actor=actor)


@action
def update_rubric(cycle_id: UUID, *, rubric: dict[str, Any], actor: Actor) -> Cycle:
    """Replace gates, criteria and bonus points by which reviewers will score."""
    return _update_part(cycle_id, "rubric", rubric, actor=actor)


@action
def update_award_terms(cycle_id: UUID, *, terms: dict[str, Any], actor: Actor) -> Cycle:
    """Replace payment modes, reports, conditions and city services."""
    return _update_part(cycle_id, "award_terms", terms, actor=actor)


def _update_part(cycle_id: UUID, part: str, value: Any, *, actor: Actor) -> Cycle:
    check_part(part, value)
    return change(locked(cycle_id), f"cycle:change-{part.replace('_', '-')}", actor=actor, **{part: value})


def locked(cycle_id: UUID) -> Cycle:
    """Lock the cycle. Raises ``WrongStatusError`` when it can't be changed any more."""
    cycle: Cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle_id)
    if cycle.status not in states.CAN_CHANGE:
        raise WrongStatusError(_("This call is archived, so it can’t be changed any more."))
    return cycle


def change(
    cycle: Cycle, tag: str, *, actor: Actor, quietly: dict[str, Any] | None = None, **values: Any
) -> Cycle:
    """Set ``values`` on a locked cycle, save what differs, record before and after.

    ``quietly`` is saved too but isn't worth an entry by itself.
    """
    differing = {field: value for field, value in values.items() if getattr(cycle, field) != value}
    before = {field: plain(getattr(cycle, field)) for field in differing}
    unseen = {field: value for field, value in (quietly or {}).items() if getattr(cycle, field) != value}
    for field, value in (differing | unseen).items():
        setattr(cycle, field, value)
    if differing or unseen:
        cycle.full_clean()
        cycle.save(update_fields=[*differing, *unseen])
    if differing:
        audit.record(
            tag, actor=actor, subject=cycle, before=before, after={f: plain(v) for f, v in differing.items()}
        )
    return cycle


def plain(value: Any) -> Any:
    """Return a value as the audit trail's JSON holds it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
