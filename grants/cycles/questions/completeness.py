"""What is left to do: for the task list, and for the gate before submission."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .cleaning import is_answered, submission_problems
from .conditions import visible_keys
from .definition import Answers, FormDefinition, Question, Section
from .problems import Problem


@dataclass(frozen=True, slots=True)
class Missing:
    """One question that keeps the form from being submitted."""

    section: Section
    question: Question
    problems: tuple[Problem, ...]

    @property
    def sentence(self) -> str:
        return self.problems[0].sentence


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far one section is: counts of its visible questions."""

    section: Section
    asked: int
    answered: int
    missing: int

    @property
    def state(self) -> str:
        """``empty`` (nothing answered, something to do), ``started`` or ``done``."""
        if not self.missing:
            return "done" if self.answered or not self.asked else "optional"
        return "started" if self.answered else "empty"


def missing(definition: FormDefinition, answers: Answers, *, currency: str = "USD") -> tuple[Missing, ...]:
    """Return every visible question whose answer is missing or wrong, in the form's order."""
    keys = visible_keys(definition, answers)
    found = []
    for section, question in definition:
        if question.key in keys:
            problems = submission_problems(question, answers.get(question.key), currency=currency)
            if problems:
                found.append(Missing(section, question, problems))
    return tuple(found)


def progress(
    definition: FormDefinition,
    answers: Answers,
    left: Iterable[Missing] | None = None,
    *,
    currency: str = "USD",
) -> tuple[SectionProgress, ...]:
    """Return the state of each section that shows at least one question.

    Whoever has asked :func:`missing` already hands over what it said.
    """
    keys = visible_keys(definition, answers)
    left = missing(definition, answers, currency=currency) if left is None else left
    gaps = [gap.section.key for gap in left]
    sections = []
    for section in definition.sections:
        shown = [question for question in section.questions if question.key in keys]
        if shown:
            answered = sum(is_answered(question, answers.get(question.key)) for question in shown)
            sections.append(SectionProgress(section, len(shown), answered, gaps.count(section.key)))
    return tuple(sections)
