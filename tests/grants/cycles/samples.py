"""Answers and calls for tests: valid ones for any form, and a call in the format that nobody has seen."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from grants.cycles.questions import (
    BoundQuestion,
    Budget,
    FormDefinition,
    Kind,
    Question,
    budget_question,
    cents_of_decimal,
    match_question,
    summary_keys,
    visible_keys,
)
from grants.cycles.questions.budget import money_columns
from grants.cycles.questions.types.dates import day_of

CALLS = Path(__file__).resolve().parents[4] / "shared" / "data" / "calls"
REAL_CALLS = sorted(path for path in CALLS.glob("*.json") if path.name != "schema.json")
real = pytest.mark.real
needs_real_calls = pytest.mark.skipif(not REAL_CALLS, reason="../shared/data/calls is not here")


def sample_answers(definition: FormDefinition, budget: Budget | None = None) -> dict[str, Any]:
    """Return an answer to every question that they show, fit to be submitted.

    The first option and "yes" are chosen, limits kept, budget lines add up to the amount asked for.
    """
    answers: dict[str, Any] = {}
    for question in definition.questions:
        if question.key in visible_keys(definition, answers):
            answers[question.key] = sample_answer(question)
    if budget:
        _balance(definition, budget, answers)
    return answers


def sample_answer(question: Question, number: int = 1) -> Any:  # noqa: PLR0911 - one per type
    """Return one valid answer; ``number`` tells rows apart."""
    match question.type:
        case Kind.TABLE | Kind.PEOPLE:
            return [_row(question, n) for n in range(1, max(question.min_rows or 1, 1) + 1)]
        case Kind.NUMBER:
            return int(question.min or min(25, question.max or 25))
        case Kind.MONEY:
            least, most = cents_of_decimal(question.min) or 0, cents_of_decimal(question.max) or 50_000
            return {"cents": max(least, min(50_000, most))}
        case Kind.DATE:
            return (day_of(question.min) or day_of(question.max) or date(2030, 5, 1)).isoformat()
        case Kind.DATE_RANGE:
            start = date(2030, 5, number % 28 + 1)
            return {"start": start.isoformat(), "end": (start + timedelta(days=60)).isoformat()}
        case Kind.MULTI_CHOICE:
            return list(question.options[: max(int(question.min or 1), 1)])
        case Kind.SINGLE_CHOICE:
            return question.options[0]
        case Kind.FILE:
            count = max(int(question.min or 1), 1)
            return [str(uuid.uuid5(uuid.NAMESPACE_URL, f"{question.key}/{number}/{n}")) for n in range(count)]
        case kind:
            return (
                copy.deepcopy(_PLAIN[kind])
                if isinstance(_PLAIN[kind], dict)
                else _plain(kind, question, number)
            )


_PLAIN: dict[Kind, Any] = {
    Kind.SHORT_TEXT: "Tilden Street Neighbors",
    Kind.LONG_TEXT: "We clear the lot, build four raised beds and plant six trees.",
    Kind.EMAIL: "neighbor{number}@example.org",
    Kind.PHONE: "501-555-01{number:02}",
    Kind.YES_NO: True,
    Kind.ADDRESS: {"street": "12 Tilden Street", "city": "Marlow Falls", "state": "OH", "zip": "44120"},
    Kind.LOCATION: {
        "address": "Tilden and 4th",
        "cross_streets": "Tilden / 4th",
        "lat": 39.290385,
        "lng": -76.612189,
    },
    Kind.SIGNATURE: {"name": "Odessa Rhee", "agreed": True, "signed_on": "2026-03-27"},
}


def _plain(kind: Kind, question: Question, number: int) -> Any:
    value = _PLAIN[kind]
    if not isinstance(value, str):
        return value
    text = value.format(number=number % 100)
    words = text.split()[: question.max_words]
    return " ".join(words)[: question.max_chars].strip()


def _row(question: Question, number: int) -> dict[str, Any]:
    cells = {column.key: sample_answer(column.as_question(), number) for column in question.columns}
    return {"_id": f"r{number}", **cells}


def _balance(definition: FormDefinition, budget: Budget, answers: dict[str, Any]) -> None:
    """Make the budget's lines add up to the amount, keep every ceiling, and show the whole match."""
    table, match = budget_question(definition), match_question(definition)
    asked = answers.get(summary_keys(definition).amount or "", {"cents": 50_000})["cents"]
    if match and answers.get(match.key):
        money = next(column.key for column in match.columns if column.type == Kind.MONEY)
        answers[match.key][0][money] = {"cents": asked * 10}
    if table is None or not answers.get(table.key):
        return
    columns = money_columns(table, budget)
    for row in answers[table.key]:
        for key in columns:
            row[key] = {"cents": 0}
    for key, column in columns.items():
        answers[table.key][0][key] = {"cents": asked if column == budget.grant_column else asked * 10}
    free = [c.key for c in budget.categories if c.max_percent is None and c.max_cents is None]
    chosen = next((c.key for c in table.columns if c.type == Kind.SINGLE_CHOICE and c.choices), None)
    if chosen and free:
        answers[table.key][0][chosen] = free[0]


