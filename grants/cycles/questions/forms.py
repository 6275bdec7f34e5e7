"""From what a call asks to a form that can be filled in.

The format keeps three things apart that an applicant meets as one form: questions, budget rules and
attachments. Here they are put together, and every guess is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from .budget import Budget, Evaluation, Frame, evaluate, lines_of, money_columns
from .conditions import visible_answers
from .definition import CHOICES, Answers, Choice, Column, FormDefinition, Json, Kind, Question, Section
from .money import cents_of
from .summary import SummaryKeys, summary_keys

_IS_BUDGET = re.compile(r"budget|cost|expense|presupuesto|gastos", re.IGNORECASE)
_IS_MATCH = re.compile(r"match|contribution|aporte", re.IGNORECASE)

_COLUMN_WORDS = {
    "requested": gettext_noop("Asked from the city"),
    "match_cash": gettext_noop("Cash your group adds"),
    "match_in_kind": gettext_noop("Donated goods and services"),
    "match_volunteer_labor": gettext_noop("Volunteer time, in money"),
    "in_kind": gettext_noop("Donated goods and services"),
}
_BUDGET_TITLE = gettext_noop("Budget")
_BUDGET_LABEL = gettext_noop("What will it cost?")
_BUDGET_HELP = gettext_noop("Add one line for each thing you need to pay for.")
_CATEGORY = gettext_noop("Kind of cost")
_DESCRIPTION = gettext_noop("What it is for")
_DOCUMENTS_TITLE = gettext_noop("Documents")


@dataclass(frozen=True, slots=True)
class FormNote:
    """One thing that was added or guessed while putting the form together. ``place`` is a dotted path."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CompleteForm:
    """The form to store: all sections, which table is the budget, which answers make up the summary."""

    definition: FormDefinition
    budget_key: str | None = None
    summary: SummaryKeys = field(default_factory=SummaryKeys)
    notes: tuple[FormNote, ...] = ()


def complete_form(
    definition: FormDefinition,
    budget: Budget,
    attachments: Sequence[Mapping[str, Json]] = (),
    stages: Sequence[str] = ("full",),
) -> CompleteForm:
    """Put questions, budget table and documents together into one form.

    Of a two-stage call nothing is added to the first stage: money and papers belong to the second.
    """
    notes: list[FormNote] = []
    definition = _with_choices(definition, budget, notes)
    one_stage = len(stages) < 2  # noqa: PLR2004
    table = budget_question(definition.applied_with(stages))
    if table is None and one_stage:
        section = _budget_section(definition, budget)
        table = section.questions[0]
        definition = replace(definition, sections=(*definition.sections, section))
        notes.append(FormNote(f"sections.{section.key}", "The form has no budget table; one was added."))
    if one_stage:
        definition = _with_documents(definition, attachments, notes)
    return CompleteForm(
        definition=definition,
        budget_key=table.key if table else None,
        summary=summary_keys(definition.applied_with(stages)),
        notes=tuple(notes),
    )


def budget_question(definition: FormDefinition) -> Question | None:
    """Return the table that is the form's budget: it holds money, and it or its section says so."""
    for section, question in definition:
        names = f"{question.key} {question.label}"
        has_money = any(column.type == Kind.MONEY for column in question.columns)
        if has_money and not _IS_MATCH.search(names) and _IS_BUDGET.search(f"{names} {section.key}"):
            return question
    return None


def match_question(definition: FormDefinition) -> Question | None:
    """Return the table in which people say what they add themselves, apart from the budget."""
    for section, question in definition:
        has_money = any(column.type == Kind.MONEY for column in question.columns)
        if has_money and _IS_MATCH.search(f"{question.key} {question.label} {section.key}"):
            return question
    return None


