"""Make a cycle: from a call file, from nothing, or from an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from cities.tenancy.scopes import current_scope
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.questions import Budget, CompleteForm, FormDefinition, complete_form
from grants.cycles.starter import starter_definition

if TYPE_CHECKING:
    from grants.cycles.calls import CallFile, Invented

COPIED = (
    "purpose",
    "min_request_cents",
    "max_request_cents",
    "eligibility",
    "budget",
    "attachments",
    "rubric",
    "award_terms",
    "translations",
)
LEFT_BLANK = (
    "opens_at",
    "closes_at",
    "decision_on",
    "project_starts_on",
    "project_ends_on",
    "planned_pool_cents",
    "expected_awards",
)
ONE_STAGE = ("full",)


@action
def create_cycle_from_call(
    call: CallFile,
    *,
    actor: Actor,
    shifted_weeks: int | None = None,
    invented: Sequence[Invented] = (),
    notes: Mapping[str, Any] | None = None,
    is_demo: bool = False,
) -> Cycle:
    """Make a draft cycle of the open city with all that ``call`` holds, and its forms.

    Of a two-stage call the first stage is the form applied with; the second is stored for later.
    ``invented`` values stand in the call already and are marked on the setup page. ``notes`` is
    added to the cycle's notes (what the product can't hold, how dates were moved).
    """
    form = call.form
    cycle = Cycle(
        **_columns(call),
        is_demo=is_demo,
        notes={
            "source": call.data["source"],
            "not_visible": call.data["not_visible"],
            "stages": list(call.stages),
            "shifted_weeks": shifted_weeks,
            "invented": [{"path": i.path, "value": i.value, "reason": i.reason} for i in invented],
            "form": [{"place": note.place, "sentence": note.sentence} for note in form.notes],
            **(notes or {}),
        },
    )
    _save_new(cycle)
    _store_forms(cycle, form, call.stages)
    audit.record(
        "cycle:import",
        actor=actor,
        subject=cycle,
        name=cycle.name,
        shifted_weeks=shifted_weeks,
        invented=len(invented),
    )
    return cycle


def _columns(call: CallFile) -> dict[str, Any]:
    """Return the cycle's columns as the call states them. Money becomes minor units, days stay days."""
    stated, dates = call.cycle, call.dates
    return {
        "name": stated["name"],
        "year": stated["year"],
        "purpose": stated["purpose"] or "",
        "opens_at": dates.opens_at,
        "closes_at": dates.closes_at,
        "decision_on": dates.decision_by,
        "project_starts_on": dates.project_starts,
        "project_ends_on": dates.project_ends,
        "min_request_cents": call.cents("min_request"),
        "max_request_cents": call.cents("max_request"),
        "planned_pool_cents": call.cents("pool"),
        "expected_awards": stated["expected_awards"],
        "workshop": stated["workshop"],
        "eligibility": call.data["eligibility"],
        "budget": call.data["budget"],
        "attachments": call.data["attachments"],
        "rubric": call.data["rubric"],
        "award_terms": call.data["award"],
    }


@action
def create_blank_cycle(
    *, name: str, year: int, purpose: str = "", actor: Actor, is_demo: bool = False
) -> Cycle:
    """Make a draft cycle with a short form to start from; everything else is to be filled in."""
    cycle = Cycle(name=name, year=year, purpose=purpose, is_demo=is_demo, notes={"stages": list(ONE_STAGE)})
    _save_new(cycle)
    _store_forms(cycle, complete_form(starter_definition(), Budget.from_json(cycle.budget)), ONE_STAGE)
    audit.record("cycle:create", actor=actor, subject=cycle, name=cycle.name)
    return cycle


@dataclass(frozen=True, slots=True)
class Clone:
    """A copied cycle, and the names of what was left blank on purpose."""

    cycle: Cycle
    left_blank: tuple[str, ...]


@action
def clone_cycle(cycle_id: UUID, *, name: str, year: int, actor: Actor) -> Clone:
    """Copy a cycle's form and rules into a new draft, and whether a workshop must be attended.

    Dates, pool and expected awards are left blank: last year's would be wrong without anybody noticing.
    """
    original = Cycle.objects.get(pk=cycle_id)
    kept = {key: original.notes[key] for key in ("source", "not_visible", "stages") if key in original.notes}
    cycle = Cycle(
        name=name,
        year=year,
        is_demo=original.is_demo,
        notes={**kept, "copied_from": {"id": str(original.pk), "name": original.name}},
        workshop={**original.workshop, "dates": []},
        **{field: getattr(original, field) for field in COPIED},
    )
    _save_new(cycle)
    for form in original.forms.order_by("stage", "-number").distinct("stage"):
        FormVersion.objects.create(
            city_id=cycle.city_id,
            cycle=cycle,
            stage=form.stage,
            definition=form.definition,
            summary_keys=form.summary_keys,
            is_applied_with=form.is_applied_with,
        )
    audit.record("cycle:copy", actor=actor, subject=cycle, name=cycle.name, original=original.pk)
    blank = [str(Cycle._meta.get_field(field).verbose_name) for field in LEFT_BLANK]  # type: ignore[union-attr]
    return Clone(cycle, (*blank, _("workshop dates")))


def _save_new(cycle: Cycle) -> None:
    cycle.city_id = current_scope().city_id  # type: ignore[assignment]
    cycle.slug = free_slug(cycle.name)
    cycle.full_clean()
    cycle.save(force_insert=True)


def free_slug(name: str) -> str:
    """Return a web name for the cycle that the city doesn't use yet."""
    base = slugify(name)[:50].strip("-") or "call"
    taken = set(Cycle.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return (
        base
        if base not in taken
        else next(f"{base}-{n}" for n in range(2, 10_000) if f"{base}-{n}" not in taken)
    )


def _store_forms(cycle: Cycle, form: CompleteForm, stages: Sequence[str]) -> None:
    Stage = FormVersion.Stage  # noqa: N806
    now, later = form.definition.applied_with(stages), form.definition.later_than(stages)
    _store_form(
        cycle, now, stage=Stage(stages[0]), summary={**form.summary.to_json(), "budget": form.budget_key}
    )
    if later.sections:
        _store_form(cycle, later, stage=Stage.FULL, is_applied_with=False)


def _store_form(
    cycle: Cycle,
    definition: FormDefinition,
    *,
    stage: str,
    summary: dict[str, Any] | None = None,
    is_applied_with: bool = True,
) -> None:
    FormVersion.objects.create(
        city_id=cycle.city_id,
        cycle=cycle,
        stage=stage,
        definition=definition.to_json(),
        summary_keys=summary or {},
        is_applied_with=is_applied_with,
    )


__all__ = ["Clone", "clone_cycle", "create_blank_cycle", "create_cycle_from_call", "free_slug"]