class _Form(HTMLParser):
    """Collect the fields of a page as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.open: tuple[str, str] | None = None
        self.in_template = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = {name: value if value is not None else "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "template":
            self.in_template += 1
        elif self.in_template:
            return
        elif tag == "input" and name and found.get("type") != "file":
            if found.get("type") not in {"radio", "checkbox"} or "checked" in found:
                self._add(name, found.get("value", "on"))
        elif tag in {"textarea", "select"}:
            self.open = (tag, name)
            self.text = ""
        elif tag == "option" and self.open and "selected" in found:
            self._add(self.open[1], found["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template -= 1
        elif tag == "textarea" and self.open:
            self._add(self.open[1], self.text.removeprefix("\n").replace("\n", "\r\n"))
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.open and self.open[0] == "textarea":
            self.text += data

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def drawn(bound: BoundQuestion) -> str:
    """Return a question's markup."""
    return render_to_string(
        "grants/cycles/questions/question.html", {"bound": bound, "control": bound.control}
    )


def browser_post(questions: Iterable[BoundQuestion]) -> dict[str, list[str]]:
    """Return the fields that a browser would send for these questions as they are shown."""
    form = _Form()
    for bound in questions:
        form.feed(drawn(bound))
    return form.fields


def question_json(key: str, kind: str, **parts: Any) -> dict[str, Any]:
    """Return a question of the call format with every key."""
    return {
        "key": key,
        "label": key.replace("_", " ").capitalize(),
        "help": None,
        "type": kind,
        "required": True,
        "options": [],
        "min": None,
        "max": None,
        "max_words": None,
        "max_chars": None,
        "columns": [],
        "min_rows": None,
        "max_rows": None,
        "shown_when": None,
        **parts,
    }


def question(kind: str, **parts: Any) -> Question:
    """Return one question of a type."""
    return Question.from_json(question_json(parts.pop("key", "it"), kind, **parts))


COLUMN_TYPES = [kind for kind in Kind if kind not in {Kind.TABLE, Kind.PEOPLE}]


def unseen_sections() -> list[dict[str, Any]]:
    """Return sections that use all 17 types, every column type and every kind of condition."""
    columns = [{"key": f"c_{kind}", "label": f"Cell {kind}", "type": str(kind)} for kind in COLUMN_TYPES]
    return [
        {
            "key": "who",
            "title": "Who you are",
            "questions": [
                question_json("group_name", "short_text", max_chars=80),
                question_json("email", "email"),
                question_json("phone", "phone"),
                question_json("mailing", "address"),
                question_json("leaders", "people", columns=columns[:3], min_rows=2, max_rows=4),
                question_json("has_sponsor", "yes_no"),
                question_json("sponsor", "short_text", shown_when=_when("has_sponsor", "eq", True)),
            ],
        },
        {
            "key": "project",
            "title": "Your project",
            "questions": [
                question_json("project_title", "short_text"),
                question_json("story", "long_text", max_words=150, max_chars=2000),
                question_json("site", "location"),
                question_json("season", "single_choice", options=["Spring", "Summer", "Fall"]),
                question_json(
                    "goals", "multi_choice", options=["Clean", "Green", "Art", "Safe"], min=2, max=3
                ),
                question_json("adults", "number", min=5, max=500),
                question_json("workday", "date", min="2030-04-01", max="2030-10-31"),
                question_json("span", "date_range"),
                question_json("big_group", "long_text", shown_when=_when("adults", "gte", 100)),
                question_json(
                    "small_group", "long_text", required=False, shown_when=_when("adults", "lte", 10)
                ),
                question_json("early", "short_text", shown_when=_when("workday", "lte", "2030-05-01")),
                question_json("trees", "number", required=False, shown_when=_when("goals", "in", ["Green"])),
            ],
        },
        {
            "key": "money",
            "title": "Money",
            "questions": [
                question_json("amount", "money", min="250.00", max="2500.00"),
                question_json("why_so_much", "long_text", shown_when=_when("amount", "gte", "2000.00")),
                question_json("everything", "table", columns=columns, min_rows=1, max_rows=6, required=False),
                question_json("photos", "file", min=1, max=3),
                question_json("signed", "signature"),
            ],
        },
    ]


