"""The controls of a question: what the templates draw, worked out beforehand.

A control is one input with its label, hint and errors, or a group of them: the parts of a place, the cells of
a row. Names and ids follow the value's shape: ``q.site.address``, ``q.budget_lines.r1.amount``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .definition import Json
from .problems import Problem

_FOLDER = "grants/cycles/questions"
_GROUP = f"{_FOLDER}/group.html"
_GROUPS = frozenset({"radios", "checkboxes", "parts", "location", "signature", "rows"})

RADIOS_AT_MOST = 12
"""Choices shown one under the other; a longer list becomes a drop-down."""


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One attachment as a page shows it."""

    id: str
    name: str
    size_bytes: int
    url: str = ""
    thumbnail_url: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    id: str
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells, and what to call it."""

    id: str
    name: str
    cells: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One input or group of inputs, ready to draw."""

    template: str
    name: str
    label: str
    value: str = ""
    hint: str = ""
    errors: tuple[str, ...] = ()
    required: bool = False
    lang: str = ""
    attributes: Mapping[str, str | int] = field(default_factory=dict)
    prefix: str = ""
    width: str = ""
    options: tuple[Option, ...] = ()
    parts: tuple[Control, ...] = ()
    rows: tuple[Row, ...] = ()
    new_row: Row | None = None
    add_label: str = ""
    files: tuple[ShownFile, ...] = ()
    file_name: str = ""
    more: Mapping[str, Json] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return identifier(self.name)

    @property
    def path(self) -> str:
        """The template to include: groups share their fieldset."""
        return _GROUP if self.template in _GROUPS else self.body

    @property
    def body(self) -> str:
        return f"{_FOLDER}/{self.template}.html"

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}_helptext"] if self.hint else []
        return " ".join([*ids, f"{self.id}_error"] if self.errors else ids)

    @property
    def first_input(self) -> str:
        """Return the id that a link to this control leads to."""
        if self.options and self.path == _GROUP:  # a drop-down is one input, and has its own id
            return self.options[0].id
        if self.rows:
            return self.rows[0].cells[0].first_input
        return self.parts[0].first_input if self.parts else self.id


@dataclass(frozen=True, slots=True)
class Drawing:
    """What drawing needs beside the question and its value."""

    problems: tuple[Problem, ...] = ()
    files: Mapping[str, ShownFile] = field(default_factory=dict)
    extra_rows: int = 0
    currency: str = "USD"
    language: str = "en"
    lang: str = ""
    in_cell: bool = False

    def errors_at(self, *place: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.sentence for p in self.problems if p.place == place))

    def within(self, *place: str) -> Drawing:
        """Return what is left for a cell: the problems at its place, seen from there."""
        inner = tuple(
            Problem(p.sentence, p.code, p.place[len(place) :])
            for p in self.problems
            if p.place[: len(place)] == place
        )
        return Drawing(inner, self.files, 0, self.currency, self.language, self.lang, in_cell=True)


def identifier(name: str) -> str:
    """Return the id of the input called ``name``: no points, so that CSS and scripts can say it."""
    return name.replace(".", "-")
