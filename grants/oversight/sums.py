"""What is counted and summed over all payments of a filter, remembered for a minute: it reads every payment of the country.

No person's own rights shape it: who works at the Center sees all of it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q, Sum
from redis.exceptions import RedisError

from grants.payments.states import Status

from .marks import Mark, marked, unproved


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
        self.cents += row["cents"]
        self.paid_cents += row["paid"]
        self.unproved_cents += row["unproved"]


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of exception within the filter: how many payments, and how much by currency."""

    mark: Mark
    count: int
    cents: dict[str, int]


@dataclass(frozen=True, slots=True)
class WholeFilter:
    """Counts and sums over all payments of a filter, and when they were read.

    ``by_city`` has a row per city and currency, the largest first: plain words and whole numbers, quickly read again.
    """

    as_of: datetime
    totals: list[Sums]
    by_city: list[dict[str, Any]]
    cards: list[Card]

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals)


def remembered(asked: Mapping[str, Any], read: Callable[[], WholeFilter]) -> WholeFilter:
    """Return the sums of a filter as they were read within the last minute, else read them."""
    words = json.dumps(asked, sort_keys=True, default=str)
    # The number changes with what is kept, so that another version's is not read.
    key = f"center:sums:2:{hashlib.sha256(words.encode()).hexdigest()}"
    with suppress(RedisError):
        if (known := cache.get(key)) is not None:
            return cast("WholeFilter", known)
    found = read()
    with suppress(RedisError):
        cache.set(key, found, timeout=settings.CENTER_SUMS_SECONDS)
    return found


def whole_filter(rows: Any, whatever_exception: Any, today: date, now: datetime) -> WholeFilter:
    """Read the sums of ``rows``, and each exception among ``whatever_exception``: two statements."""
    by_city = _by_city(rows)
    sums: dict[str, Sums] = {}
    for row in by_city:
        sums.setdefault(row["currency"], Sums(row["currency"])).add(row)
    totals = [sums[currency] for currency in sorted(sums)]
    return WholeFilter(now, totals, by_city, _cards(whatever_exception, today))


def _by_city(rows: Any) -> list[dict[str, Any]]:
    groups = rows.annotate(unproved_cents=unproved()).order_by()
    found = groups.values("city_id", "city__name", "city__slug", "currency").annotate(
        count=Count("pk"),
        cents=Sum("amount_cents"),
        paid=Sum("amount_cents", filter=Q(status=Status.PAID)),
        unproved=Sum("unproved_cents"),
    )
    plain = [
        {**row, "city_id": str(row["city_id"])}
        | {name: int(row[name] or 0) for name in ("cents", "paid", "unproved")}
        for row in found
    ]
    return sorted(plain, key=lambda row: (-row["cents"], row["city__name"]))


def _cards(rows: Any, today: date) -> list[Card]:
    parts: dict[str, Any] = {}
    for mark in Mark:
        there = Q(**{f"mark_{mark}": True})
        parts[f"{mark}_n"] = Count("pk", filter=there)
        cents = "unproved_cents" if mark == Mark.UNPROVED else "amount_cents"
        parts[f"{mark}_cents"] = Sum(cents, filter=there)
    found = list(marked(rows, today).order_by().values("currency").annotate(**parts))
    return [
        Card(
            mark,
            sum(row[f"{mark}_n"] for row in found),
            {row["currency"]: int(row[f"{mark}_cents"]) for row in found if row[f"{mark}_n"]},
        )
        for mark in Mark
    ]