def evaluate_answers(
    form: CompleteForm, budget: Budget, answers: Answers, frame: Frame | None = None
) -> Evaluation | None:
    """Judge the budget of one application by its visible answers; ``None`` where the form has no budget.

    The amount question gives the request; where the budget table's column is named as in the rules, lines and
    amount must agree. The match is read from the budget's own columns, else from a table of its own.
    """
    question = form.definition.question(form.budget_key) if form.budget_key else None
    if question is None:
        return None
    counted = visible_answers(form.definition, answers)
    filled = money_columns(question, budget)
    frame = replace(
        frame or Frame(),
        requested_cents=cents_of(counted.get(form.summary.amount)) if form.summary.amount else None,
        exact=filled.get(budget.grant_column) == budget.grant_column,
        match_cents=_match_cents(form.definition, counted, budget, set(filled.values())),
    )
    return evaluate(budget, lines_of(question, counted.get(question.key), budget), frame)


def _match_cents(
    definition: FormDefinition, answers: Answers, budget: Budget, filled: set[str]
) -> int | None:
    """Return the match from a table of its own; ``None`` where the budget's columns hold it, or nothing does."""
    table = match_question(definition)
    if table is None or filled & set(budget.match_columns):
        return None
    money = [column.key for column in table.columns if column.type == Kind.MONEY]
    return sum(cents_of(row.get(key)) or 0 for row in answers.get(table.key) or () for key in money)


def _with_choices(definition: FormDefinition, budget: Budget, notes: list[FormNote]) -> FormDefinition:
    """Give choice columns their choices: the budget's categories, or words to pick from."""
    sections = []
    for section in definition.sections:
        table = budget_question(FormDefinition((section,)))
        questions = []
        for question in section.questions:
            columns = tuple(
                _column_with_choices(question, column, budget, is_budget=question is table, notes=notes)
                for column in question.columns
            )
            questions.append(replace(question, columns=columns))
        sections.append(replace(section, questions=tuple(questions)))
    return FormDefinition(tuple(sections))


def _column_with_choices(
    question: Question, column: Column, budget: Budget, *, is_budget: bool, notes: list[FormNote]
) -> Column:
    if column.type not in CHOICES or column.choices or column.suggestions:
        return column
    place = f"questions.{question.key}.columns.{column.key}"
    if is_budget and budget.categories and column.type == Kind.SINGLE_CHOICE:
        notes.append(FormNote(place, "The column has no options; it offers the budget's categories."))
        return replace(column, choices=_category_choices(budget))
    notes.append(FormNote(place, "The column has no options; it takes any text."))
    if budget.match and _IS_MATCH.search(f"{question.key} {question.label}"):
        return replace(column, suggestions=tuple(words(kind) for kind in budget.match.may_be))
    return column


def _category_choices(budget: Budget) -> tuple[Choice, ...]:
    """Return the categories as choices; same labels are told apart by a number."""
    labels = [category.label for category in budget.categories]
    seen: dict[str, int] = {}
    choices = []
    for category in budget.categories:
        label = category.label
        if labels.count(label) > 1:
            seen[label] = seen.get(label, 0) + 1
            label = f"{label} {seen[label]}"
        choices.append(Choice(category.key, label))
    return tuple(choices)


def with_category_words(
    definition: FormDefinition, budget_key: str | None, words_of: Mapping[str, Mapping[str, str]]
) -> FormDefinition:
    """Let the budget table offer its kinds of cost in other languages: per language, the words given for a text.

    The values stay, and so does what has no words.
    """
    table = definition.question(budget_key) if budget_key else None
    if table is None or not any(words_of.values()):
        return definition
    columns = tuple(
        replace(column, translations=_offered(column, words_of))
        if column.type == Kind.SINGLE_CHOICE and column.choices
        else column
        for column in table.columns
    )
    told = replace(table, columns=columns)
    sections = (
        replace(section, questions=tuple(told if each is table else each for each in section.questions))
        for section in definition.sections
    )
    return FormDefinition(tuple(sections))


