"""One page of the form, ready to draw: each question with its answer, its trouble and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from cities.tenancy.errors import RuleError
from grants.cycles.questions import (
    NOTHING,
    BoundQuestion,
    CategoryTotal,
    Evaluation,
    Frame,
    Json,
    Kind,
    Problem,
    Question,
    Section,
    ShownFile,
    clean,
    evaluate_answers,
    is_answered,
    is_posted,
    parse,
    posted_version,
    submission_problems,
)

from .actions import PageSaved
from .api.serializers import file_address, small_address
from .models import Attachment
from .queries import FilledForm, files_of


@dataclass(frozen=True)
class Redraw:
    """Why a page is shown again: what was typed, what became of it, and what is wrong."""

    outcome: PageSaved = field(default_factory=PageSaved)
    typed: Mapping[str, Json] = field(default_factory=dict)
    problems: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
    refusal: RuleError | None = None
    extra_row_in: str = ""
    asks_all: bool = False
    """Say what is missing too: the reader came from the list of what is left."""


NOTHING_WRONG = Redraw()


@dataclass
class SectionPage:
    """A section of somebody's form. ``redraw`` is ``NOTHING_WRONG`` on a first visit."""

    form: FilledForm
    section: Section
    redraw: Redraw = NOTHING_WRONG

    def __post_init__(self) -> None:
        self.visible = self.form.visible()
        self.files = (
            shown_files(self.form)
            if any(_takes_files(question) for question in self.section.questions)
            else []
        )
        self.questions = [self._bound(question) for question in self.section.questions]

    @property
    def shown(self) -> Section:
        return self.section.in_language(get_language() or "en")

    @property
    def sections(self) -> list[Section]:
        """The sections that these answers show, in order."""
        return [s for s in self.form.definition.sections if any(q.key in self.visible for q in s.questions)]

    @property
    def position(self) -> int:
        keys = [section.key for section in self.sections]
        return keys.index(self.section.key) + 1 if self.section.key in keys else 1

    @property
    def next_section(self) -> Section | None:
        following = self.sections[self.position :]
        return following[0] if following else None

    @property
    def previous_section(self) -> Section | None:
        return self.sections[self.position - 2] if self.position > 1 else None

    @property
    def has_files(self) -> bool:
        return any(_takes_files(question) for question in self.section.questions)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What is wrong, as (id of the input, question, sentence), for the summary at the top."""
        return [
            (anchor, bound.shown.label, sentence)
            for bound in self.questions
            if bound.visible
            for anchor, sentence in bound.errors
        ]

    @property
    def conflicts(self) -> list[BoundQuestion]:
        return [bound for bound in self.questions if bound.has_conflict]

    @property
    def has_budget(self) -> bool:
        return self.form.section_key_of(self.form.complete_form.budget_key) == self.section.key

    @property
    def disallowed(self) -> list[str]:
        """What the grant can't pay for, where this page holds the budget's table."""
        cycle = self.form.cycle
        return [cycle.said(thing) for thing in self.form.budget.disallowed] if self.has_budget else []

    @property
    def budget(self) -> Evaluation | None:
        """Sums and ceilings, where this page holds the budget's table and something is in it."""
        complete = self.form.complete_form
        if not self.has_budget or not self.form.value_of(complete.budget_key or ""):
            return None
        cycle = self.form.cycle
        frame = Frame(
            floor_cents=cycle.min_request_cents,
            cap_cents=cycle.max_request_cents,
            currency=self.form.currency,
        )
        found: Evaluation | None = evaluate_answers(complete, self.form.budget, self.form.values, frame)
        return found

    @property
    def ceilings(self) -> list[CategoryTotal]:
        return (
            [total for total in self.budget.categories if total.cents or total.ceiling_cents]
            if self.budget
            else []
        )

    def _bound(self, question: Question) -> BoundQuestion:
        key, outcome = question.key, self.redraw.outcome
        value, version, theirs = self.form.value_of(key), self.form.version_of(key), NOTHING
        problems: Sequence[Problem] = self.redraw.problems.get(key, ())
        if key in outcome.conflicts:
            conflict = outcome.conflicts[key]
            value, version, theirs = conflict.yours, conflict.theirs.version, conflict.theirs.value
        elif key in outcome.refused:
            value, problems = outcome.refused[key].value, outcome.refused[key].problems
        elif key in outcome.saved:
            problems = (*problems, *outcome.saved[key].problems)
        elif key in self.redraw.typed:
            value = self.redraw.typed[key]
        elif self.redraw.asks_all and key in self.visible:
            problems = submission_problems(question, value, currency=self.form.currency)
        return BoundQuestion(
            question,
            value=value,
            problems=problems,
            version=version,
            files=self.files,
            visible=key in self.visible,
            extra_rows=int(self.redraw.extra_row_in == key),
            currency=self.form.currency,
            theirs=theirs,
        )


def posted_answers(form: FilledForm, section: Section, data: Any) -> dict[str, tuple[Json, int | None]]:
    """Return what a page posted, as input for ``save_page``.

    Plain file questions are left out: their answers change with the files, by actions of their own.
    """
    return {
        question.key: (parse(question, data), posted_version(question, data))
        for question in section.questions
        if question.type != Kind.FILE and is_posted(question, data)
    }


def as_typed(
    form: FilledForm, section: Section, answers: Mapping[str, tuple[Json, int | None]]
) -> dict[str, Json]:
    """Return posted answers as values to show again, stored or not."""
    return {
        question.key: clean(question, answers[question.key][0], currency=form.currency).value
        for question in section.questions
        if question.key in answers
    }


def newly_asked(section: Section, before: frozenset[str], form: FilledForm) -> str:
    """Return the first question of this page that the new answers brought up and that isn't answered; else nothing."""
    after = form.visible()
    for question in section.questions:
        if question.key in after - before and not is_answered(question, form.value_of(question.key)):
            return question.key
    return ""


def shown_files(form: FilledForm) -> list[ShownFile]:
    return [shown_file(form.city.slug or "", file) for file in files_of(form.application.pk)]


def shown_file(slug: str, file: Attachment) -> ShownFile:
    return ShownFile(
        str(file.pk),
        file.name,
        file.size_bytes,
        url=file_address(slug, file),
        thumbnail_url=small_address(slug, file),
    )


def _takes_files(question: Question) -> bool:
    return question.type == Kind.FILE or any(column.type == Kind.FILE for column in question.columns)
