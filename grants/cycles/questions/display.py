"""An answer to read, for staff, previews and what was sent in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cleaning import answer_text
from .controls import ShownFile
from .definition import ROWS, Json, Kind, Question
from .money import cents_of, money_text
from .problems import is_typed
from .types import ROW_ID, cell_text
from .types.places import point_of


@dataclass(frozen=True, slots=True)
class ShownCell:
    text: str
    is_number: bool = False
    files: tuple[ShownFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownRow:
    id: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer, taken apart as far as its markup needs. Exactly one of the parts is filled."""

    label: str
    text: str = ""
    lines: tuple[str, ...] = ()
    headings: tuple[ShownCell, ...] = ()
    rows: tuple[ShownRow, ...] = ()
    totals: tuple[ShownCell, ...] = ()
    files: tuple[ShownFile, ...] = ()
    point: tuple[float, float] | None = None
    is_empty: bool = False
    is_unread: bool = False

    @property
    def is_plain(self) -> bool:
        """Say whether it is words and nothing else."""
        others = self.lines or self.rows or self.files or self.point or self.is_empty or self.is_unread
        return not others


def show_answer(
    question: Question,
    value: Json,
    *,
    currency: str = "USD",
    language: str = "en",
    files: Sequence[ShownFile] = (),
) -> ShownAnswer:
    """Return the answer ready to draw. Never raises on a canonical value of an older definition."""
    seen = question.in_language(language)
    if value in (None, "", [], {}):
        return ShownAnswer(seen.label, is_empty=True)
    by_id = {file.id: file for file in files}
    if question.type in ROWS and isinstance(value, list):
        return _table(seen, value, currency, language, by_id)
    if question.type == Kind.FILE and isinstance(value, list):
        return ShownAnswer(
            seen.label, files=tuple(by_id[i] for i in value if i in by_id), text=_count(seen, value)
        )
    if question.type == Kind.MULTI_CHOICE and isinstance(value, list):
        one_by_one = tuple(answer_text(question, [item], language=language) for item in value)
        return ShownAnswer(seen.label, lines=one_by_one)
    text = answer_text(question, value, currency=currency, language=language)
    return ShownAnswer(seen.label, text=text, point=point_of(value), is_unread=is_typed(value))


def _count(question: Question, value: Json) -> str:
    return answer_text(question, value)


def _table(
    question: Question, value: list[Json], currency: str, language: str, files: dict[str, ShownFile]
) -> ShownAnswer:
    numeric = [column.type in {Kind.MONEY, Kind.NUMBER} for column in question.columns]
    rows = tuple(
        ShownRow(
            str(row.get(ROW_ID, number)),
            tuple(
                ShownCell(
                    cell_text(column, row, currency=currency, language=language),
                    is_number,
                    tuple(files[i] for i in row.get(column.key) or () if i in files)
                    if column.type == Kind.FILE
                    else (),
                )
                for column, is_number in zip(question.columns, numeric, strict=True)
            ),
        )
        for number, row in enumerate(value)
    )
    headings = tuple(ShownCell(c.label, n) for c, n in zip(question.columns, numeric, strict=True))
    return ShownAnswer(
        question.label, headings=headings, rows=rows, totals=_totals(question, value, currency, language)
    )


def _totals(question: Question, value: list[Json], currency: str, language: str) -> tuple[ShownCell, ...]:
    """Return the sums of the money columns; nothing for a table without money or with one line."""
    sums = [
        sum(cents_of(row.get(column.key)) or 0 for row in value) if column.type == Kind.MONEY else None
        for column in question.columns
    ]
    if len(value) < 2 or all(cents is None for cents in sums):  # noqa: PLR2004
        return ()
    return tuple(
        ShownCell("" if cents is None else money_text(cents, currency, language), cents is not None)
        for cents in sums
    )
