"""Invent what a call must have to be tried open: opening, close and pool. Each invention is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from grants.cycles.questions import Json

from .dates import CLOSING_TIME, at
from .reading import CallFile

WEEKS_OPEN = 4
"""A usual call stands open for three to ten weeks."""

DAYS_TO_CLOSE = 10
AWARDS_WITHOUT_COUNT = 20
POOL_WITHOUT_LIMITS = Decimal(20_000)


@dataclass(frozen=True, slots=True)
class Invented:
    """One value that stands in no source. ``path`` is dotted: ``cycle.pool``."""

    path: str
    value: Json
    reason: str


@dataclass(frozen=True, slots=True)
class Filled:
    call: CallFile
    invented: tuple[Invented, ...]


def fill(call: CallFile, today: date) -> Filled:
    """Invent the missing among opening, close and pool; what is known stays. ``today`` is the city's day."""
    new = call.copy()
    cycle = new.data["cycle"]
    invented = []
    if cycle["closes_at"] is None:
        cycle["closes_at"], reason = _close(call, today)
        invented.append(Invented("cycle.closes_at", cycle["closes_at"], reason))
    if cycle["opens_at"] is None:
        cycle["opens_at"], reason = _opening(new, today)
        invented.append(Invented("cycle.opens_at", cycle["opens_at"], reason))
    if cycle["pool"] is None:
        cycle["pool"], reason = _pool(cycle)
        invented.append(Invented("cycle.pool", cycle["pool"], reason))
    return Filled(new.copy(), tuple(invented))  # a fresh one: its dates were read while they were incomplete


def _close(call: CallFile, today: date) -> tuple[str, str]:
    """Ten days ahead, or four weeks after a known opening if that is later; 11:59:59 pm local."""
    days = {today + timedelta(days=DAYS_TO_CLOSE): "ten days from today"}
    opens = call.dates.opens_at
    if opens:
        days[opens.astimezone(call.zone).date() + timedelta(weeks=WEEKS_OPEN)] = (
            "four weeks after the opening"
        )
    day = max(days)
    return _stamp(
        day, CLOSING_TIME, call
    ), f"The call doesn't say when it closes: {days[day]}, at the end of the day."


def _opening(call: CallFile, today: date) -> tuple[str, str]:
    """Four weeks before the close, but not after today, so that the call can be tried open."""
    closes = call.dates.closes_at or datetime.max.replace(tzinfo=call.zone)
    before = closes.astimezone(call.zone).date() - timedelta(weeks=WEEKS_OPEN)
    day = min(before, today)
    words = "four weeks before the close" if day == before else "today"
    return _stamp(
        day, time(0, 0), call
    ), f"The call doesn't say when it opens: {words}, at the start of the day."


def _pool(cycle: dict[str, Json]) -> tuple[str, str]:
    most, awards = cycle["max_request"], cycle["expected_awards"]
    if most and awards:
        return _amount(
            Decimal(most) * awards
        ), f"The pool is unknown: {awards} expected awards of {most} each."
    if most:
        pool = Decimal(most) * AWARDS_WITHOUT_COUNT
        return _amount(pool), f"The pool is unknown: {AWARDS_WITHOUT_COUNT} awards of {most} each."
    return _amount(POOL_WITHOUT_LIMITS), "Neither pool nor limits are known: a usual round of a city."


def _stamp(day: date, hour: time, call: CallFile) -> str:
    return at(day, hour, call.zone).isoformat()


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}"
