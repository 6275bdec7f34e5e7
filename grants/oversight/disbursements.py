"""Every payment of every city as one list: filter, order, sums, marks. For the Center's door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce, Lower, NullIf
from django.utils.translation import gettext as _

from cities.interface.charts import Point
from cities.interface.formats import money
from cities.tenancy.models import City
from grants.applications.desk.paging import Asked, Order, Page, page_of
from grants.payments.models import Disbursement

from .filtering import FEW, DisbursementFilter, condition, exceptional, sought
from .marks import Mark, marked, unproved
from .sums import Sums, WholeFilter, remembered, whole_filter

MOST_BARS = 12
DEFAULT_SORT = "-requested"

ORDERS: dict[str, tuple[Any, Any]] = {
    "requested": (F("requested_at"), datetime.fromisoformat),
    "paid": (Coalesce(Cast("paid_on", CharField()), Value("")), str),
    "amount": (F("amount_cents"), int),
    "reference": (F("award__reference"), str),
    "city": (Lower("city__name"), str),
    "payee": (Lower("payee_name"), str),
    "status": (F("status"), str),
}
COLUMNS = (
    "id", "number", "status", "amount_cents", "currency", "payee_name", "method", "purpose", "requested_at", "approved_at",
    "recorded_at", "paid_on", "voucher_number", "award_id", "award__reference", "award__title", "city_id", "city__name",
    "city__slug", "city__timezone", "unproved_cents", "requester", "approver", "recorder",
)  # fmt: skip


@dataclass
class DisbursementList:
    """What the address asks for. Reads when it is asked, each part once."""

    params: Mapping[str, Any]
    now: datetime
    center: City

    @cached_property
    def form(self) -> DisbursementFilter:
        return DisbursementFilter(self.params)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.center.zone).date()

    @cached_property
    def order(self) -> Order:
        text = str(self.params.get("sort") or DEFAULT_SORT)
        if text.removeprefix("-") not in ORDERS:
            text = DEFAULT_SORT
        key = text.removeprefix("-")
        return Order(key, *ORDERS[key], descending=text.startswith("-"))

    @cached_property
    def _asked(self) -> Asked | None:
        """What tells the statement of the page apart; ``None`` for a search, which asks in too many ways.

        Status and method are few, and stand in the statement: with nothing else in the filter its plan can be kept.
        """
        if "q" in self._sought:
            return None
        values = {name: value for name, value in self._sought.items() if name not in FEW}
        few = tuple((name, self._sought.get(name)) for name in FEW)
        shape = (type(self), self.today, self.form.wanted.get("kind"), few, *values)
        return Asked(shape, values, keep_plan=not values)

    @cached_property
    def _sought(self) -> dict[str, Any]:
        return sought(self.form.wanted, self.center)

    @cached_property
    def _wide(self) -> Any:
        """The rows of the filter, whatever their exceptions."""
        slots = self._asked.slots() if self._asked else {}
        return Disbursement.objects.filter(condition(self._sought | slots))

    @cached_property
    def rows(self) -> Any:
        """The rows of the whole filter."""
        kind = self.form.wanted.get("kind")
        if not kind:
            return self._wide
        return self._wide.annotate(unproved_cents=unproved()).filter(exceptional(kind, self.today))

    @cached_property
    def sums(self) -> WholeFilter:
        """What is counted over the whole filter, at most a minute old."""
        asked = {"today": self.today, **self.form.parameters}
        return remembered(asked, lambda: whole_filter(self.rows, self._wide, self.today, self.now))

    @cached_property
    def page(self) -> Page:
        return page_of(
            lambda: self.rows.values("id"),
            self.order,
            after=str(self.params.get("after", "")),
            before=str(self.params.get("before", "")),
            shown=lambda: _lines(self.today).all(),
            asked=self._asked,
        )

    def charts(self) -> list[tuple[str, list[Point]]]:
        """Return a plot per currency: the cities with most, and all others as one."""
        return [(total.currency, self._points(total)) for total in self.sums.totals]

    def _points(self, total: Sums) -> list[Point]:
        rows = [row for row in self.sums.by_city if row["currency"] == total.currency]
        points = [
            Point(
                row["city__name"],
                row["cents"] / 100,
                money(row["cents"], total.currency),
                "?" + urlencode({**self.form.parameters, "city": row["city__slug"]}),
            )
            for row in rows[:MOST_BARS]
        ]
        rest = sum(row["cents"] for row in rows[MOST_BARS:])
        return (
            [*points, Point(_("All other cities"), rest / 100, money(rest, total.currency))]
            if rest
            else points
        )


def columns(rows: Any, today: date) -> Any:
    """Return the rows as dictionaries of what a line shows, with a boolean per mark."""
    named = marked(rows, today).annotate(
        requester=_name("requested_by"), approver=_name("approved_by"), recorder=_name("recorded_by")
    )
    return named.values(*COLUMNS, *(f"mark_{mark}" for mark in Mark))


@lru_cache(maxsize=4)
def _lines(today: date) -> Any:
    """Every payment as a line, to be filtered. Put together once a day, which takes longer than a page's answer."""
    return columns(Disbursement.objects.all(), today)


def marks_of(row: Mapping[str, Any]) -> list[Mark]:
    return [mark for mark in Mark if row[f"mark_{mark}"]]


def _name(person: str) -> Any:
    return Coalesce(
        NullIf(F(f"{person}__name"), Value("")), F(f"{person}__email"), Value(""), output_field=CharField()
    )
