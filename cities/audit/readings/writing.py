"""Write down what the Center reads of cities (DESIGN, "Read log"). Called by views and workers in the Center's scope.

A list, total or map over cities is one row in the Center's own tenant, which every city reads. Opening, downloading
or exporting one city's record, name or image is one row in that city.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models

from cities.audit.models import Reading
from cities.tenancy.scopes import CENTER_ID
from cities.tenancy.writing import Insertion

MAX_WORDS = 200
UNSAID = frozenset({"sort"})
"""What is no part of a filter: in which order the rows came."""
TYPED = frozenset({"q"})
"""Words that somebody typed. Every city reads the log of lists, so a name of another city's resident isn't repeated."""

_READING = Insertion(Reading)


def record_list(reader: Any, page: str, *, row_count: int, asked: Mapping[str, Any] | None = None) -> Reading:
    """Write that ``reader`` saw a list, total or map over cities: the page, what it was filtered by, how many rows."""
    return _write(CENTER_ID, reader, page, row_count=row_count, filter=_plain(asked or {}))


def record_opening(
    reader: Any,
    page: str,
    *,
    city_id: UUID,
    subject: models.Model | None = None,
    row_count: int = 1,
    asked: Mapping[str, Any] | None = None,
) -> Reading:
    """Write in a city's own log that ``reader`` opened, downloaded or exported something of it."""
    about = (
        {"subject_type": subject._meta.label_lower, "subject_id": subject.pk} if subject is not None else {}
    )
    return _write(city_id, reader, page, row_count=row_count, filter=_plain(asked or {}), **about)


def record_openings(
    reader: Any, page: str, *, rows_by_city: Mapping[Any, int], asked: Mapping[str, Any] | None = None
) -> None:
    """Write in the log of each city in a file that ``reader`` had it made or downloaded it: one statement."""
    said = _plain(asked or {})
    Reading.objects.bulk_create(
        Reading(city_id=UUID(str(city_id)), reader=reader, page=page, row_count=count, filter=said)
        for city_id, count in rows_by_city.items()
    )


def _write(city_id: UUID, reader: Any, page: str, **facts: Any) -> Reading:
    reading = Reading(city_id=city_id, reader=reader, page=page, **facts)
    _READING.write(reading)
    return reading


def _plain(asked: Mapping[str, Any]) -> dict[str, str]:
    """Return a filter as words; what is empty was not asked for."""
    return {
        key: "…" if key in TYPED else str(value)[:MAX_WORDS]
        for key, value in asked.items()
        if value not in (None, "", [], ()) and key not in UNSAID
    }
