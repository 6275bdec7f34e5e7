"""``shown_when``, judged on the server over the stored answers."""

from __future__ import annotations

from decimal import Decimal

from .definition import Answers, Condition, FormDefinition, Json, Kind, Question
from .money import cents_of, cents_of_decimal
from .problems import is_typed
from .types.dates import day_of
from .types.numbers import decimal_of

COMPARED = frozenset(
    {Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.MULTI_CHOICE, Kind.TABLE, Kind.PEOPLE, Kind.FILE}
)
"""What ``gte`` and ``lte`` mean something for: amounts, days, and how many were chosen, written or sent."""
WRITTEN = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE})


def holds(condition: Condition, question: Question, value: Json) -> bool:
    """Return whether ``value``, the answer to ``question``, fulfils the condition.

    No answer, or one that was not understood, fulfils nothing. ``eq`` and ``in`` on several choices ask
    whether one of them was chosen. ``gte`` and ``lte`` compare numbers, money, days and counts.
    """
    if value is None or is_typed(value):
        return False
    if condition.op == "in":
        wanted = condition.value if isinstance(condition.value, list) else [condition.value]
        return any(_equal(question, value, one) for one in wanted)
    if condition.op == "eq":
        return _equal(question, value, condition.value)
    mine, theirs = _measure(question, value), _limit(question, condition.value)
    if mine is None or theirs is None:
        return False
    return mine >= theirs if condition.op == "gte" else mine <= theirs


def can_hold(condition: Condition, question: Question) -> bool:
    """Return whether any answer to ``question`` could fulfil the condition. One that none can hides its question."""
    value = condition.value
    if condition.op in {"gte", "lte"}:
        return question.type in COMPARED and _limit(question, value) is not None
    if condition.op == "in":
        wanted = value if isinstance(value, list) else []
    else:
        wanted = value if isinstance(value, list) and question.type == Kind.MULTI_CHOICE else [value]
    return bool(wanted) and all(_can_be(question, one) for one in wanted)


def _can_be(question: Question, wanted: Json) -> bool:
    match question.type:
        case Kind.YES_NO:
            return isinstance(wanted, bool)
        case Kind.SINGLE_CHOICE | Kind.MULTI_CHOICE:
            return wanted in question.options
        case Kind.NUMBER | Kind.MONEY | Kind.DATE:
            return _limit(question, wanted) is not None
        case _:
            return question.type in WRITTEN and isinstance(wanted, str)


def visible_keys(definition: FormDefinition, answers: Answers) -> frozenset[str]:
    """Return the keys of the questions that these answers show.

    A hidden question hides those that depend on it, whatever was once answered there. A condition on a
    question that this form doesn't hold (a stage seen alone) shows its question.
    """
    asked = {question.key: question for question in definition.questions}
    visible: set[str] = set()
    for question in definition.questions:
        condition = question.shown_when
        other = asked.get(condition.question) if condition else None
        if (
            condition is None
            or other is None
            or (other.key in visible and holds(condition, other, answers.get(other.key)))
        ):
            visible.add(question.key)
    return frozenset(visible)


def visible_questions(definition: FormDefinition, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that these answers show, in order."""
    keys = visible_keys(definition, answers)
    return tuple(question for question in definition.questions if question.key in keys)


def visible_answers(definition: FormDefinition, answers: Answers) -> dict[str, Json]:
    """Return the answers that count: those to visible questions. What was hidden stays stored, unread."""
    keys = visible_keys(definition, answers)
    return {key: value for key, value in answers.items() if key in keys}


def _equal(question: Question, value: Json, wanted: Json) -> bool:
    if isinstance(value, list) and question.type == Kind.MULTI_CHOICE:
        if isinstance(wanted, list):
            return {str(item) for item in wanted} == {str(item) for item in value}
        return wanted in value
    if question.type in {Kind.MONEY, Kind.NUMBER, Kind.DATE} and not isinstance(wanted, bool):
        mine, theirs = _measure(question, value), _limit(question, wanted)
        return mine is not None and mine == theirs
    return type(value) is type(wanted) and bool(value == wanted)


def _measure(question: Question, value: Json) -> Decimal | None:
    """Return what an answer weighs in a comparison."""
    if question.type == Kind.MONEY:
        cents = cents_of(value)
        return None if cents is None else Decimal(cents)
    if question.type == Kind.DATE:
        day = day_of(value)
        return None if day is None else Decimal(day.toordinal())
    if isinstance(value, list):
        return Decimal(len(value))
    return decimal_of(value) if question.type == Kind.NUMBER else None


def _limit(question: Question, value: Json) -> Decimal | None:
    """Return what a condition's value weighs, in the same unit."""
    if question.type == Kind.MONEY:
        cents = cents_of_decimal(value)
        return None if cents is None else Decimal(cents)
    if question.type == Kind.DATE:
        day = day_of(value)
        return None if day is None else Decimal(day.toordinal())
    return decimal_of(value)
