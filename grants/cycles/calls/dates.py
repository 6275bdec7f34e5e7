"""Dates of a call: local words of the city, turned into days and instants.

A date of the format is a day, or a local time with its offset. A day without an hour opens at 00:00:00 and
closes at 23:59:59 in the city's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grants.cycles.questions import Json

CLOSING_TIME = time(23, 59, 59)
DAY_LENGTH = len("2026-04-27")

CYCLE_DATES = ("opens_at", "closes_at", "decision_by", "project_starts", "project_ends")

Moment: TypeAlias = date | datetime


@dataclass(frozen=True, slots=True)
class CycleDates:
    """A cycle's dates as the product keeps them: two instants, the rest days. ``None`` where unknown."""

    opens_at: datetime | None
    closes_at: datetime | None
    decision_by: date | None
    project_starts: date | None
    project_ends: date | None
    workshops: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One date in a call file, with the way to write another there."""

    path: tuple[str | int, ...]
    text: str
    write: Callable[[str], None]


def zone_of(name: str) -> ZoneInfo | None:
    """Return the zone, ``None`` where IANA knows none of that name (or the name is a path)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_date(text: str) -> Moment | None:
    """Return a day or an aware instant; ``None`` for a date that no calendar has."""
    try:
        return date.fromisoformat(text) if len(text) == DAY_LENGTH else _aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("without an offset")
    return moment


def at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a local hour; one that the clocks skip moves on by what they skip."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC).astimezone(zone)


def opening(text: str | None, zone: ZoneInfo) -> datetime | None:
    return _instant(text, time(0, 0), zone)


def closing(text: str | None, zone: ZoneInfo) -> datetime | None:
    return _instant(text, CLOSING_TIME, zone)


def _instant(text: str | None, hour: time, zone: ZoneInfo) -> datetime | None:
    moment = read_date(text) if text else None
    if moment is None or isinstance(moment, datetime):
        return moment.astimezone(zone) if moment else None
    return at(moment, hour, zone)


def local_day(text: str | None, zone: ZoneInfo) -> date | None:
    """Return the day in the city's zone."""
    moment = read_date(text) if text else None
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def cycle_dates(cycle: Mapping[str, Json], zone: ZoneInfo) -> CycleDates:
    return CycleDates(
        opens_at=opening(cycle["opens_at"], zone),
        closes_at=closing(cycle["closes_at"], zone),
        decision_by=local_day(cycle["decision_by"], zone),
        project_starts=local_day(cycle["project_starts"], zone),
        project_ends=local_day(cycle["project_ends"], zone),
        workshops=tuple(moment for text in cycle["workshop"]["dates"] if (moment := read_date(text))),
    )


def moved(text: str, weeks: int, zone: ZoneInfo) -> str:
    """Return the date ``weeks`` later: the same weekday, the same hour on the city's clocks, the offset anew."""
    moment = read_date(text)
    if moment is None:
        raise ValueError(f"{text!r} is no date")
    step = timedelta(weeks=weeks)
    if not isinstance(moment, datetime):
        return (moment + step).isoformat()
    local = moment.astimezone(zone)
    return at(local.date() + step, local.time(), zone).isoformat()


def places(data: Json) -> Iterator[Place]:
    """Yield every known date of a call: of the cycle, its workshops, and the questions' limits and conditions."""
    cycle = data["cycle"]
    for key in CYCLE_DATES:
        if cycle[key]:
            yield _place(cycle, key, ("cycle", key))
    for number, _text in enumerate(cycle["workshop"]["dates"]):
        yield _place(cycle["workshop"]["dates"], number, ("cycle", "workshop", "dates", number))
    asked = [
        (question, ("sections", s, "questions", q))
        for s, section in enumerate(data["sections"])
        for q, question in enumerate(section["questions"])
    ]
    days = {question["key"] for question, _path in asked if question["type"] == "date"}
    for question, path in asked:
        if question["type"] == "date":
            for limit in ("min", "max"):
                if question[limit]:
                    yield _place(question, limit, (*path, limit))
        condition = question["shown_when"]
        if condition and condition["question"] in days:
            yield from _condition_places(condition, (*path, "shown_when"))


def _condition_places(condition: Json, path: tuple[str | int, ...]) -> Iterator[Place]:
    if isinstance(condition["value"], list):
        for number, _text in enumerate(condition["value"]):
            yield _place(condition["value"], number, (*path, "value", number))
    else:
        yield _place(condition, "value", (*path, "value"))


def _place(holder: Json, key: str | int, path: tuple[str | int, ...]) -> Place:
    def write(text: str) -> None:
        holder[key] = text

    return Place(path, holder[key], write)
