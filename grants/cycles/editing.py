"""Edits of a form: pure functions from one definition to the next."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from .questions import Budget, Column, FormDefinition, Kind, Question, Section, complete_form
from .questions.conditions import can_hold
from .questions.definition import CHOICES
from .questions.forms import money_column
from .questions.money import cents_of_decimal
from .questions.problems import MAX_ROWS_STORED
from .questions.types.dates import day_of
from .questions.types.numbers import LARGEST, decimal_of

UP, DOWN = "up", "down"
CATEGORY = "category"


def free_key(words: str, taken: Iterable[str], fallback: str = "question") -> str:
    """Return a key for something named ``words``: small letters, digits, underscores, not yet taken."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_")
    base = base if re.match(r"[a-z]", base) else f"{fallback}_{base}".rstrip("_")
    used = set(taken)
    return (
        base
        if base not in used
        else next(f"{base}_{n}" for n in range(2, 10_000) if f"{base}_{n}" not in used)
    )


def with_section(form: FormDefinition, section: Section) -> FormDefinition:
    """Replace the section of the same key, or append it."""
    if form.section(section.key) is None:
        return replace(form, sections=(*form.sections, section))
    return _each_section(form, lambda old: section if old.key == section.key else old)


def without_section(form: FormDefinition, key: str) -> FormDefinition:
    return replace(form, sections=tuple(section for section in form.sections if section.key != key))


def with_question(form: FormDefinition, section_key: str, question: Question) -> FormDefinition:
    """Put the question into a section: in its old place if it stands there already, else at the end."""
    here = form.section_of(question.key)
    if here is not None and here.key == section_key:
        return _each_section(
            form,
            lambda s: _with_questions(s, (question if q.key == question.key else q for q in s.questions)),
        )
    form = without_question(form, question.key)
    return _each_section(
        form, lambda s: _with_questions(s, (*s.questions, question)) if s.key == section_key else s
    )


def without_question(form: FormDefinition, key: str) -> FormDefinition:
    return _each_section(form, lambda s: _with_questions(s, (q for q in s.questions if q.key != key)))


def move_section(form: FormDefinition, key: str, direction: str) -> FormDefinition:
    return replace(form, sections=tuple(_moved(form.sections, key, direction)))


def move_question(form: FormDefinition, key: str, direction: str) -> FormDefinition:
    """Move a question within its section; from an end it goes over into the neighboring section."""
    section = form.section_of(key)
    question = form.question(key)
    if section is None or question is None:
        return form
    at_end = section.questions[0 if direction == UP else -1].key == key
    if not at_end:
        return _each_section(
            form,
            lambda s: _with_questions(s, _moved(s.questions, key, direction)) if s.key == section.key else s,
        )
    keys = [s.key for s in form.sections]
    index = keys.index(section.key) + (-1 if direction == UP else 1)
    if not 0 <= index < len(keys):
        return form
    without = without_question(form, key)
    neighbor = keys[index]

    def arrive(s: Section) -> Section:
        if s.key != neighbor:
            return s
        return _with_questions(s, (*s.questions, question) if direction == UP else (question, *s.questions))

    return _each_section(without, arrive)


def with_categories(form: FormDefinition, budget_key: str | None, budget: Budget) -> FormDefinition:
    """Let the budget table offer the categories of new budget rules, or none."""
    table = form.question(budget_key) if budget_key else None
    if table is None:
        return form
    columns = [
        c for c in table.columns if not (c.type == Kind.SINGLE_CHOICE and (c.choices or c.key == CATEGORY))
    ]
    chosen = next(
        (c for c in table.columns if c.type == Kind.SINGLE_CHOICE and (c.choices or c.key == CATEGORY)), None
    )
    if budget.categories:
        column = _uncategorized(chosen, budget) if chosen else _category_column([c.key for c in columns])
        columns = [column, *columns]
    form = _with_columns(form, table, columns)
    return complete_form(form, budget).definition if budget.categories else form


def with_money_columns(
    form: FormDefinition, budget_key: str | None, before: Budget, budget: Budget
) -> FormDefinition:
    """Let the budget table ask for the money that new budget rules add, and no longer for what they drop."""
    table = form.question(budget_key) if budget_key else None
    if table is None:
        return form
    dropped = set(before.columns) - set(budget.columns)
    columns = [c for c in table.columns if c.type != Kind.MONEY or c.key not in dropped]
    asked = {*before.columns, *(c.key for c in columns)}
    columns += [money_column(key) for key in budget.columns if key not in asked]
    return _with_columns(form, table, columns)


def _with_columns(form: FormDefinition, table: Question, columns: Iterable[Column]) -> FormDefinition:
    section = form.section_of(table.key)
    return with_question(form, section.key if section else "", replace(table, columns=tuple(columns)))


def _uncategorized(column: Column, budget: Budget) -> Column:
    """Return the column ready for new categories; those that keep their label keep their words."""
    before = [choice.label for choice in column.choices]
    words = {code: dict(said) for code, said in column.translations.items()}
    for said in words.values():
        lines = said.pop("options", ())
        if len(lines) == len(before):
            said["options"] = moved_words(lines, before, [category.label for category in budget.categories])
    return replace(column, choices=(), translations=words)


