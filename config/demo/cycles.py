"""Make a demo city's calls, with their forms."""

from datetime import date, datetime
from typing import Any

from cities.tenancy.models import City
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.questions import Budget, FormDefinition, complete_form
from grants.cycles.states import Status
from grants.cycles.wording import public_texts

from .calls import call_parts, spanish_of
from .cities import DemoCity
from .rows import insert
from .schedule import Plan, dates

STAGES = ("full",)


def new_cycle(plan: Plan, place: DemoCity, city: City, today: date) -> tuple[Cycle, FormVersion]:
    """Write one published or archived call with its form."""
    parts = call_parts(plan.kind, place, floor=f"{plan.floor}.00", cap=f"{plan.cap}.00")
    when = dates(plan, place, today)
    cycle = Cycle(
        city=city,
        name=plan.name,
        slug=plan.slug,
        year=when.opens_at.astimezone(city.zone).year,
        purpose=parts["purpose"],
        status=Status.ARCHIVED if plan.is_archived else Status.PUBLISHED,
        opens_at=when.opens_at,
        closes_at=when.closes_at,
        decision_on=when.decision_on,
        project_starts_on=when.project_starts_on,
        project_ends_on=when.project_ends_on,
        min_request_cents=plan.floor * 100,
        max_request_cents=plan.cap * 100,
        planned_pool_cents=plan.pool * 100,
        expected_awards=plan.expected_awards,
        workshop={"required": False, "dates": [moment.isoformat() for moment in when.workshops]},
        eligibility=parts["eligibility"],
        budget=parts["budget"],
        attachments=parts["attachments"],
        rubric=parts["rubric"],
        award_terms=parts["award"],
        notes={"stages": list(STAGES), "demo": plan.kind},
        is_demo=True,
        published_at=when.opens_at,
        created_at=when.opens_at,
    )
    if "es" in city.languages:
        spanish = spanish_of(plan.kind, parts, name=plan.name, city=place)
        cycle.translations = {"es": {text: spanish[text] for text in public_texts(cycle)}}
    cycle.full_clean(exclude=["city"])
    insert([cycle])
    form = _form(cycle, parts, when.opens_at)
    insert([form])
    return cycle, form


def _form(cycle: Cycle, parts: dict[str, Any], created_at: datetime) -> FormVersion:
    whole = complete_form(
        FormDefinition.from_json(parts["sections"]),
        Budget.from_json(parts["budget"]),
        parts["attachments"],
        STAGES,
    )
    return FormVersion(
        city_id=cycle.city_id,
        cycle=cycle,
        definition=whole.definition.to_json(),
        summary_keys={**whole.summary.to_json(), "budget": whole.budget_key, "applicant": "contact_name"},
        created_at=created_at,
    )
