"""Whether the demo's dates have passed, and dating it anew."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from cities.audit.sequencing import seal_city
from cities.audit.trail import SEEDER, record
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope, public_scope
from grants.cycles.models import Cycle

from .schedule import SHOWCASE

# Days are added on the city's clocks, so that a close at 11:59 pm stays one when the clocks change.
# What people did themselves after the demo was dated can't move into the future.
_MOVED = "(({column} AT TIME ZONE %(zone)s) + %(days)s * interval '1 day') AT TIME ZONE %(zone)s"
_PAST = f"least({_MOVED}, greatest({{column}}, %(now)s))"

_DEMO_CYCLES = "SELECT id FROM grants_cycle WHERE city_id = %(city)s AND is_demo"
_DEMO_APPLICATIONS = (
    f"SELECT id FROM grants_application WHERE city_id = %(city)s AND cycle_id IN ({_DEMO_CYCLES})"  # noqa: S608
)

_DAYS = {"decision_on", "project_starts_on", "project_ends_on", "next_date_on"}
_AHEAD = {"opens_at", "closes_at"}
_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "grants_application": (
        ("closes_at", "next_date_on", "created_at", "submitted_at", "screened_at", "last_activity_at"),
        f"cycle_id IN ({_DEMO_CYCLES})",
    ),
    "grants_attachment": (("created_at",), f"application_id IN ({_DEMO_APPLICATIONS})"),
    "grants_cycle": (
        (
            "opens_at",
            "closes_at",
            "decision_on",
            "project_starts_on",
            "project_ends_on",
            "created_at",
            "published_at",
        ),
        "is_demo",
    ),
}


def is_stale() -> bool:
    """Say whether the call that closes "tonight" has closed. False where there is no demo."""
    closes_at = _last_close()
    return closes_at is not None and closes_at < timezone.now()


def _last_close() -> datetime | None:
    with public_scope():
        found: datetime | None = Cycle.objects.filter(
            is_demo=True, status="published", city__slug=SHOWCASE, city__is_demo=True
        ).aggregate(last=Max("closes_at"))["last"]
    return found


def date_anew(now: datetime) -> int:
    """Move all dates of the demo cities' demo calls so that the showcase closes tonight. Returns the days.

    Answers, notes and audit events are append-only and keep their times; each city's trail says how far its
    calls were moved. Calls and cities that aren't of the demo are not touched.
    """
    closes_at = _last_close()
    if closes_at is None:
        return 0
    zone = ZoneInfo(City.objects.get(slug=SHOWCASE).timezone)
    days = (now.astimezone(zone).date() - closes_at.astimezone(zone).date()).days
    if days <= 0:
        return 0
    cities = list(City.objects.filter(is_demo=True))
    with transaction.atomic():
        for city in cities:
            with city_scope(city):
                _move(city, days, now)
    for city in cities:
        seal_city(city.pk)
    return days


def _move(city: City, days: int, now: datetime) -> None:
    facts: dict[str, Any] = {"city": city.pk, "zone": city.timezone, "days": days, "now": now}
    with connection.cursor() as cursor:
        for table, (columns, which) in _TABLES.items():
            changes = ", ".join(f"{column} = {_moved(column)}" for column in columns)
            cursor.execute(f"UPDATE {table} SET {changes} WHERE city_id = %(city)s AND {which}", facts)  # noqa: S608
    for cycle in Cycle.objects.filter(is_demo=True):
        _move_parts(cycle, city, days)
    record("demo:date-anew", actor=SEEDER, subject=city, days=days)


def _moved(column: str) -> str:
    if column in _DAYS:
        return f"{column} + %(days)s"
    return (_MOVED if column in _AHEAD else _PAST).format(column=column)


def _move_parts(cycle: Cycle, city: City, days: int) -> None:
    """Move what stands inside JSON, and the year that follows from the opening."""
    workshops = [_later(text, city, days) for text in cycle.workshop.get("dates", ())]
    year = cycle.opens_at.astimezone(city.zone).year if cycle.opens_at else cycle.year
    changed: dict[str, Any] = {"workshop": {**cycle.workshop, "dates": workshops}, "year": year}
    Cycle.objects.filter(pk=cycle.pk).update(**changed)


def _later(text: str, city: City, days: int) -> str:
    if len(text) == len("2026-01-31"):
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    local = datetime.fromisoformat(text).astimezone(city.zone)
    return (local + timedelta(days=days)).isoformat()
