"""Every payment of every city as one list: filter, order, totals per currency, marks. For the Center's door."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from html import escape
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db.models import CharField, Count, F, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce, Lower, NullIf
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from cities.interface.charts import Point
from cities.interface.fields import DateInput, MoneyField
from cities.interface.formats import money
from cities.tenancy.models import City
from grants.applications.desk.paging import Asked, Order, Page, page_of
from grants.payments.models import Disbursement
from grants.payments.states import Method, Status

from .marks import Mark, conditions, marked, unproved

MOST_BARS = 12
DEFAULT_SORT = "-requested"
_CENTS_PER_SEARCH = 100_000_000_000

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


class CitySelect(forms.Select):
    """A list of all cities, drawn at once: Django's own takes three hundred of them apart one by one."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = cast("list[tuple[str, str]]", self.choices)
        drawn = "".join(
            f'<option value="{escape(slug)}"{" selected" if slug == (value or "") else ""}>{escape(word)}</option>'
            for slug, word in options
        )
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return mark_safe(f"<select{attributes}>{drawn}</select>")


class DisbursementFilter(forms.Form):
    """The list's filter, as it stands in the address. What can't be read is left out."""

    q = forms.CharField(
        label=_("Reference, payee or voucher"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    city = forms.CharField(label=_("City"), required=False, max_length=40, widget=CitySelect())
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any")), *Status.choices])
    method = forms.ChoiceField(label=_("Method"), required=False, choices=[("", _("Any")), *Method.choices])
    kind = forms.ChoiceField(label=_("Exception"), required=False, choices=[("", _("With or without")), ("any", _("Any exception")), *Mark.choices])  # fmt: skip
    dated = forms.ChoiceField(
        label=_("Day of"), required=False, choices=[("", _("Request")), ("paid", _("Payment"))]
    )
    since = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until = forms.DateField(label=_("Until"), required=False, widget=DateInput())
    least = MoneyField(label=_("At least"), required=False, min_cents=0, max_cents=_CENTS_PER_SEARCH)
    most = MoneyField(label=_("At most"), required=False, min_cents=0, max_cents=_CENTS_PER_SEARCH)
    sort = forms.CharField(required=False, widget=forms.HiddenInput())

    def offer(self, cities: Iterable[tuple[str | None, str]]) -> None:
        """Let the page's list of cities be chosen from; the API and exports need none."""
        self.fields["city"].widget.choices = [("", _now("All cities")), *cities]

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in {None, ""} and name != "sort"
        }

    @property
    def parameters(self) -> dict[str, str]:
        """The same as plain words, from which the same filter is read again."""
        return {name: str(self.data.get(name, "")) for name in self.wanted}


@dataclass(slots=True)
class Sums:
    """Sums over payments in one currency, in its minor units."""

    currency: str
    count: int = 0
    cents: int = 0
    paid_cents: int = 0
    unproved_cents: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self.count += row["count"]
        self.cents += int(row["cents"] or 0)
        self.paid_cents += int(row["paid"] or 0)
        self.unproved_cents += int(row["unproved"] or 0)


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of exception within the filter: how many payments, and how much by currency."""

    mark: Mark
    count: int
    cents: dict[str, int]


@dataclass(frozen=True, slots=True)
class WholeFilter:
    """Counts and sums over all payments of a filter, and when they were read."""

    as_of: datetime
    by_city: list[dict[str, Any]]
    cards: list[Card]


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
        values = {name: value for name, value in self._sought.items() if name not in _FEW}
        few = tuple((name, self._sought.get(name)) for name in _FEW)
        shape = (type(self), self.today, self.form.wanted.get("kind"), few, *values)
        return Asked(shape, values, keep_plan=not values)

    @cached_property
    def _sought(self) -> dict[str, Any]:
        return _sought(self.form.wanted, self.center)

    @cached_property
    def _wide(self) -> Any:
        """The rows of the filter, whatever their exceptions."""
        slots = self._asked.slots() if self._asked else {}
        return Disbursement.objects.filter(_condition(self._sought | slots))

    @cached_property
    def rows(self) -> Any:
        """The rows of the whole filter."""
        kind = self.form.wanted.get("kind")
        if not kind:
            return self._wide
        return self._wide.annotate(unproved_cents=unproved()).filter(_with(kind, self.today))

    @cached_property
    def sums(self) -> "WholeFilter":
        """What is counted over the whole filter; remembered for a minute, since it reads every payment of the country.

        No person's own rights shape it: who works at the Center sees all of it.
        """
        asked = json.dumps([self.today.isoformat(), self.form.parameters], sort_keys=True)
        key = f"center:sums:{hashlib.sha256(asked.encode()).hexdigest()}"
        with suppress(RedisError):
            if (remembered := cache.get(key)) is not None:
                return cast("WholeFilter", remembered)
        found = WholeFilter(self.now, self._by_city(), self._cards())
        with suppress(RedisError):
            cache.set(key, found, timeout=settings.CENTER_SUMS_SECONDS)
        return found

    @property
    def by_city(self) -> list[dict[str, Any]]:
        return self.sums.by_city

    @property
    def cards(self) -> list[Card]:
        return self.sums.cards

    def _by_city(self) -> list[dict[str, Any]]:
        """Sums per city and currency, the largest first, in one statement."""
        rows = self.rows.annotate(unproved_cents=unproved()).order_by()
        groups = rows.values("city_id", "city__name", "city__slug", "currency")
        found = groups.annotate(
            count=Count("pk"),
            cents=Sum("amount_cents"),
            paid=Sum("amount_cents", filter=Q(status=Status.PAID)),
            unproved=Sum("unproved_cents"),
        )
        return sorted(found, key=lambda row: (-row["cents"], row["city__name"]))

    @cached_property
    def totals(self) -> list[Sums]:
        sums: dict[str, Sums] = {}
        for row in self.by_city:
            sums.setdefault(row["currency"], Sums(row["currency"])).add(row)
        return [sums[currency] for currency in sorted(sums)]

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals)

    def _cards(self) -> list[Card]:
        """Return each kind of exception with its count and sums, in one statement."""
        parts: dict[str, Any] = {}
        for mark in Mark:
            there = Q(**{f"mark_{mark}": True})
            parts[f"{mark}_n"] = Count("pk", filter=there)
            cents = "unproved_cents" if mark == Mark.UNPROVED else "amount_cents"
            parts[f"{mark}_cents"] = Sum(cents, filter=there)
        found = list(marked(self._wide, self.today).order_by().values("currency").annotate(**parts))
        return [
            Card(
                mark,
                sum(row[f"{mark}_n"] for row in found),
                {row["currency"]: int(row[f"{mark}_cents"]) for row in found if row[f"{mark}_n"]},
            )
            for mark in Mark
        ]

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
        return [(total.currency, self._points(total)) for total in self.totals]

    def _points(self, total: Sums) -> list[Point]:
        rows = [row for row in self.by_city if row["currency"] == total.currency]
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
            [*points, Point(_now("All other cities"), rest / 100, money(rest, total.currency))]
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


def _with(kind: str, today: date) -> Q:
    known = conditions(today)
    if kind != "any":
        return known[Mark(kind)]
    found = Q()
    for condition in known.values():
        found |= condition
    return found


def _sought(wanted: Mapping[str, Any], center: City) -> dict[str, Any]:
    """Return what :func:`_condition` takes of a filter.

    A day is that of the payment as recorded, or of the request by the Center's clock.
    """
    found = {name: value for name, value in wanted.items() if name in _LOOKUPS or name == "q"}
    if wanted.get("dated") == "paid":
        return {**found, **{f"paid_{name}": wanted[name] for name in ("since", "until") if name in wanted}}
    for name, whole_days in (("since", 0), ("until", 1)):
        if name in wanted:
            start = datetime.combine(wanted[name], time.min, tzinfo=center.zone)
            found[f"requested_{name}"] = start + timedelta(days=whole_days)
    return found


_FEW = ("status", "method")
_LOOKUPS = {
    "city": "city__slug",
    "status": "status",
    "method": "method",
    "least": "amount_cents__gte",
    "most": "amount_cents__lte",
    "paid_since": "paid_on__gte",
    "paid_until": "paid_on__lte",
    "requested_since": "requested_at__gte",
    "requested_until": "requested_at__lt",
}


def _condition(values: Mapping[str, Any]) -> Q:
    found = Q()
    for name, lookup in _LOOKUPS.items():
        if name in values:
            found &= Q(**{lookup: values[name]})
    return found & _typed(values["q"].strip()) if "q" in values else found


def _typed(words: str) -> Q:
    reference, _slash, number = words.partition("/")
    by_reference = Q(award__reference__istartswith=reference)
    if number.isascii() and number.isdigit() and len(number) < 5:  # noqa: PLR2004
        by_reference &= Q(number=int(number))
    return by_reference | Q(payee_name__icontains=words) | Q(voucher_number__iexact=words)
