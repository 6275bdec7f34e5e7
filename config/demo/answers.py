"""What one applicant answers to each question of a demo call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from grants.cycles.questions import Budget

from . import telling
from .budgets import Line, budget_lines
from .calls import category_of
from .calls.shared import CITY_LAND, MIXED_LAND, PRIVATE_LAND
from .cities import STREETS, DemoCity
from .neighborhoods import Neighborhood
from .people import GROUPS, SPONSORS, Person
from .projects import Idea

Json = Any


@dataclass(frozen=True, slots=True)
class Setting:
    """Who applies where with what: everything that the answers are made from. Amounts are cents."""

    city: DemoCity
    kind: str
    budget: Budget
    floor: int
    cap: int
    starts_on: date
    signed_on: date
    person: Person
    helpers: tuple[Person, ...]
    idea: Idea
    area: Neighborhood
    language: str
    repeats: int = 0
    """How often this idea came up already, so that no two titles of one call are the same words."""


def answers(rng: Random, setting: Setting) -> dict[str, Json]:
    """Answer every question of every demo call; the form takes those that it asks."""
    street, cross = telling.corner(rng, STREETS, setting.language)
    count = rng.choice((8, 9, 10, 11, 12, 14, 15, 16, 18, 20, 22, 25, 28, 32))
    facts = {"street": street, "area": setting.area.name, "count": count}
    lines = budget_lines(rng, setting.idea.costs, setting.budget, floor=setting.floor, cap=setting.cap)
    first = setting.starts_on + timedelta(days=rng.randint(6, 90))
    return {
        **_about(rng, setting, street),
        **_place(rng, setting, cross),
        **_words(rng, setting, facts),
        **_plan(rng, setting, first, count),
        **_extras(rng, setting, first),
        "budget_lines": [_budget_row(number, line, setting) for number, line in enumerate(lines, start=1)],
        "amount": {"cents": sum(line.cents for line in lines)},
        "may_share": rng.random() < 0.8,  # noqa: PLR2004
        "promise": _signature(setting.person.name, setting.signed_on),
    }


def _about(rng: Random, setting: Setting, street: str) -> dict[str, Json]:
    group = rng.choice(GROUPS).format(street=street, area=setting.area.name)
    has_account = rng.random() < 0.45  # noqa: PLR2004
    return {
        "contact_name": setting.person.name,
        "group_name": group,
        "group_type": _group_type(rng, group),
        "email": setting.person.email,
        "phone": setting.person.phone,
        "home_address": telling.home_address(rng, street, setting.city),
        "has_bank_account": has_account,
        "sponsor_name": None if has_account else rng.choice((*SPONSORS, "Not yet")),
    }


def _group_type(rng: Random, group: str) -> str:
    for words, kind in (
        (("Fellowship", "Iglesia"), "Faith group"),
        (("School", "Youth", "Scout", "Homework"), "School or youth group"),
        (("Club", "Association", "League", "Watch"), "Block club or association"),
    ):
        if any(word in group for word in words):
            return kind
    return rng.choice(("Neighbors", "Neighbors", "Nonprofit"))


def _place(rng: Random, setting: Setting, cross: str) -> dict[str, Json]:
    longitude, latitude = setting.area.somewhere(rng)
    land = rng.choices((CITY_LAND, PRIVATE_LAND, MIXED_LAND), weights=(6, 3, 1))[0]
    owner = setting.helpers[-1].name
    return {
        "neighborhood": setting.area.name,
        "site": {"cross_streets": cross, "lat": latitude, "lng": longitude},
        "land": land,
        "owner_consent": _signature(owner, setting.signed_on) if land != CITY_LAND else None,
        "size": rng.choice((60, 96, 120, 180, 240, 400, 640, 900)),
        "surface": {"pavement": "Asphalt", "boxes": "Metal", "story": "Wood"}.get(
            setting.idea.kind, rng.choice(("Brick", "Concrete"))
        ),
    }


def _words(rng: Random, setting: Setting, facts: dict[str, object]) -> dict[str, Json]:
    language = setting.language
    words = setting.idea.words(language)
    title = words.titles[setting.repeats % len(words.titles)].format(**facts)
    opening, asked = telling.told(rng, telling.OPENINGS, language), telling.told(rng, telling.ASKED, language)
    return {
        "project_title": title[:80],
        "category": category_of(setting.kind, setting.idea.kind),
        "need": telling.story(rng, language, (opening, rng.choice(words.needs), asked), **facts),
        "description": telling.story(
            rng, language, (rng.choice(words.plans), telling.told(rng, telling.RESULTS, language)), **facts
        ),
        "maintenance": telling.story(rng, language, (rng.choice(words.cares),), **facts),
        "measure": telling.told(rng, telling.MEASURES, language),
    }


def _plan(rng: Random, setting: Setting, first: date, count: int) -> dict[str, Json]:
    tasks = rng.sample(telling.TASKS.get(setting.language) or telling.TASKS["en"], 4)
    helpers = [
        {"_id": f"r{number}", "name": person.name, "phone": person.phone, "task": task}
        for number, (person, task) in enumerate(zip(setting.helpers, tasks, strict=False), start=1)
    ]
    return {
        "volunteers": count,
        "helpers": helpers[: rng.randint(2, 4)],
        "workday": first.isoformat(),
        "planting_day": first.isoformat(),
        "dates": {
            "start": first.isoformat(),
            "end": (first + timedelta(days=rng.randint(6, 50))).isoformat(),
        },
        "steps": _steps(rng, setting, first),
        "caretakers": [
            {"_id": f"r{number}", "name": person.name, "phone": person.phone, "season": season}
            for number, (person, season) in enumerate(
                zip(setting.helpers, ("Spring", "Summer", "Fall"), strict=False), start=1
            )
        ],
    }


def _steps(rng: Random, setting: Setting, first: date) -> list[Json]:
    steps = telling.STEPS.get(setting.language) or telling.STEPS["en"]
    chosen = sorted(rng.sample(range(len(steps)), rng.randint(3, 6)))
    people = (setting.person, *setting.helpers)
    return [
        {
            "_id": f"r{number}",
            "step": steps[index],
            "who": people[number % len(people)].first,
            "by": (first + timedelta(days=7 * (index - 4))).isoformat(),
        }
        for number, index in enumerate(chosen, start=1)
    ]


def _extras(rng: Random, setting: Setting, first: date) -> dict[str, Json]:
    """Answers that only one kind of call asks for."""
    eats = setting.idea.kind == "garden"
    return {
        "services": _some(rng, ("Dumpster for one weekend", "Litter baskets", "Street closed for the workday", "Trash bags and gloves")),
        "signs": _some(rng, ("Neighbors say so", "Crash or police reports", "Photos", "A walk with city staff", "Calls to 311")),
        "permit": rng.choice(("No", "Yes, we asked", "Yes, not asked yet", "We do not know")),
        "artist_name": rng.choice(setting.helpers).name,
        "water": rng.choice(("City hydrant permit", "A neighbor’s tap", "Rain barrels", "We do not know yet")),
        "eat_from_it": eats,
        "soil_test": (first - timedelta(days=160)).isoformat() if eats and rng.random() < 0.5 else None,  # noqa: PLR2004
        "tree_count": rng.choice((8, 12, 16, 20, 24)) if setting.idea.kind in {"trees", "meadow"} else None,
    }  # fmt: skip


def _some(rng: Random, options: tuple[str, ...]) -> list[str] | None:
    chosen = [option for option in options if rng.random() < 0.5]  # noqa: PLR2004
    return chosen or None


def _budget_row(number: int, line: Line, setting: Setting) -> Json:
    row: dict[str, Json] = {
        "_id": f"r{number}",
        "category": line.cost.category,
        "description": line.cost.es if setting.language == "es" else line.cost.text,
        "requested": {"cents": line.cents},
    }
    if line.in_kind_cents:
        row["in_kind"] = {"cents": line.in_kind_cents}
    return row


def _signature(name: str, day: date) -> Json:
    return {"name": name, "agreed": True, "signed_on": day.isoformat()}


ELIGIBLE: dict[str, Callable[[Setting], Json]] = {
    "in_city": lambda _setting: True,
    "area": lambda setting: setting.area.name,
    "helpers": lambda _setting: 12,
    "outside": lambda _setting: True,
    "no_cameras": lambda _setting: False,
    "not_started": lambda _setting: False,
}
"""Answers of the self-check that let somebody apply."""
