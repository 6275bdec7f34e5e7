"""Change what a cycle states: dates, money, rules, rubric, terms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from grants.cycles import states
from grants.cycles.applied import RUNNING
from grants.cycles.errors import PartChangedError, RubricInUseError, WrongStatusError
from grants.cycles.loosening import check_only_loosens, requests_only_loosen
from grants.cycles.models import Cycle
from grants.cycles.parts import check_part, measure_of
from grants.cycles.readiness import without_inventions
from grants.cycles.tickets import COLUMNS, ticket_of

from .publishing import refuse_while_applications_exist

IN_COLUMNS = frozenset().union(*COLUMNS.values())
COPIED_TO_APPLICATIONS = {"name": "cycle_name", "closes_at": "closes_at"}
"""Columns that an application keeps flat, since a person's own door can't join to cycles."""

CHECK_IN_USE = _(
    "People have begun to apply (%(count)s so far), and this self-check let them in, so it can’t become stricter. You can "
    "change its words, let more answers fit, or have staff look where an answer doesn’t fit. Copy this call to ask "
    "something else next time."
)
LIMITS_IN_USE = _(
    "People have begun to apply (%(count)s so far), within the limits as they are: the smallest request can only be "
    "lowered, the largest only raised."
)


@action
def update_cycle_dates_and_money(
    cycle_id: UUID, *, actor: Actor, seen: Mapping[str, str] | None = None, **values: Any
) -> Cycle:
    """Change name, dates, limits or pool; ``values`` are columns of :class:`Cycle`.

    ``seen`` holds tickets of ``basics``, ``dates`` or ``money``, for what shall be as it was when it was edited.
    Locks the cycle. Applications' own copies of name, close and decision day move with it. Made-up values of the
    parts that were saved count as confirmed. Raises ``WrongStatusError``, ``PartChangedError``, ``FormInUseError``
    when limits of a request become stricter while applications exist; ``RuleError`` names the field.
    """
    unknown = set(values) - IN_COLUMNS
    if unknown:
        raise TypeError(f"not a date, an amount or a name: {sorted(unknown)}")
    cycle = locked(cycle_id)
    for part, fields in COLUMNS.items():
        sent = {name: values[name] for name in fields & values.keys()}
        if any(getattr(cycle, name) != value for name, value in sent.items()):
            _require_ticket(cycle, part, (seen or {}).get(part))
    if not requests_only_loosen(cycle, values):
        refuse_while_applications_exist(cycle, LIMITS_IN_USE)
    notes = cycle.notes
    for part in ("dates", "money"):
        if COLUMNS[part] & values.keys():
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
def update_eligibility(
    cycle_id: UUID, *, items: list[dict[str, Any]], actor: Actor, seen: str | None = None
) -> Cycle:
    """Replace the self-check. ``seen`` is the fingerprint of the part that was edited, here and below.

    Raises ``InvalidPartError`` with the place of what breaks a rule, ``PartChangedError``, and ``FormInUseError`` when
    it becomes stricter, or asks other things, while applications exist.
    """
    check_part("eligibility", items)
    cycle = locked(cycle_id)
    require_seen(cycle, "eligibility", items, seen)
    if not check_only_loosens(cycle.eligibility, items):
        refuse_while_applications_exist(cycle, CHECK_IN_USE)
    return change(cycle, "cycle:change-eligibility", actor=actor, eligibility=items)


@action
def update_attachments(
    cycle_id: UUID, *, items: list[dict[str, Any]], actor: Actor, seen: str | None = None
) -> Cycle:
    """Replace the list of papers that the call names."""
    return _update_part(cycle_id, "attachments", items, actor=actor, seen=seen)


@action
def update_rubric(cycle_id: UUID, *, rubric: dict[str, Any], actor: Actor, seen: str | None = None) -> Cycle:
    """Replace gates, criteria and bonus points by which reviewers will score.

    Once a score was sent, only words may change. Raises ``RubricInUseError`` (409); a trigger holds it too.
    """
    check_part("rubric", rubric)
    cycle = locked(cycle_id)
    if (
        measure_of(rubric) != measure_of(cycle.rubric)
        and cycle.applications.filter(scored_count__gt=0).exists()
    ):
        raise RubricInUseError
    return _update_part(cycle_id, "rubric", rubric, actor=actor, seen=seen)


@action
def update_award_terms(
    cycle_id: UUID, *, terms: dict[str, Any], actor: Actor, seen: str | None = None
) -> Cycle:
    """Replace payment modes, reports, conditions and city services."""
    return _update_part(cycle_id, "award_terms", terms, actor=actor, seen=seen)


@action
def update_translations(
    cycle_id: UUID, *, words: dict[str, dict[str, str]], actor: Actor, seen: str | None = None
) -> Cycle:
    """Replace the words that the call's own texts have in other languages."""
    return _update_part(cycle_id, "translations", words, actor=actor, seen=seen)


def _update_part(cycle_id: UUID, part: str, value: Any, *, actor: Actor, seen: str | None) -> Cycle:
    check_part(part, value)
    cycle = locked(cycle_id)
    require_seen(cycle, part, value, seen)
    return change(cycle, f"cycle:change-{part.replace('_', '-')}", actor=actor, **{part: value})


def require_seen(cycle: Cycle, part: str, value: Any, seen: str | None) -> None:
    """Raise ``PartChangedError`` if a locked cycle's part isn't the one that was ``seen`` (``None``: nobody asks).

    Sending what stands already is a success: a second click on “Save” is no conflict.
    """
    if getattr(cycle, part) != value:
        _require_ticket(cycle, part, seen)


def _require_ticket(cycle: Cycle, part: str, seen: str | None) -> None:
    if seen is not None and seen != ticket_of(cycle, part):
        raise PartChangedError(
            _(
                "Somebody else saved this part since you opened the page. What you typed is still here, but not saved. "
                "Look at theirs in another window; if you save again, yours replaces it."
            )
        )


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
