"""Tables and lists of people: rows of typed cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.cycles.questions.definition import Column, Json, Kind, Question
from grants.cycles.questions.problems import (
    MAX_ROWS_STORED,
    Cleaned,
    Problem,
    RefusedInputError,
    wrong_shape,
)

from .base import AnswerType, PostedData, Reading

ROW_ID = "_id"
"""The key of a row's own id. Column keys begin with a letter, so nothing collides."""

_ROW_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Table(AnswerType):
    """A list of ``{"_id": "r1", "<column>": value, ...}``; empty cells are left out, empty rows dropped.

    A row keeps its id for as long as it lives, so that problems, uploads and two editors mean the same row.
    """

    kind = Kind.TABLE

    def __init__(self, cells: dict[Kind, AnswerType]) -> None:
        self.cells = cells

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        if raw is None or raw == "":
            return Cleaned(None)
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise wrong_shape()
        if len(raw) > MAX_ROWS_STORED:
            sentence = _("These are too many rows to save. Keep it to %(most)s.") % {"most": MAX_ROWS_STORED}
            raise RefusedInputError(Problem(sentence, "too_many"))
        value: list[Json] = []
        problems: list[Problem] = []
        for row_id, row in zip(_row_ids(raw), raw, strict=True):
            cells, found = self._clean_row(question, row, reading, row_id)
            if cells:
                value.append({ROW_ID: row_id, **cells})
                problems += found
        return Cleaned(value or None, tuple(problems))

    def _clean_row(
        self, question: Question, row: dict[str, Json], reading: Reading, row_id: str
    ) -> tuple[dict[str, Json], list[Problem]]:
        if not set(row) <= {ROW_ID, *(column.key for column in question.columns)}:
            raise wrong_shape()
        cells: dict[str, Json] = {}
        problems: list[Problem] = []
        for column in question.columns:
            try:
                cleaned = self._cell(column).clean(column.as_question(), row.get(column.key), reading)
            except RefusedInputError as refused:
                raise refused.within(row_id, column.key) from None
            if cleaned.value is not None:
                cells[column.key] = cleaned.value
            problems += [problem.within(row_id, column.key) for problem in cleaned.problems]
        return cells, problems

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        rows = []
        for row_id in dict.fromkeys(data.getlist(f"{name}._rows")):
            row: dict[str, Json] = {ROW_ID: row_id}
            for column in question.columns:
                cell = f"{name}.{row_id}.{column.key}"
                row[column.key] = self._cell(column).parse(column.as_question(), data, cell)
            rows.append(row)
        return rows

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        problems = [
            problem.within(row[ROW_ID], column.key)
            for row in value or []
            for column in question.columns
            for problem in self._cell(column).limits(column.as_question(), row.get(column.key), reading)
        ]
        over = len(value or []) - question.max_rows if question.max_rows is not None else 0
        if over > 0:
            sentence = ngettext("Remove %(over)s row.", "Remove %(over)s rows.", over) % {"over": over}
            problems.append(Problem(sentence, "too_many"))
        return tuple(problems)

    def gaps(self, question: Question, value: Json) -> tuple[Problem, ...]:
        if self.is_empty(value):
            return super().gaps(question, value)
        problems = [problem for row in value for problem in self._row_gaps(question, row)]
        more = (question.min_rows or 0) - len(value)
        if more > 0:
            problems.append(Problem(self._more(more), "too_few"))
        return tuple(problems)

    def _row_gaps(self, question: Question, row: dict[str, Json]) -> Iterable[Problem]:
        """Yield what a started row lacks: its first cell, which names it, and the rest of half-filled cells."""
        for column in question.columns:
            cell, asked = row.get(column.key), column.as_question()
            if cell is not None:
                found = self._cell(column).gaps(asked, cell)
                yield from (problem.within(row[ROW_ID], column.key) for problem in found)
            elif column is question.columns[0]:
                yield Problem(self._cell(column).needed(asked), "required", (row[ROW_ID], column.key))

    def _more(self, more: int) -> str:
        return ngettext("Add %(more)s more row.", "Add %(more)s more rows.", more) % {"more": more}

    def needed(self, question: Question) -> str:
        least = question.min_rows or 1
        return ngettext("Fill in at least one row.", "Fill in at least %(least)s rows.", least) % {
            "least": least
        }

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        seen = question.in_language(language)
        rows = [
            ", ".join(
                filter(None, (self.cell_text(column, row, currency, language) for column in seen.columns))
            )
            for row in value or []
        ]
        return "; ".join(rows)

    def cell_text(self, column: Column, row: dict[str, Json], currency: str, language: str) -> str:
        value = row.get(column.key)
        return self._cell(column).text(column.as_question(), value, currency=currency, language=language)

    def _cell(self, column: Column) -> AnswerType:
        return self.cells[column.as_question().type]


class People(Table):
    """The same for persons; the first column is taken for the name."""

    kind = Kind.PEOPLE

    def _more(self, more: int) -> str:
        return ngettext("Add %(more)s more person.", "Add %(more)s more people.", more) % {"more": more}

    def needed(self, question: Question) -> str:
        least = question.min_rows or 1
        sentence = ngettext("Add at least one person.", "Add at least %(least)s people.", least)
        return sentence % {"least": least}


def _row_ids(rows: list[dict[str, Json]]) -> list[str]:
    """Return an id per row: its own where it is sound and not yet taken, else the next free number."""
    ids: list[str | None] = []
    for row in rows:
        given = row.get(ROW_ID)
        sound = isinstance(given, str) and _ROW_ID.fullmatch(given) and given not in ids
        ids.append(given if sound else None)
    taken = {row_id for row_id in ids if row_id}
    free = (f"r{number}" for number in count(1))
    return [row_id or next(name for name in free if name not in taken) for row_id in ids]