def moved_words(lines: Sequence[str], before: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Return the words of options in another language in the order of new labels; empty where a label is new."""
    said = dict(zip(before, lines, strict=True))
    return [said.get(label) or "" for label in labels]


def _category_column(taken: Iterable[str]) -> Column:
    return Column(
        free_key(CATEGORY, taken),
        "Kind of cost",
        Kind.SINGLE_CHOICE,
        translations={"es": {"label": "Tipo de gasto"}},
    )


def form_problems(form: FormDefinition) -> list[tuple[str, str]]:
    """Return what no form may have, as pairs of place (a question's or section's key) and sentence."""
    found: list[tuple[str, str]] = []
    sections = [section.key for section in form.sections]
    found += [
        (key, _("There are two sections with the key “%(key)s”.") % {"key": key}) for key in _twice(sections)
    ]
    found += [
        (key, _("There are two questions with the key “%(key)s”.") % {"key": key})
        for key in _twice(q.key for q in form.questions)
    ]
    earlier: dict[str, Question] = {}
    for question in form.questions:
        found += [(question.key, sentence) for sentence in question_problems(question, earlier)]
        earlier[question.key] = question
    return found


def question_problems(question: Question, earlier: dict[str, Question]) -> list[str]:
    """Return what is wrong with one question; ``earlier`` are those that stand before it, by key."""
    name = {"question": question.label}
    checks = [
        (question.type in CHOICES and len(set(question.options)) < 2, _("“%(question)s” needs at least two different options.")),  # noqa: PLR2004
        (len(set(question.options)) != len(question.options), _("“%(question)s” has an option twice.")),
        (question.type in {Kind.TABLE, Kind.PEOPLE} and not question.columns, _("“%(question)s” needs at least one column.")),
        (bool(_twice(column.key for column in question.columns)), _("“%(question)s” has two columns with one key.")),
        (not all(_is_limit(question, limit) for limit in (question.min, question.max)), _("In “%(question)s” the lowest or the highest does not fit the kind of answer.")),
        (_crossed(question.min, question.max), _("In “%(question)s” the highest is below the lowest.")),
        (not _words_fit(question), _("In “%(question)s” another language does not have one line for each option.")),
        (_asks_too_many(question), _("“%(question)s” asks for more choices than it has options.")),
        (_crossed(question.min_rows, question.max_rows), _("In “%(question)s” the highest is below the lowest.")),
        (not _condition_holds(question, earlier), _("“%(question)s” depends on a question that does not stand before it, or on an answer that it cannot have.")),
    ]  # fmt: skip
    return [sentence % name for wrong, sentence in checks if wrong]


def _condition_holds(question: Question, earlier: dict[str, Question]) -> bool:
    condition = question.shown_when
    if condition is None:
        return True
    asked = earlier.get(condition.question)
    return asked is not None and can_hold(condition, asked)


def _is_limit(question: Question, limit: Any) -> bool:
    """Say whether a limit can be compared with answers of this kind; where none is looked at, anything may stand."""
    if limit is None:
        return True
    match question.type:
        case Kind.NUMBER:
            number = decimal_of(limit)
            return number is not None and abs(number) <= LARGEST
        case Kind.MONEY:
            return cents_of_decimal(limit) is not None
        case Kind.DATE:
            return day_of(limit) is not None
        case Kind.MULTI_CHOICE | Kind.FILE:
            return isinstance(limit, int) and not isinstance(limit, bool) and 0 <= limit <= MAX_ROWS_STORED
        case _:
            return True


def _words_fit(question: Question) -> bool:
    """Say whether every language has a line for each option; they are read by position."""
    asked: list[Question | Column] = [question, *question.columns]
    said = [
        (words.get("options"), one.choices)
        for one in asked
        if one.choices
        for words in one.translations.values()
    ]
    return all(
        not lines or (isinstance(lines, list) and len(lines) == len(choices)) for lines, choices in said
    )


def _asks_too_many(question: Question) -> bool:
    least = question.min if question.type == Kind.MULTI_CHOICE else None
    return isinstance(least, int) and least > len(question.options)


def _crossed(low: Any, high: Any) -> bool:
    if low is None or high is None:
        return False
    try:
        return float(low) > float(high)
    except (TypeError, ValueError):
        return str(low) > str(high)


def _twice(keys: Iterable[str]) -> list[str]:
    listed = list(keys)
    return sorted({key for key in listed if listed.count(key) > 1})


def _each_section(form: FormDefinition, change: Callable[[Section], Section]) -> FormDefinition:
    return replace(form, sections=tuple(change(section) for section in form.sections))


def _with_questions(section: Section, questions: Iterable[Question]) -> Section:
    return replace(section, questions=tuple(questions))


def _moved(items: Sequence[Any], key: str, direction: str) -> list[Any]:
    found = list(items)
    index = next((i for i, item in enumerate(found) if item.key == key), None)
    target = None if index is None else index + (-1 if direction == UP else 1)
    if index is not None and target is not None and 0 <= target < len(found):
        found[index], found[target] = found[target], found[index]
    return found
