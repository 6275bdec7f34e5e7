"""What a form asks: sections, questions, table columns and conditions.

A definition is data. Its JSON is the ``sections`` list of the call format, key for key, so that a city's
call file and the form stored for its cycle are the same thing. Three keys are ours and are written only
when they hold something: ``translations`` (per language: ``label``, ``help``, ``options``, ``title``), and
on table columns ``options`` and ``suggestions``, since the format gives columns no choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Self, TypeAlias

Json: TypeAlias = Any
"""A value as ``json.loads`` gives it."""

Answers: TypeAlias = Mapping[str, Json]
"""Canonical answer values by question key."""

Translations: TypeAlias = Mapping[str, Mapping[str, Json]]


class DefinitionError(ValueError):
    """A stored definition has a shape that no form can have."""


class Kind(StrEnum):
    """The question types of the call format."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATE_RANGE = "date_range"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    LOCATION = "location"
    YES_NO = "yes_no"
    SINGLE_CHOICE = "single_choice"
    MULTI_CHOICE = "multi_choice"
    TABLE = "table"
    PEOPLE = "people"
    FILE = "file"
    SIGNATURE = "signature"


CHOICES = frozenset({Kind.SINGLE_CHOICE, Kind.MULTI_CHOICE})
ROWS = frozenset({Kind.TABLE, Kind.PEOPLE})


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is shown only when an earlier answer says so."""

    question: str
    op: str
    value: Json

    def to_json(self) -> dict[str, Json]:
        return {"question": self.question, "op": self.op, "value": self.value}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: what is stored and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as asked and as judged."""

    key: str
    label: str
    type: Kind
    help: str | None = None
    required: bool = False
    choices: tuple[Choice, ...] = ()
    min: Json = None
    max: Json = None
    max_words: int | None = None
    max_chars: int | None = None
    columns: tuple[Column, ...] = ()
    min_rows: int | None = None
    max_rows: int | None = None
    shown_when: Condition | None = None
    suggestions: tuple[str, ...] = ()
    translations: Translations = field(default_factory=dict, hash=False)

    @property
    def options(self) -> tuple[str, ...]:
        """The values that may be chosen."""
        return tuple(choice.value for choice in self.choices)

    def in_language(self, language: str) -> Self:
        """Return the question as a reader of ``language`` sees it; what has no translation stays."""
        words = translation(self.translations, language)
        return replace(
            self,
            label=words.get("label") or self.label,
            help=words.get("help") or self.help,
            choices=_translated(self.choices, words.get("options")),
            columns=tuple(column.in_language(language) for column in self.columns),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Read one question. Raises ``DefinitionError`` on an unknown type or a missing key."""
        try:
            key, kind = str(data["key"]), Kind(data["type"])
            condition = data.get("shown_when")
            return cls(
                key=key,
                label=str(data.get("label") or key),
                type=kind,
                help=data.get("help"),
                required=bool(data.get("required", False)),
                choices=_choices(data.get("options") or []),
                min=data.get("min"),
                max=data.get("max"),
                max_words=_whole(data.get("max_words")),
                max_chars=_whole(data.get("max_chars")),
                columns=tuple(Column.from_json(column) for column in data.get("columns") or []),
                min_rows=_whole(data.get("min_rows")),
                max_rows=_whole(data.get("max_rows")),
                shown_when=Condition(**condition) if condition else None,
                suggestions=tuple(data.get("suggestions") or ()),
                translations=data.get("translations") or {},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DefinitionError(f"Not a question: {error}") from error

    def to_json(self) -> dict[str, Json]:
        """Write the question with every key of the call format, ours only where they hold something."""
        return {
            "key": self.key,
            "label": self.label,
            "help": self.help,
            "type": str(self.type),
            "required": self.required,
            "options": _options_json(self.choices),
            "min": self.min,
            "max": self.max,
            "max_words": self.max_words,
            "max_chars": self.max_chars,
            "columns": [column.to_json() for column in self.columns],
            "min_rows": self.min_rows,
            "max_rows": self.max_rows,
            "shown_when": self.shown_when.to_json() if self.shown_when else None,
            **_filled(suggestions=list(self.suggestions), translations=dict(self.translations)),
        }


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or people question."""

    key: str
    label: str
    type: Kind
    choices: tuple[Choice, ...] = ()
    suggestions: tuple[str, ...] = ()
    translations: Translations = field(default_factory=dict, hash=False)

    def as_question(self) -> Question:
        """Return the cell as a question of its own.

        A choice column without options (the format has none for columns) takes free text with suggestions.
        """
        kind = self.type
        if kind in CHOICES and not self.choices:
            kind = Kind.SHORT_TEXT
        return Question(
            key=self.key,
            label=self.label,
            type=kind,
            choices=self.choices,
            suggestions=self.suggestions,
            translations=self.translations,
        )

    def in_language(self, language: str) -> Self:
        words = translation(self.translations, language)
        return replace(
            self,
            label=words.get("label") or self.label,
            choices=_translated(self.choices, words.get("options")),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        key, kind = str(data["key"]), Kind(data["type"])
        if kind in ROWS:
            raise ValueError(f"a column can't be a {kind}")
        return cls(
            key=key,
            label=str(data.get("label") or key),
            type=kind,
            choices=_choices(data.get("options") or []),
            suggestions=tuple(data.get("suggestions") or ()),
            translations=data.get("translations") or {},
        )

    def to_json(self) -> dict[str, Json]:
        return {
            "key": self.key,
            "label": self.label,
            "type": str(self.type),
            **_filled(
                options=_options_json(self.choices),
                suggestions=list(self.suggestions),
                translations=dict(self.translations),
            ),
        }


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form: questions answered together."""

    key: str
    title: str
    questions: tuple[Question, ...]
    translations: Translations = field(default_factory=dict, hash=False)

    def in_language(self, language: str) -> Self:
        return replace(
            self,
            title=translation(self.translations, language).get("title") or self.title,
            questions=tuple(question.in_language(language) for question in self.questions),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        try:
            return cls(
                key=str(data["key"]),
                title=str(data.get("title") or data["key"]),
                questions=tuple(Question.from_json(question) for question in data["questions"]),
                translations=data.get("translations") or {},
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise DefinitionError(f"Not a section: {error}") from error

    def to_json(self) -> dict[str, Json]:
        return {
            "key": self.key,
            "title": self.title,
            "questions": [question.to_json() for question in self.questions],
            **_filled(translations=dict(self.translations)),
        }


@dataclass(frozen=True)
class FormDefinition:
    """All that one form asks, in order."""

    sections: tuple[Section, ...] = ()

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Json]] | Mapping[str, Json]) -> Self:
        """Read the ``sections`` list, bare or under the key ``sections``. Raises ``DefinitionError``."""
        sections = data.get("sections") if isinstance(data, Mapping) else data
        if isinstance(sections, str) or not isinstance(sections, Sequence):
            raise DefinitionError("A form definition is a list of sections.")
        return cls(tuple(Section.from_json(section) for section in sections))

    def to_json(self) -> list[dict[str, Json]]:
        return [section.to_json() for section in self.sections]

    def __iter__(self) -> Iterator[tuple[Section, Question]]:
        for section in self.sections:
            for question in section.questions:
                yield section, question

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for _, question in self)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in reversed(self.questions)}  # of two, the first

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)

    def question(self, key: str) -> Question | None:
        return self._by_key.get(key)

    def section_of(self, key: str) -> Section | None:
        """Return the section that asks the question ``key``."""
        return next((section for section, question in self if question.key == key), None)

    def in_language(self, language: str) -> Self:
        return replace(self, sections=tuple(section.in_language(language) for section in self.sections))

    def for_stage(self, stage: str) -> Self:
        """Return the sections of one stage: ``idea`` or ``full``, told by their key's prefix."""
        return replace(self, sections=tuple(s for s in self.sections if s.key.startswith(f"{stage}_")))

    def applied_with(self, stages: Sequence[str]) -> Self:
        """Return the form that people apply with: of a two-stage call only what isn't for later."""
        if len(stages) < 2:  # noqa: PLR2004 - one stage is the whole form
            return self
        later = tuple(f"{stage}_" for stage in stages[1:])
        return replace(self, sections=tuple(s for s in self.sections if not s.key.startswith(later)))

    def later_than(self, stages: Sequence[str]) -> Self:
        """Return what ``applied_with`` leaves out."""
        now = {section.key for section in self.applied_with(stages).sections}
        return replace(self, sections=tuple(s for s in self.sections if s.key not in now))


def translation(translations: Translations, language: str) -> Mapping[str, Json]:
    """Return the words for ``language``, also when only its base language is there (``es`` for ``es-mx``)."""
    found = translations.get(language) or translations.get(language.split("-", maxsplit=1)[0])
    return found if isinstance(found, Mapping) else {}


def _choices(options: Sequence[Json]) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(option["value"]), str(option.get("label") or option["value"]))
        if isinstance(option, Mapping)
        else Choice(str(option), str(option))
        for option in options
    )


def _options_json(choices: Sequence[Choice]) -> list[Json]:
    return [
        choice.value if choice.value == choice.label else {"value": choice.value, "label": choice.label}
        for choice in choices
    ]


def _translated(choices: tuple[Choice, ...], labels: Json) -> tuple[Choice, ...]:
    if not isinstance(labels, Sequence) or isinstance(labels, str) or len(labels) != len(choices):
        return choices
    return tuple(
        replace(choice, label=label or choice.label) for choice, label in zip(choices, labels, strict=True)
    )


def _whole(number: Json) -> int | None:
    return None if number is None else int(number)


def _filled(**parts: Json) -> dict[str, Json]:
    return {name: part for name, part in parts.items() if part}
