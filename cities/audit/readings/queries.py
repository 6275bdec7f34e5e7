"""Reads of the read log in the open city: its own rows, and those about lists over all cities."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cities.audit.models import Reading
from cities.audit.subjects import Subject, hidden_from, subjects_of
from cities.tenancy.cursors import moment_cursor, read_moment
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID

from .pages import filter_words, page_words

SIZE = 50


@dataclass(frozen=True, slots=True)
class Look:
    """One look of the Center as people read it. What a conflict of interest hides from the reader has no subject."""

    reading: Reading
    subject: Subject | None
    is_hidden: bool = False

    @property
    def page(self) -> str:
        return page_words(self.reading.page)

    @property
    def filter(self) -> str:
        return filter_words(self.reading.filter)

    @property
    def is_of_city(self) -> bool:
        """Say whether it was about this city's own records, not a list over cities."""
        return self.reading.city_id != CENTER_ID

    @property
    def subject_type(self) -> str:
        return "" if self.is_hidden else self.reading.subject_type

    @property
    def subject_id(self) -> UUID | None:
        return None if self.is_hidden else self.reading.subject_id


@dataclass(frozen=True, slots=True)
class LookPage:
    """Newest first. ``after`` is the cursor of what is older, empty at the end."""

    looks: list[Look]
    after: str


def looks_page(
    city: City, wanted: Mapping[str, Any], *, reader: Any, after: str = "", size: int = SIZE
) -> LookPage:
    """Read one page of what the Center looked at in this city and over all cities."""
    places = {"city": [city.pk], "lists": [CENTER_ID]}.get(wanted.get("grain", ""), [city.pk, CENTER_ID])
    condition = _condition(city, wanted) & _beyond(after)
    # One statement per tenant, each along its index; an OR over both would sort whatever there is.
    found = [row for place in places for row in _newest(place, condition, size + 1)]
    found.sort(key=lambda row: (row.read_at, row.pk), reverse=True)
    rows, more = found[:size], len(found) > size
    about = [row for row in rows if row.subject_id]
    hidden = hidden_from(reader, city, about)
    subjects = subjects_of(city, [row for row in about if row.pk not in hidden])
    looks = [_look(row, subjects, hidden) for row in rows]
    return LookPage(looks, moment_cursor(rows[-1].read_at, rows[-1].pk) if more else "")


def _look(row: Reading, subjects: Mapping[UUID, Subject], hidden: Collection[UUID]) -> Look:
    if row.subject_id is None:
        return Look(row, None)
    return Look(row, subjects.get(row.subject_id), row.pk in hidden)


def _newest(place: UUID, condition: Q, size: int) -> QuerySet[Reading]:
    rows: QuerySet[Reading] = Reading.objects.in_city(place).filter(condition).select_related("reader")
    return rows.order_by("-read_at", "-id")[:size]


def _condition(city: City, wanted: Mapping[str, Any]) -> Q:
    found = Q()
    if "who" in wanted:
        name = wanted["who"]
        found &= Q(reader__name__icontains=name) | Q(reader__email__icontains=name)
    if "page" in wanted:
        found &= Q(page=wanted["page"])
    if "day" in wanted:
        start = datetime.combine(wanted["day"], time.min, tzinfo=city.zone)
        end = datetime.combine(wanted["day"] + timedelta(days=1), time.min, tzinfo=city.zone)
        found &= Q(read_at__gte=start, read_at__lt=end)
    return found


def _beyond(cursor: str) -> Q:
    place = read_moment(cursor)
    if place is None:
        return Q()
    moment, row_id = place
    return Q(read_at__lte=moment) & (Q(read_at__lt=moment) | Q(id__lt=row_id))