def _when(question: str, op: str, value: Any) -> dict[str, Any]:
    return {"question": question, "op": op, "value": value}


def unseen_call(**changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole call in the format; ``changes`` update its parts (``cycle={"pool": None}``)."""
    category = {"max_percent": None, "max_amount": None}
    data: dict[str, Any] = {
        "source": [{"title": "Invented for tests", "address": "https://example.org/call"}],
        "not_visible": ["everything: it is invented"],
        "city": {
            "slug": "marlow-falls",
            "name": "Marlow Falls",
            "region": "OH",
            "country": "US",
            "timezone": "America/New_York",
            "currency": "USD",
            "languages": ["en", "es"],
            "population": 71000,
        },
        "cycle": {
            "name": "Marlow Falls mini-grants",
            "year": 2026,
            "purpose": "Better blocks.",
            "opens_at": "2026-02-14",
            "closes_at": "2026-03-27T17:00:00-04:00",
            "decision_by": "2026-04-24",
            "project_starts": "2026-05-01",
            "project_ends": "2026-11-30",
            "min_request": "250.00",
            "max_request": "2500.00",
            "pool": "24000.00",
            "expected_awards": 12,
            "stages": ["full"],
            "workshop": {"required": False, "dates": ["2026-02-26T18:00:00-05:00"]},
        },
        "eligibility": [
            {
                "key": "volunteers",
                "label": "How many volunteers?",
                "type": "number",
                "options": [],
                "must": {"words": "At least five.", "test": {"op": "gte", "value": 5}},
                "stops": True,
            }
        ],
        "sections": unseen_sections(),
        "budget": {
            "columns": ["requested", "match_cash"],
            "categories": [
                {"key": "supplies", "label": "Supplies", **category},
                {"key": "food", "label": "Food", "max_percent": "10", "max_amount": "150.00"},
            ],
            "disallowed": ["Alcohol"],
            "match_required": {
                "percent": "25",
                "of": "request",
                "may_be": ["cash"],
                "volunteer_hour_value": None,
                "note": None,
            },
            "vendor_quotes_over": "500.00",
        },
        "attachments": [
            {"key": "w9", "label": "Form W-9", "required": True, "when": None},
            {"key": "permit", "label": "Permit", "required": True, "when": "if you dig"},
        ],
        "rubric": {
            "gates": [{"key": "complete", "label": "Complete"}],
            "criteria": [{"key": "impact", "label": "Impact", "max_points": 30, "guidance": None}],
            "bonus": [{"key": "youth", "label": "Youth", "max_points": 5, "guidance": None}],
            "minimum_total": 20,
            "reviewers": "Residents and staff",
        },
        "award": {
            "payment_modes": ["reimbursement"],
            "sponsor_fee_max_percent": "5",
            "reports": [{"kind": "final_report", "due": "30 days after the end"}],
            "conditions": ["Photos before and after"],
            "city_services": [{"key": "bins", "label": "Trash bins"}],
        },
    }
    for part, values in changes.items():
        data[part] = {**data[part], **values} if isinstance(values, Mapping) else values
    return data
