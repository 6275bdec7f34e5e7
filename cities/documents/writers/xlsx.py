"""Workbooks, written row by row in constant memory."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import xlsxwriter

from .cells import Cell, Cents, local, neutral

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
LAST_ROW = 1_048_575
SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
INK = "#1b1b1b"
BAND = "#e6eaf5"


class Workbook:
    """A workbook of plain tables, each under one row of headings that stays in sight.

    ``row_count`` is the number of data rows in all sheets; ``facts`` stand in a first sheet and aren't counted.
    """

    def __init__(self, path: Path, *, title: str, zone: ZoneInfo) -> None:
        self.row_count = 0
        self._zone = zone
        self._book = xlsxwriter.Workbook(str(path), SAFE)
        self._book.set_properties({"title": neutral(title)})
        self._heading = self._format(bold=True, bg_color=BAND, bottom=1, text_wrap=True, valign="top")
        self._text = self._format(valign="top")
        self._date = self._format(num_format="yyyy-mm-dd", valign="top")
        self._moment = self._format(num_format="yyyy-mm-dd hh:mm", valign="top")
        self._money: dict[int, Any] = {}

    def _format(self, **properties: Any) -> Any:
        return self._book.add_format({"font_color": INK, **properties})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def facts(self, name: str, title: str, facts: Iterable[tuple[str, Cell]]) -> None:
        """Write what this workbook is: a sheet of terms and values."""
        sheet = self._book.add_worksheet(sheet_name(name))
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 70)
        sheet.write_string(0, 0, neutral(title), self._format(bold=True, font_size=14))
        for number, (term, value) in enumerate(facts, start=2):
            sheet.write_string(number, 0, neutral(term), self._heading)
            self._write(sheet, number, 1, value)

    def sheet(
        self,
        name: str,
        headings: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        widths: Sequence[int] = (),
    ) -> int:
        """Write one table. Returns how many rows it holds. Raises ``ValueError`` past a sheet's last row."""
        sheet = self._book.add_worksheet(sheet_name(name))
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, widths[column] if column < len(widths) else 18)
            sheet.write_string(0, column, neutral(str(heading)), self._heading)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > LAST_ROW:
                raise ValueError("A sheet holds no more rows.")
            for column, cell in enumerate(row):
                self._write(sheet, count, column, cell)
        sheet.autofilter(0, 0, count, max(len(headings) - 1, 0))
        self.row_count += count
        return count

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):  # first, since most cells are texts
            sheet.write_string(row, column, neutral(cell), self._text)
        elif cell is None:
            return
        elif isinstance(cell, Cents):
            sheet.write_number(row, column, float(cell.value), self._money_format(cell.digits))
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, local(cell, self._zone), self._moment)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._date)
        elif isinstance(cell, int | Decimal):
            sheet.write_number(row, column, cell, self._text)
        else:
            sheet.write_string(row, column, neutral(str(cell)), self._text)

    def _money_format(self, digits: int) -> Any:
        if digits not in self._money:
            pattern = "#,##0" + ("." + "0" * digits if digits else "")
            self._money[digits] = self._format(num_format=pattern, valign="top")
        return self._money[digits]


def sheet_name(name: str) -> str:
    """Return the name as spreadsheets allow it."""
    return _FORBIDDEN.sub(" ", str(name)).strip()[:LONGEST_NAME] or "–"
