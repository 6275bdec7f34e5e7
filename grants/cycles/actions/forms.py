"""Change what a call asks, while nobody has begun to answer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from cities.tenancy.tickets import fingerprint
from grants.cycles.editing import form_problems, with_categories, with_money_columns
from grants.cycles.errors import FormChangedError, IncompleteCycleError, InvalidPartError
from grants.cycles.loosening import budget_only_loosens
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.parts import SUMMARY_PARTS, check_part
from grants.cycles.questions import Budget, DefinitionError, FormDefinition, budget_question, summary_keys
from grants.cycles.readiness import Gap, budget_gaps, gaps
from grants.cycles.states import Status

from .changing import change, locked, require_seen
from .publishing import applied_with, refuse_while_applications_exist

FORM_IN_USE = _(
    "This form can’t be changed, because people have begun to answer it (%(count)s so far): their answers would no longer fit it. "
    "Copy this call to use a changed form next time."
)

BUDGET_IN_USE = _(
    "People have begun to apply (%(count)s so far), and their budgets keep to the rules as they are: the columns stay, "
    "ceilings can only be raised, and the match can only be lowered."
)


@action
def update_form(
    form_id: UUID,
    *,
    sections: list[dict[str, Any]],
    actor: Actor,
    keys: dict[str, str | None] | None = None,
    seen: str | None = None,
) -> FormVersion:
    """Store new sections, and which questions fill an application's summary (``keys``; the rest is kept and completed).

    ``seen`` is the fingerprint of the form that was edited. Locks the cycle. A draft's form is changed in
    place; a published call gets a new version, so that an application begun this very moment keeps its own.
    Raises ``FormInUseError``, ``FormChangedError``, ``InvalidPartError``, ``WrongStatusError``.
    """
    opened = FormVersion.objects.get(pk=form_id)
    cycle = locked(opened.cycle_id)
    version: FormVersion = cycle.forms.filter(stage=opened.stage).latest("number")
    if seen is not None and seen != fingerprint(version.definition, version.summary_keys):
        raise FormChangedError(
            _(
                "Somebody else changed this form since you opened the page. Look at it again, then repeat your change."
            )
        )
    definition = _read(sections)
    summary = _summary(version, definition, keys)
    if definition == version.form and _chosen(summary) == _chosen(version.summary_keys):
        return version
    if version.is_applied_with:
        refuse_while_applications_exist(cycle, FORM_IN_USE)
    _refuse_problems(definition)
    return _store(cycle, version, definition, summary, actor=actor)


@action
def update_budget_rules(
    cycle_id: UUID, *, budget: dict[str, Any], actor: Actor, seen: str | None = None
) -> Cycle:
    """Replace columns, categories, ceilings and match; the form's budget table asks for the new columns and categories.

    ``seen`` is the fingerprint of the rules that were edited. Locks the cycle. Raises ``InvalidPartError``,
    ``WrongStatusError``, ``PartChangedError``, ``IncompleteCycleError``, and ``FormInUseError`` when categories or
    columns change, or ceilings and match become stricter, while applications exist.
    """
    cycle = locked(cycle_id)
    before = cycle.budget
    if budget == before:
        return cycle
    check_part("budget", budget)
    require_seen(cycle, "budget", budget, seen)
    if not budget_only_loosens(before, budget):
        refuse_while_applications_exist(cycle, BUDGET_IN_USE)
    change(cycle, "cycle:change-budget", actor=actor, budget=budget)
    if cycle.status != Status.DRAFT:
        _refuse(budget_gaps(cycle))
    if _asked(before) != _asked(budget):
        refuse_while_applications_exist(cycle, FORM_IN_USE)
        version = applied_with(cycle)
        if version is not None:
            definition = _with_rules(version, before, budget)
            if definition.to_json() != version.definition:
                _store(cycle, version, definition, _summary(version, definition, None), actor=actor)
    return cycle


def _asked(budget: dict[str, Any]) -> tuple[set[str], list[tuple[str, str]]]:
    """Return what people meet in the budget table, so that a change of it is a change of the form."""
    return set(budget["columns"]), _names(budget)


def _names(budget: dict[str, Any]) -> list[tuple[str, str]]:
    return [(category["key"], category["label"]) for category in budget["categories"]]


def _with_rules(version: FormVersion, before: dict[str, Any], budget: dict[str, Any]) -> FormDefinition:
    table, rules = version.summary_keys.get("budget"), Budget.from_json(budget)
    form = with_money_columns(version.form, table, Budget.from_json(before), rules)
    return with_categories(form, table, rules) if _names(before) != _names(budget) else form


def _read(sections: list[dict[str, Any]]) -> FormDefinition:
    try:
        return FormDefinition.from_json(sections)
    except DefinitionError as error:
        raise InvalidPartError(_("This is not a form: %(error)s"), part="sections", error=error) from error


def _refuse_problems(definition: FormDefinition) -> None:
    problems = form_problems(definition)
    if problems:
        place, sentence = problems[0]
        raise InvalidPartError(sentence.replace("%", "%%"), part="sections", place=place)


def _summary(
    version: FormVersion, definition: FormDefinition, chosen: dict[str, str | None] | None
) -> dict[str, str | None]:
    """Keep what still points to a question; a new question may fill what is empty. What is ``chosen`` goes before."""
    asked = {question.key for question in definition.questions}
    table = budget_question(definition)
    budget = version.summary_keys.get("budget")
    budget = budget if budget in asked else table.key if table else None
    new = asked - {question.key for question in version.form.questions}
    suggested = summary_keys(definition).to_json()
    found = {}
    for part in SUMMARY_PARTS:
        kept, suggestion = version.summary_keys.get(part), suggested.get(part)
        is_gone = kept is not None and kept not in asked
        found[part] = suggestion if is_gone or (kept is None and suggestion in new) else kept
    chosen = chosen or {}
    for part, key in chosen.items():
        if key is not None:
            _check_choice(definition, part, key, is_new=key != version.summary_keys.get(part))
    return {**found, **{part: chosen[part] for part in SUMMARY_PARTS if part in chosen}, "budget": budget}


def _chosen(keys: dict[str, str | None]) -> dict[str, str | None]:
    return {part: key for part, key in keys.items() if key is not None}


def _check_choice(definition: FormDefinition, part: str, key: str, *, is_new: bool) -> None:
    question = definition.question(key)
    if question is None:
        raise InvalidPartError(_("There is no question “%(key)s”."), part="summary_keys", place=key, key=key)
    if is_new and part in SUMMARY_PARTS and question.type not in SUMMARY_PARTS[part][1]:
        raise InvalidPartError(
            _("The answer to “%(question)s” is of a kind that can’t be used as “%(use)s”."),
            part="summary_keys",
            place=key,
            question=question.label,
            use=SUMMARY_PARTS[part][0],
        )


def _store(
    cycle: Cycle,
    version: FormVersion,
    definition: FormDefinition,
    summary: dict[str, str | None],
    *,
    actor: Actor,
) -> FormVersion:
    before = {question.key: question for question in version.form.questions}
    after = {question.key: question for question in definition.questions}
    if cycle.status == Status.DRAFT:
        stored = version
        stored.definition, stored.summary_keys = definition.to_json(), summary
        stored.__dict__.pop("form", None)
        stored.save(update_fields=["definition", "summary_keys"])
    else:
        stored = _next_version(version, definition, summary)
        if stored.is_applied_with:
            _refuse(gap for gap in gaps(cycle, stored, timezone.now()) if gap.part == "form")
    audit.record(
        "cycle:change-form",
        actor=actor,
        subject=cycle,
        stage=stored.stage,
        number=stored.number,
        added=sorted(after.keys() - before.keys()),
        removed=sorted(before.keys() - after.keys()),
        changed=sorted(key for key in after.keys() & before.keys() if after[key] != before[key]),
        fingerprint=fingerprint(stored.definition, stored.summary_keys),
    )
    return stored


def _next_version(
    version: FormVersion, definition: FormDefinition, summary: dict[str, str | None]
) -> FormVersion:
    is_applied_with = version.is_applied_with
    version.is_applied_with = False
    version.save(update_fields=["is_applied_with"])
    created: FormVersion = FormVersion.objects.create(
        city_id=version.city_id,
        cycle_id=version.cycle_id,
        stage=version.stage,
        number=version.number + 1,
        definition=definition.to_json(),
        summary_keys=summary,
        is_applied_with=is_applied_with,
    )
    return created


def _refuse(found: Iterable[Gap]) -> None:
    if missing := [gap.sentence for gap in found]:
        raise IncompleteCycleError(missing)
