"""Exports of payments: the whole filter as a workbook or CSV, made by a worker through the Center's door."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cities.audit.readings import record_openings
from cities.documents.actions import request_document
from cities.documents.errors import UnknownKindError
from cities.documents.job import Job
from cities.documents.models import Document
from cities.documents.registry import document
from cities.documents.writers import Cell, Cents, Workbook, write_csv
from cities.interface.formats import money
from grants.payments.states import Method, Status
from grants.programs.permissions import can_see_center

from .disbursements import DisbursementList, columns
from .filtering import DisbursementFilter
from .marks import Mark

KINDS = {"xlsx": "disbursements-xlsx", "csv": "disbursements-csv"}
TITLE = _("Payments of all cities")
SUMMARY = _("Every payment of every city, with its three seats, proof and exceptions.")
CHUNK = 2000
COLUMNS = (
    "city_id", "award__reference", "number", "city__name", "award__title", "payee_name", "amount_cents", "currency", "status", "method",
    "purpose", "requester", "requested_at", "approver", "approved_at", "recorder", "recorded_at", "paid_on", "voucher_number",
    "unproved_cents",
)  # fmt: skip


class Exported(DisbursementList):
    """The whole filter as a file holds it: read in the file's own transaction, nothing of it remembered from a page."""

    @cached_property
    def own_sums(self) -> list[tuple[str, int, int, int]]:
        """Currency, number of payments, their cents, and what is paid of it: one statement that needs no marks."""
        paid = Sum("amount_cents", filter=Q(status=Status.PAID), default=0)
        rows = self.rows.order_by().values("currency")
        found = rows.annotate(count=Count("pk"), cents=Sum("amount_cents"), paid=paid)
        return sorted((row["currency"], row["count"], int(row["cents"]), int(row["paid"])) for row in found)

    @property
    def count(self) -> int:
        return sum(count for _currency, count, _cents, _paid in self.own_sums)

    def statement(self) -> Any:
        """Return :data:`COLUMNS` and a boolean per mark, in order, as tuples: a dictionary per row costs more."""
        rows = columns(self.rows, self.today).values_list(*COLUMNS, *(f"mark_{mark}" for mark in Mark))
        return self.order.sorted(rows)


def request_export(format_: str, wanted: Mapping[str, Any], *, actor: Any) -> Document:
    """Ask for the whole filter as a file. Raises ``UnknownKindError`` for another format, ``TooManyError``."""
    if format_ not in KINDS:
        raise UnknownKindError(_now("Please choose XLSX or CSV."), field="format")
    form = DisbursementFilter(wanted)
    parameters = {**form.parameters, "sort": str(wanted.get("sort") or "")}
    return request_document(KINDS[format_], parameters=parameters, title=str(TITLE), actor=actor)


@document("disbursements-xlsx", label=TITLE, summary=SUMMARY, rule=can_see_center, shared=can_see_center, format="xlsx", place="center")  # fmt: skip
def disbursements_workbook(job: Job) -> str:
    """Write a sheet of facts and totals, and one of payments."""
    found, seen = _found(job), Counter[UUID]()
    with Workbook(job.path, title=job.title, zone=job.place.zone) as book:
        book.facts(_now("About"), job.title, _facts(job, found))
        book.sheet(_now("Payments"), _headings(), _rows(job, found, seen))
        job.row_count = book.row_count
    _log(job, seen)
    return "disbursements.xlsx"


@document("disbursements-csv", label=TITLE, summary=SUMMARY, rule=can_see_center, shared=can_see_center, format="csv", place="center")  # fmt: skip
def disbursements_csv(job: Job) -> str:
    """Write one table of payments."""
    found, seen = _found(job), Counter[UUID]()
    job.row_count = write_csv(job.path, _headings(), _rows(job, found, seen), zone=job.place.zone)
    _log(job, seen)
    return "disbursements.csv"


def _found(job: Job) -> Exported:
    return Exported(job.parameters, job.as_of, job.place)


def _facts(job: Job, found: Exported) -> Iterator[tuple[str, Cell]]:
    yield _now("As of"), job.as_of
    yield _now("Asked for by"), str(job.requester)
    for name, value in found.form.parameters.items():
        yield str(found.form.fields[name].label), value
    for currency, count, cents, paid in found.own_sums:
        said = {"count": count, "sum": money(cents, currency), "paid": money(paid, currency)}
        yield (
            _now("Total in %(currency)s") % {"currency": currency},
            _now("%(count)s payments of any status, %(sum)s; paid of it: %(paid)s") % said,
        )


def _headings() -> list[str]:
    return [
        _now("Reference"), _now("City"), _now("Project"), _now("Payee"), _now("Amount"), _now("Currency"), _now("Status"),
        _now("Method"), _now("Purpose"), _now("Requested by"), _now("Requested"), _now("Approved by"), _now("Approved"),
        _now("Recorded by"), _now("Recorded"), _now("Paid on"), _now("Voucher"), _now("Not proved"), _now("Exceptions"),
    ]  # fmt: skip


def _rows(job: Job, found: Exported, seen: Counter[UUID]) -> Iterator[list[Cell]]:
    """Yield lines by a cursor of the server, and count them by city."""
    job.expect(found.count)
    words = Words()
    for row in job.follow(found.statement().iterator(CHUNK)):
        seen[row[0]] += 1
        yield _cells(row, words)


class Words:
    """What states, methods and marks are called, translated once a file and not once a row."""

    def __init__(self) -> None:
        self.statuses = {value: str(label) for value, label in Status.choices}
        self.methods = {value: str(label) for value, label in Method.choices}
        self._marks = [str(mark.label) for mark in Mark]
        self._joined: dict[tuple[bool, ...], str] = {}

    def marks(self, flags: tuple[bool, ...]) -> str:
        if flags not in self._joined:
            self._joined[flags] = "; ".join(
                word for word, flag in zip(self._marks, flags, strict=True) if flag
            )
        return self._joined[flags]


def _cells(row: tuple[Any, ...], words: Words) -> list[Cell]:
    (
        _city_id, reference, number, city, title, payee, cents, currency, status, method,
        purpose, requester, requested_at, approver, approved_at, recorder, recorded_at, paid_on, voucher,
        unproved, *flags,
    ) = row  # fmt: skip
    return [
        f"{reference}/{number}", city, title, payee, Cents(cents, currency), currency, words.statuses[status], words.methods[method],
        purpose, requester, requested_at, approver, approved_at, recorder, recorded_at, paid_on, voucher, Cents(unproved, currency),
        words.marks(tuple(flags)),
    ]  # fmt: skip


def _log(job: Job, seen: Mapping[UUID, int]) -> None:
    """Write one row in each city that is in the file. All or nothing with the file: a second try writes its own."""
    page = "disbursements-xlsx" if job.path.suffix == ".xlsx" else "disbursements-csv"
    asked = DisbursementFilter(job.parameters).parameters
    job.rows_by_city = {str(city_id): count for city_id, count in seen.items()}
    record_openings(job.requester, page, rows_by_city=job.rows_by_city, asked=asked)
