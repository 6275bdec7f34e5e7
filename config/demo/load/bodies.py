"""Ready-made applications that the load repeats with other names, places and amounts."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

from cities.tenancy.models import City
from config.demo.answers import Setting, answers
from config.demo.calls import call_parts
from config.demo.neighborhoods import neighborhoods
from config.demo.people import people
from config.demo.projects import IDEAS
from grants.applications.models import Application
from grants.applications.queries import FilledForm, StandingAnswer
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.questions import Budget, CompleteForm, FormDefinition, complete_form

from .places import load_city

KIND, FLOOR, CAP = "block", 250, 2000
BODIES = 240
ASKED = frozenset(
    {
        "contact_name", "group_name", "email", "phone", "project_title", "category", "need", "description",
        "neighborhood", "site", "photos", "volunteers", "maintenance", "budget_lines", "amount", "promise",
    }
)  # fmt: skip
"""A short form: sixteen questions of the block call."""

Parts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """One application as answers, with the columns that follow from them."""

    answers: dict[str, Any]
    flat: dict[str, Any]
    area: int


@cache
def call() -> tuple[Parts, CompleteForm]:
    """Return the parts of every load city's call, and its short form."""
    somewhere = replace(load_city(1), name="your city")
    parts = call_parts(KIND, somewhere, floor=f"{FLOOR}.00", cap=f"{CAP}.00")
    sections = [
        {**section, "questions": [question for question in section["questions"] if question["key"] in ASKED]}
        for section in parts["sections"]
    ]
    definition = FormDefinition.from_json([section for section in sections if section["questions"]])
    return parts, complete_form(definition, Budget.from_json(parts["budget"]), [], ("full",))


def bodies(starts_on: date, signed_on: date) -> list[Body]:
    """Write the ready-made applications. Their areas are those of every load city."""
    rng = Random("load")  # noqa: S311
    place = load_city(1)
    parts, form = call()
    version = FormVersion(definition=form.definition.to_json(), summary_keys=stored_summary(form))
    cycle = Cycle(budget=parts["budget"], min_request_cents=FLOOR * 100, max_request_cents=CAP * 100)
    cast = list(people(rng, city=place.slug, area_code=place.area_code))
    areas = neighborhoods(place)
    found = []
    for _ in range(BODIES):
        area = rng.choice(areas)
        setting = Setting(
            city=place,
            kind=KIND,
            budget=Budget.from_json(parts["budget"]),
            floor=FLOOR * 100,
            cap=CAP * 100,
            starts_on=starts_on,
            signed_on=signed_on,
            person=rng.choice(cast),
            helpers=tuple(rng.sample(cast, 4)),
            idea=rng.choice(IDEAS[KIND]),
            area=area,
            language="en",
            repeats=rng.randint(0, 3),
        )
        said = {
            key: value for key, value in answers(rng, setting).items() if key in ASKED and value is not None
        }
        found.append(Body(said, _flat(said, version, cycle), areas.index(area)))
    return found


def stored_summary(form: CompleteForm) -> dict[str, Any]:
    return {**form.summary.to_json(), "budget": form.budget_key, "applicant": "contact_name"}


def _flat(said: dict[str, Any], version: FormVersion, cycle: Cycle) -> dict[str, Any]:
    application = Application(form_version=version, cycle=cycle, city=City())
    standing = {key: StandingAnswer(key, 1, value) for key, value in said.items()}
    return FilledForm(application, standing).flat_columns()
