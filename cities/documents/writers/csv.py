"""Comma-separated values that spreadsheets read as UTF-8."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from .cells import Cell, Cents, local, neutral_line


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: ZoneInfo) -> int:
    """Write one table row by row. Returns the number of rows, the headings apart."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([neutral_line(str(heading)) for heading in headings])
        for row in rows:
            writer.writerow([_plain(cell, zone) for cell in row])
            count += 1
    return count


def _plain(cell: Cell, zone: ZoneInfo) -> str | int | Decimal:
    if isinstance(cell, str):  # first, since most cells are texts
        return neutral_line(cell)
    if cell is None or isinstance(cell, Cents):
        return cell.value if cell else ""
    if isinstance(cell, datetime):
        return local(cell, zone).isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool | int | Decimal):
        return cell
    return neutral_line(str(cell))
