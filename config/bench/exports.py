"""Time the Center's exports against a raw cursor of the server that writes the same values."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection, connections
from django.utils import timezone

from cities.access.models import User
from cities.documents import tasks
from cities.documents.models import Document
from cities.documents.states import Status
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.oversight.documents import CHUNK, KINDS, Exported, request_export

TARGET = 2.0
MEMORY_TARGET_MB = 50
LOOK_EVERY_SECONDS = 0.1
Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ExportFigures:
    """One export: the whole task of the worker, and its floor. ``memory_mb`` is what it took over the idle process."""

    format: str
    rows: int
    seconds: float
    floor_seconds: float
    cpu_seconds: float
    floor_cpu_seconds: float
    memory_mb: float
    progress: list[int]
    """Every percentage that a page would have seen."""

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor_seconds

    @property
    def is_met(self) -> bool:
        return self.ratio <= TARGET and self.memory_mb <= MEMORY_TARGET_MB


def measure_exports(officer: User, folder: Path) -> list[ExportFigures]:
    """Export all payments as CSV and XLSX, each after its floor. Works in ``folder``; both exports stay at the Center."""
    return [_measure(format_, officer, folder) for format_ in sorted(KINDS)]


def _measure(format_: str, officer: User, folder: Path) -> ExportFigures:
    _floor(format_, officer, folder)  # once for the caches of the database
    floor_seconds, floor_cpu = _timed(lambda: _floor(format_, officer, folder))
    with center_scope(officer):
        ordered = request_export(format_, {}, actor=officer)
    idle = _forget_peak()
    with _watching(ordered.pk) as seen:
        seconds, cpu = _timed(lambda: tasks.make(str(CENTER_ID), str(ordered.pk), 0))
    memory = _peak_kb() - idle
    with city_scope(CENTER_ID):
        made = Document.objects.get(pk=ordered.pk)
    if made.status != Status.FINISHED or made.row_count is None:
        raise RuntimeError(f"The export was not made: {made.reason}")
    return ExportFigures(
        format=format_,
        rows=made.row_count,
        seconds=seconds,
        floor_seconds=floor_seconds,
        cpu_seconds=cpu,
        floor_cpu_seconds=floor_cpu,
        memory_mb=memory / 1024,
        progress=sorted(seen),
    )


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def _floor(format_: str, officer: User, folder: Path) -> None:
    """Write the rows of the export's own statement as they come: nothing made neutral, translated or counted."""
    path = folder / f"floor.{format_}"
    with center_scope(officer):
        found = Exported({}, timezone.now(), City.objects.get(pk=CENTER_ID))
        statement, values = found.statement().query.sql_with_params()
        with connection.connection.cursor(name="floor") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(statement, values)
            (_write_csv if format_ == "csv" else _write_xlsx)(path, iter(cursor))
    path.unlink()


def _write_csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            writer.writerow(row[1:])


def _write_xlsx(path: Path, rows: Rows) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row[1:]):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, datetime):
                sheet.write_datetime(number, column, value.replace(tzinfo=None), moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, moment)
            elif isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, int | Decimal):
                sheet.write_number(number, column, value)
    book.close()


@contextmanager
def _watching(document_id: Any) -> Iterator[set[int]]:
    """Look at the document's progress again and again, as its page does."""
    seen, over = set[int](), threading.Event()

    def look() -> None:
        is_over = False
        while not is_over:
            with city_scope(CENTER_ID):
                seen.update(Document.objects.filter(pk=document_id).values_list("progress", flat=True))
            is_over = over.wait(LOOK_EVERY_SECONDS)
        connections.close_all()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _forget_peak() -> int:
    """Return what the process holds now, in kB, and let the kernel measure its peak anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status_kb("VmRSS")


def _peak_kb() -> int:
    return _status_kb("VmHWM")


def _status_kb(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise RuntimeError(f"{name} is not in /proc/self/status.")
