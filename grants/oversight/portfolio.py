"""The overview: cities as numbers, map and table, filtered and sorted by what the address says."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from math import inf
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cities.interface.charts import Point
from cities.interface.formats import moment, number, percent
from grants.programs.models import Cohort

from .figures import CityFigures, Stage, Totals, all_cities, totals

PAGE = 50
MOST_BARS = 12
NO_COHORT = "none"
TONES = {Stage.OPEN: "success", Stage.UPCOMING: "info"}

CALLS: dict[str, tuple[Any, Callable[[CityFigures], bool]]] = {
    "open": (_("Open now"), lambda row: bool(row.open_calls)),
    "closing": (_("Closes within a week"), lambda row: row.closes_soon),
    "upcoming": (_("Opens later"), lambda row: row.call is not None and row.call.stage == Stage.UPCOMING),
    "none": (_("No open call"), lambda row: not row.open_calls),
}

ORDERS: dict[str, Callable[[CityFigures], Any]] = {
    "city": lambda row: row.city.name.casefold(),
    "state": lambda row: row.city.region.casefold() or "~",
    "cohort": lambda row: row.cohorts[0][1].casefold() if row.cohorts else "~",
    "closes": lambda row: (
        row.open_calls[0].closes_at.timestamp() if row.open_calls and row.open_calls[0].closes_at else inf
    ),
    "drafts": lambda row: row.drafts,
    "submitted": lambda row: row.submitted,
    "asked": lambda row: row.asked_cents,
    "pool": lambda row: row.pool_cents,
    "people": lambda row: row.people,
}
DEFAULT_ORDER = "city"


class CityFilter(forms.Form):
    """The overview's filter, as it stands in the address. What can't be read is left out and said so."""

    q = forms.CharField(
        label=_("City"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    call = forms.ChoiceField(label=_("Call"), required=False)

    def __init__(self, data: Mapping[str, Any], *, cohorts: list[tuple[str, str]], states: list[str]) -> None:
        super().__init__(data)
        offered: dict[str, list[tuple[str, Any]]] = {
            "cohort": [*cohorts, (NO_COHORT, _("In no cohort"))],
            "state": [(state, state) for state in states],
            "call": [(key, label) for key, (label, _test) in CALLS.items()],
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("Any")), *choices]  # type: ignore[attr-defined]

    @cached_property
    def wanted(self) -> dict[str, str]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Portfolio:
    """The cities that the address asks for. Reads when it is asked, through the Center's door."""

    def __init__(self, params: Mapping[str, Any], now: datetime) -> None:
        self.params = params
        self.now = now

    @cached_property
    def everything(self) -> list[CityFigures]:
        return all_cities(self.now)

    @cached_property
    def form(self) -> CityFilter:
        cohorts = [
            (str(key), name)
            for key, name in Cohort.objects.order_by("-starts_on", "name").values_list("pk", "name")
        ]
        states = sorted({row.city.region for row in self.everything if row.city.region})
        return CityFilter(self.params, cohorts=cohorts, states=states)

    @property
    def is_filtered(self) -> bool:
        return bool(self.form.wanted)

    @cached_property
    def rows(self) -> list[CityFigures]:
        """Return the cities that pass the filter, in the order asked for; equals stand by name."""
        wanted = self.form.wanted
        found = [
            row for row in self.everything if all(_passes(row, name, value) for name, value in wanted.items())
        ]
        order = str(self.params.get("sort") or DEFAULT_ORDER)
        key = ORDERS.get(order.removeprefix("-"), ORDERS[DEFAULT_ORDER])
        return sorted(found, key=key, reverse=order.startswith("-"))

    @cached_property
    def totals(self) -> Totals:
        return totals(self.rows)

    @cached_property
    def page_number(self) -> int:
        asked = str(self.params.get("page", ""))
        last = max(1, -(-len(self.rows) // PAGE))
        return min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1  # noqa: PLR2004

    @property
    def page(self) -> list[CityFigures]:
        return self.rows[(self.page_number - 1) * PAGE : self.page_number * PAGE]

    @property
    def next_page(self) -> int | None:
        return self.page_number + 1 if self.page_number * PAGE < len(self.rows) else None

    @property
    def previous_page(self) -> int | None:
        return self.page_number - 1 if self.page_number > 1 else None

    @property
    def shown(self) -> str:
        """Say which rows of how many stand on this page."""
        first = (self.page_number - 1) * PAGE + 1
        values = {
            "first": number(first),
            "last": number(first + len(self.page) - 1),
            "count": number(len(self.rows)),
        }
        return _now("%(first)s–%(last)s of %(count)s") % values

    @property
    def map_data(self) -> dict[str, Any]:
        """Return the pins of the cities that pass the filter, the more applications the larger."""
        most = max((row.submitted for row in self.rows), default=0) or 1
        return {"markers": [_pin(row, most) for row in self.rows if _has_place(row)]}

    def demand(self) -> list[Point]:
        """Return what is asked for in percent of the planned pool, of the cities where it is most."""
        shares = [(row, round(100 * row.asked_cents / row.pool_cents)) for row in self.rows if row.pool_cents]
        shares.sort(key=lambda pair: (-pair[1], pair[0].city.name))
        return [
            Point(row.city.name, share, percent(share, 100), _address(row))
            for row, share in shares[:MOST_BARS]
        ]

    @property
    def without_place(self) -> list[CityFigures]:
        return [row for row in self.rows if not _has_place(row)]


def _passes(row: CityFigures, name: str, value: str) -> bool:
    if name == "q":
        return value.casefold() in f"{row.city.name} {row.city.slug}".casefold()
    if name == "state":
        return row.city.region == value
    if name == "cohort":
        return not row.cohorts if value == NO_COHORT else value in {str(key) for key, _name in row.cohorts}
    return CALLS[value][1](row)


def _has_place(row: CityFigures) -> bool:
    return row.city.latitude is not None and row.city.longitude is not None


def _address(row: CityFigures) -> str:
    return reverse("grants:center-city-detail", args=[row.city.slug])


def _pin(row: CityFigures, most: int) -> dict[str, Any]:
    stage = row.call.stage if row.call else None
    return {
        "label": f"{row.city.name}, {row.city.region}" if row.city.region else row.city.name,
        "latitude": row.city.latitude,
        "longitude": row.city.longitude,
        "url": _address(row),
        "text": _pin_words(row),
        "tone": TONES.get(stage, "neutral") if stage else "neutral",
        "size": 1 + round(4 * row.submitted / most),
    }


def _pin_words(row: CityFigures) -> str:
    count = ngettext("%(count)s submitted", "%(count)s submitted", row.submitted) % {
        "count": number(row.submitted)
    }
    if row.call is None:
        return f"{_now('No open call')} · {count}"
    if row.call.stage == Stage.OPEN:
        when = _now("Open until %(moment)s") % {
            "moment": moment(row.call.closes_at, row.city.timezone, style="short")
        }
    else:
        when = _now("Opens %(moment)s") % {
            "moment": moment(row.call.opens_at, row.city.timezone, style="short")
        }
    return f"{when} · {count}"
