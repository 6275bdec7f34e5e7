"""Which answers stand for the whole application in lists, maps and mails.

Chosen by key, label and type, in the form's order, so that the same form always gives the same choice. Staff
may choose otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Self

from .budget import Budget, lines_of
from .cleaning import answer_text
from .conditions import visible_answers
from .definition import Answers, FormDefinition, Json, Kind, Question
from .money import cents_of
from .types.places import point_of

_WORDS = {Kind.SHORT_TEXT}
_CHOSEN = {Kind.SINGLE_CHOICE, Kind.MULTI_CHOICE}
_PERSON = re.compile(
    r"leader|contact|manager|coordinator|person|director|president|sponsor|signer", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SummaryKeys:
    """The keys of the questions that give an application's title, group, amount, place and kind."""

    title: str | None = None
    group: str | None = None
    amount: str | None = None
    place: str | None = None
    neighborhood: str | None = None
    category: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        return cls(**{field.name: data.get(field.name) for field in fields(cls)})

    def to_json(self) -> dict[str, str | None]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Summary:
    """An application in one line."""

    title: str = ""
    group: str = ""
    amount_cents: int | None = None
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    neighborhood: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class _Hint:
    """What a question looks like that plays one part: its types, its key, else its label, and what it is not."""

    types: frozenset[Kind]
    keys: re.Pattern[str]
    labels: re.Pattern[str]
    unless: re.Pattern[str]


def _hint(types: set[Kind], keys: str, labels: str, unless: str) -> _Hint:
    return _Hint(
        frozenset(types),
        re.compile(keys, re.IGNORECASE),
        re.compile(labels, re.IGNORECASE),
        re.compile(unless, re.IGNORECASE),
    )


_TITLE = _hint(
    _WORDS,
    r"^(.*_)?(project|idea)_(title|name)$|^title$",
    r"\b(project|idea)\b.*\b(title|name)\b|\b(title|name)\b.*\b(project|idea)\b|nombre del proyecto|título del proyecto",
    _PERSON.pattern,
)
_GROUP = _hint(
    _WORDS,
    r"^(.*_)?(group|group_name|organi[sz]ation|organi[sz]ation_name|association|legal_name|club|applicant_name)$",
    r"\b(group|organi[sz]ation|association|club|grupo|organización)\b",
    r"sponsor|fiduciary|fiscal|holding|partner|agent|year|website|daily|\btype\b|\bkind\b|" + _PERSON.pattern,
)
_AMOUNT = _hint(
    {Kind.MONEY},
    r"^(.*_)?(amount|request|requested|ask)(_.*)?$",
    r"\b(request|requested|asking|ask for)\b|cantidad solicitada|monto solicitado",
    r"match|cash|other|received|income|fee|previous|prior|in_kind",
)
_TOTAL = _hint({Kind.MONEY}, r"^total$", r"^total\b", r"project cost|total cost|match|other")
_PLACE = _hint({Kind.LOCATION}, r"", r"", r"$^")
_SITE = _hint(
    {Kind.ADDRESS, Kind.TABLE},
    r"site|place|where|location|project_address",
    r"\b(site|where|place|location)\b",
    r"mailing|legal|home|budget|event|" + _PERSON.pattern,
)
_NEIGHBORHOOD = _hint(
    {Kind.SINGLE_CHOICE, Kind.SHORT_TEXT},
    r"^(.*_)?(neighbou?rhood|ward|district|council_district|barrio|area)$",
    r"^(which |your |the )*(neighbou?rhood|ward|council district|district|barrio)\b",
    r"group|association|organi[sz]ation|plan|leader|output",
)
_CATEGORY = _hint(
    _CHOSEN,
    r"category|project_(kind|type)|theme|goal|output|^kind$",
    r"\b(category|kind of project|type of project|theme|categoría)",
    r"group|applicant|organi[sz]ation|land|match|cost",
)


def summary_keys(definition: FormDefinition) -> SummaryKeys:
    """Choose the questions for the summary of this form; ``None`` where none fits."""
    place = _find(definition, _PLACE) or _find(definition, _SITE, _tells_a_place)
    return SummaryKeys(
        title=_find(definition, _TITLE),
        group=_find(definition, _GROUP),
        amount=_find(definition, _AMOUNT) or _find(definition, _TOTAL),
        place=place,
        neighborhood=_find(definition, _NEIGHBORHOOD),
        category=_find(definition, _CATEGORY),
    )


def summary(
    definition: FormDefinition,
    keys: SummaryKeys,
    answers: Answers,
    *,
    budget: Budget | None = None,
    budget_key: str | None = None,
) -> Summary:
    """Return the summary of an application by its visible answers.

    Without an amount question, the budget lines' sum is the amount asked for.
    """
    seen = visible_answers(definition, answers)

    def text(key: str | None) -> str:
        question = definition.question(key) if key else None
        return answer_text(question, seen.get(question.key)) if question else ""

    amount = cents_of(seen.get(keys.amount)) if keys.amount else None
    table = definition.question(budget_key) if budget_key else None
    if keys.amount is None and budget and table and seen.get(table.key):
        amount = sum(line[budget.grant_column] for line in lines_of(table, seen.get(table.key), budget))
    point = point_of(seen.get(keys.place)) if keys.place else None
    return Summary(
        title=text(keys.title),
        group=text(keys.group),
        amount_cents=amount,
        place=text(keys.place),
        lat=point[0] if point else None,
        lng=point[1] if point else None,
        neighborhood=text(keys.neighborhood),
        category=text(keys.category),
    )


def _find(
    definition: FormDefinition, hint: _Hint, also: Callable[[Question], bool] = lambda _question: True
) -> str | None:
    """Return the first question whose key fits the hint, else the first whose label does."""
    asked = [
        question
        for question in definition.questions
        if question.type in hint.types
        and not hint.unless.search(f"{question.key} {question.label}")
        and also(question)
    ]
    by_key = (question.key for question in asked if hint.keys.search(question.key))
    by_label = (question.key for question in asked if hint.labels.search(question.label))
    return next(by_key, None) or next(by_label, None)


def _tells_a_place(question: Question) -> bool:
    return question.type == Kind.ADDRESS or any(
        column.type in {Kind.ADDRESS, Kind.LOCATION} for column in question.columns
    )
