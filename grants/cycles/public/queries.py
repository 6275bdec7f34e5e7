"""Calls as the public sees them: published ones, with what a card or page says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.interface.formats import money
from cities.tenancy.models import City
from grants.cycles.models import Cycle, CycleQuerySet, FormVersion
from grants.cycles.parts import MATCH_KINDS
from grants.cycles.questions import (
    RADIOS_AT_MOST,
    Budget,
    Category,
    FormDefinition,
    Item,
    Kind,
    Question,
    Result,
    Section,
    State,
    check,
    items_from_json,
    visible_questions,
)
from grants.cycles.questions.forms import words

_HEAVY = ("eligibility", "budget", "attachments", "rubric", "award_terms", "notes")
UPCOMING, OPEN, CLOSED = "upcoming", "open", "closed"


def published_calls(words: str = "") -> CycleQuerySet:
    """Published calls with their city, without the parts that only the call's own page shows.

    ``words`` looks in the names of call, city and state.
    """
    rows: CycleQuerySet = Cycle.objects.published().select_related("city").defer(*_HEAVY)
    for word in words.split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(city__name__icontains=word) | Q(city__region__icontains=word)
        )
    return rows


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls by what can be done with them now."""

    open: list[Cycle]
    upcoming: list[Cycle]
    closed: list[Cycle]


def sorted_calls(rows: Iterable[Cycle], now: datetime) -> Calls:
    """Sort calls into open (the next to close first), coming and closed (the latest first)."""
    by_state: dict[str, list[Cycle]] = {OPEN: [], UPCOMING: [], CLOSED: []}
    for cycle in rows:
        by_state[state_of(cycle, now)].append(cycle)
    return Calls(
        open=sorted(by_state[OPEN], key=lambda cycle: (cycle.closes_at, cycle.name)),
        upcoming=sorted(by_state[UPCOMING], key=lambda cycle: (cycle.opens_at, cycle.name)),
        closed=sorted(by_state[CLOSED], key=lambda cycle: (cycle.closes_at, cycle.name), reverse=True),
    )


def state_of(cycle: Cycle, now: datetime) -> str:
    if cycle.is_open(now):
        return OPEN
    return UPCOMING if cycle.opens_at and now < cycle.opens_at else CLOSED


@dataclass(frozen=True, slots=True)
class Workshop:
    """A day in the city, with its hour where the call names one."""

    on: date
    at: datetime | None


def _workshop(text: str, zone: ZoneInfo) -> Workshop | None:
    try:
        if len(text) == len("2026-04-27"):
            return Workshop(date.fromisoformat(text), None)
        at = datetime.fromisoformat(text)
        # Without an offset it is an hour on the city's clocks, not on the server's.
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        return Workshop(at.astimezone(zone).date(), at)
    except (ValueError, OverflowError):
        return None


@dataclass
class CallPage:
    """One call with all that somebody wants to know before starting."""

    cycle: Cycle
    city: City
    now: datetime

    @property
    def state(self) -> str:
        return state_of(self.cycle, self.now)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return items_from_json(self.cycle.eligibility)

    @cached_property
    def budget(self) -> Budget:
        return Budget.from_json(self.cycle.budget)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The form's pages in the reader's language."""
        version = FormVersion.objects.filter(cycle=self.cycle, is_applied_with=True).first()
        return version.form.in_language(get_language() or "en").sections if version else ()

    @property
    def papers(self) -> list[dict[str, Any]]:
        """What to have at hand: files that the form asks for at once, then those that may be needed."""
        asked = [
            {"label": question.label, "when": question.help or "", "required": question.required}
            for question in self._files_asked
        ]
        return sorted(asked, key=lambda paper: not paper["required"])

    @property
    def _files_asked(self) -> list[Question]:
        questions = FormDefinition(self.sections).questions
        return [question for question in questions if question.type == Kind.FILE]

    @property
    def other_papers(self) -> list[tuple[str, str]]:
        """The call's papers that the form doesn't ask for as files, each with when it is needed."""
        asked = {question.key for question in self._files_asked}
        return [
            (self.cycle.said(paper["label"]), self.cycle.said(paper["when"] or ""))
            for paper in self.cycle.attachments
            if paper["key"] not in asked
        ]

    @property
    def question_count(self) -> int:
        return sum(len(section.questions) for section in self.sections)

    @property
    def first_question_count(self) -> int:
        """How many questions everybody is asked, before any answer opens another."""
        return len(visible_questions(FormDefinition(self.sections), {}))

    @property
    def workshops(self) -> list[Workshop]:
        found = (_workshop(text, self.city.zone) for text in self.cycle.workshop.get("dates") or ())
        return [workshop for workshop in found if workshop]

    @property
    def categories(self) -> list[tuple[str, str]]:
        """What is paid for, each with the most it may take, in words."""
        return [(self.cycle.said(one.label), self._most(one)) for one in self.budget.categories]

    @property
    def disallowed(self) -> list[str]:
        return [self.cycle.said(thing) for thing in self.budget.disallowed]

    def _most(self, category: Category) -> str:
        limits = []
        if category.max_percent is not None:
            limits.append(
                _("%(percent)s%% of the grant") % {"percent": f"{category.max_percent.normalize():f}"}
            )
        if category.max_cents is not None:
            limits.append(money(category.max_cents, self.city.currency, short=True))
        return _(" or ").join(limits)

    @property
    def match_percent(self) -> str:
        match = self.budget.match
        return f"{match.percent.normalize():f}" if match and match.percent else ""

    @property
    def match_kinds(self) -> list[str]:
        """What counts as a match."""
        kinds = self.budget.match.may_be if self.budget.match else ()
        return [str(MATCH_KINDS.get(kind) or self.cycle.said(words(kind))) for kind in kinds]

    @property
    def match_note(self) -> str:
        match = self.budget.match
        return self.cycle.said(match.note or "") if match else ""

    @property
    def conditions(self) -> list[str]:
        return [self.cycle.said(condition) for condition in self.cycle.award_terms["conditions"]]


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One question of the self-check, with the answer given and what it means."""

    item: Item
    label: str
    words: str
    given: str
    state: str
    sentence: str

    @property
    def field(self) -> str:
        return self.item.field_name

    @property
    def is_long(self) -> bool:
        """Whether the choices are too many to show one under the other."""
        return len(self.item.choices()) > RADIOS_AT_MOST

    @property
    def tone(self) -> str:
        return {State.OK: "success", State.STOP: "danger", State.WARN: "warning", State.UNKNOWN: "info"}.get(
            State(self.state), "neutral"
        )


def shown_items(items: Iterable[Item], answers: Mapping[str, Any]) -> tuple[Result, list[ShownItem]]:
    """Judge the answers given so far, and return each question as the page shows it."""
    result, language = check(tuple(items), answers), get_language() or "en"
    shown = [
        ShownItem(
            item=outcome.item,
            label=outcome.item.label_in(language),
            words=outcome.item.words_in(language),
            given=str(answers.get(outcome.item.key) or ""),
            state=str(outcome.state),
            sentence=outcome.sentence,
        )
        for outcome in result.outcomes
    ]
    return result, shown