def _offered(column: Column, words_of: Mapping[str, Mapping[str, str]]) -> dict[str, Json]:
    """Return a column's translations with its choices, where it has none of its own."""
    offered = {
        language: {"options": [said.get(choice.label, choice.label) for choice in column.choices]}
        for language, said in words_of.items()
    }
    return {
        language: {**offered.get(language, {}), **column.translations.get(language, {})}
        for language in offered | dict(column.translations)
    }


def _budget_section(definition: FormDefinition, budget: Budget) -> Section:
    columns = []
    asked_for = [budget.grant_column] if match_question(definition) else budget.columns
    if budget.categories:
        choices = _category_choices(budget)
        key = _free("category", budget.columns)
        columns.append(_column(key, Kind.SINGLE_CHOICE, _CATEGORY, choices=choices))
    columns.append(_column(_free("description", budget.columns), Kind.SHORT_TEXT, _DESCRIPTION))
    columns += [money_column(key) for key in asked_for]
    question = Question(
        key=_free("budget_lines", [question.key for question in definition.questions]),
        label=_BUDGET_LABEL,
        help=_BUDGET_HELP,
        type=Kind.TABLE,
        required=budget.has_rules,
        columns=tuple(columns),
        min_rows=1 if budget.has_rules else None,
        translations=_translations(label=_BUDGET_LABEL, help=_BUDGET_HELP),
    )
    key = _free("budget", [section.key for section in definition.sections])
    return Section(key, _BUDGET_TITLE, (question,), _translations(title=_BUDGET_TITLE))


def money_column(key: str) -> Column:
    """Return the column of a budget table that asks for the money of one column of the rules."""
    if key in _COLUMN_WORDS:
        return _column(key, Kind.MONEY, _COLUMN_WORDS[key])
    return Column(key, words(key), Kind.MONEY)


def _with_documents(
    definition: FormDefinition, attachments: Sequence[Mapping[str, Json]], notes: list[FormNote]
) -> FormDefinition:
    """Ask for every attachment that is not a question already, on a last page of their own."""
    asked = {question.key for question in definition.questions}
    wanted = [attachment for attachment in attachments if attachment["key"] not in asked]
    if not wanted:
        return definition
    questions = tuple(
        Question(
            key=attachment["key"],
            label=attachment["label"],
            help=attachment.get("when"),
            type=Kind.FILE,
            required=bool(attachment.get("required")) and not attachment.get("when"),
        )
        for attachment in wanted
    )
    key = _free("documents", [section.key for section in definition.sections])
    section = Section(key, _DOCUMENTS_TITLE, questions, _translations(title=_DOCUMENTS_TITLE))
    sentence = "Asked for as an upload on a page of its own."
    notes += [FormNote(f"attachments.{question.key}", sentence) for question in questions]
    return replace(definition, sections=(*definition.sections, section))


def words(key: str) -> str:
    """Return a key of the format as words: ``match_cash`` as ``Match cash``."""
    return key.replace("_", " ").capitalize()


def _column(key: str, kind: Kind, label: str, choices: tuple[Choice, ...] = ()) -> Column:
    return Column(key, label, kind, choices=choices, translations=_translations(label=label))


def _translations(**messages: str) -> dict[str, dict[str, str]]:
    """Return our own words in every language of the product but the one they are written in."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            told = {part: gettext(message) for part, message in messages.items()}
        if told != messages:
            found[language] = told
    return found


def _free(key: str, taken: Iterable[str]) -> str:
    keys = set(taken)
    return key if key not in keys else next(f"{key}_{n}" for n in range(2, 1000) if f"{key}_{n}" not in keys)


def stored_form(definition: Json, keys: Mapping[str, Json]) -> CompleteForm:
    """Return a form that was completed and stored before."""
    form = FormDefinition.from_json(definition)
    table = budget_question(form)
    return CompleteForm(form, table.key if table else None, SummaryKeys.from_json(keys))
