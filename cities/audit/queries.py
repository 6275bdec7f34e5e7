"""Reads of the trail for a page or the API, in the open city."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cities.tenancy.cursors import moment_cursor, read_moment
from cities.tenancy.models import City

from .models import Event, Seal
from .sentences import sentence
from .subjects import Subject, hidden_from, subjects_of

SIZE = 50
TELLING = frozenset({"who", "kind", "about"})
"""Filters that say of a line, though it has no words, what it would."""

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Line:
    """One event as people read it, with its place in the sealed chain (``None`` while it waits).

    Of a hidden one the reader learns that it is there and when it was, no more.
    """

    event: Event
    words: str
    subject: Subject | None
    seal: Seal | None
    is_hidden: bool = False

    @property
    def tag(self) -> str:
        return "" if self.is_hidden else self.event.tag

    @property
    def reason(self) -> str:
        return "" if self.is_hidden else str(self.event.data.get("reason") or "")

    @property
    def token(self) -> dict[str, str] | None:
        """Return which API token acted for the actor, if one did."""
        return None if self.is_hidden else self.event.data.get("token")

    @property
    def subject_type(self) -> str:
        return "" if self.is_hidden else self.event.subject_type

    @property
    def subject_id(self) -> UUID | None:
        return None if self.is_hidden else self.event.subject_id


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Newest first. ``after`` is the cursor of what is older, empty at the end."""

    lines: list[Line]
    after: str


def matching(city: City, wanted: Mapping[str, Any]) -> QuerySet[Event]:
    """Return the events that a filter asks for; a day is the city's own."""
    found: QuerySet[Event] = Event.objects.select_related("actor").order_by("-created_at", "-id")
    if "who" in wanted:
        name = wanted["who"]
        found = found.filter(
            Q(actor__name__icontains=name) | Q(actor__email__icontains=name) | Q(actor_name__icontains=name)
        )
    if "kind" in wanted:
        found = found.filter(subject_type=wanted["kind"])
    if "about" in wanted:
        found = found.filter(subject_id=wanted["about"])
    if "day" in wanted:
        start = datetime.combine(wanted["day"], time.min, tzinfo=city.zone)
        end = datetime.combine(wanted["day"] + timedelta(days=1), time.min, tzinfo=city.zone)
        found = found.filter(created_at__gte=start, created_at__lt=end)
    return found


def trail_page(
    city: City, wanted: Mapping[str, Any], *, reader: Any = None, after: str = "", size: int = SIZE
) -> TrailPage:
    """Read one page of the trail: events with their people, what they are about, and their seals.

    What a room hides from ``reader`` keeps its line, without words: the chain has no gaps. But where the filter would
    tell what the line doesn't, it is left out.
    """
    leaves_out = not TELLING.isdisjoint(wanted)
    rows = matching(city, wanted)
    events, hidden = _read(rows, city, reader, read_moment(after), size + 1, leaves_out=leaves_out)
    more, events = len(events) > size, events[:size]
    subjects = subjects_of(city, [event for event in events if event.pk not in hidden])
    seals = {seal.event_id: seal for seal in Seal.objects.filter(event__in=[event.pk for event in events])}
    lines = [
        _line(
            event,
            subjects.get(event.subject_id),
            seals.get(event.pk),
            currency=city.currency,
            is_hidden=event.pk in hidden,
        )
        for event in events
    ]
    return TrailPage(lines, moment_cursor(events[-1].created_at, events[-1].pk) if more else "")


def _read(
    rows: QuerySet[Event], city: City, reader: Any, place: Place | None, most: int, *, leaves_out: bool
) -> tuple[list[Event], set[UUID]]:
    """Return the first events after ``place``, and which of them are hidden.

    Where hidden ones are left out, others are read in their stead: a page that is short, or a cursor that stands at a
    hidden one, would tell of it.
    """
    found: list[Event] = []
    while True:
        events = list(_after(rows, place)[:most])
        hidden = hidden_from(reader, city, events) if reader is not None else set()
        found += [event for event in events if not (leaves_out and event.pk in hidden)]
        if not leaves_out or len(found) >= most or len(events) < most:
            return found[:most], hidden
        place = (events[-1].created_at, events[-1].pk)


def _after(rows: QuerySet[Event], place: Place | None) -> QuerySet[Event]:
    if place is None:
        return rows
    at, event_id = place
    return rows.filter(Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(id__lt=event_id)))


def _line(
    event: Event, subject: Subject | None, seal: Seal | None, *, currency: str, is_hidden: bool
) -> Line:
    if is_hidden:
        return Line(
            event,
            _("Hidden from you: you have a conflict of interest, or it is about your own application."),
            None,
            seal,
            is_hidden=True,
        )
    who = str(event.actor) if event.actor else event.actor_name
    return Line(event, sentence(event.tag, who, event.data, currency=currency), subject, seal)
