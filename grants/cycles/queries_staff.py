"""The staff home's figures, in three statements however many calls and applications there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from cities.tenancy.models import City

from .applied import DRAFT, RECEIVED, RUNNING, TO_SCREEN
from .models import Cycle
from .states import Status

MOST_POINTS = 250
"""On the home's map, the newest. A page of all points of a large city would weigh megabytes."""


@dataclass
class CycleFigures:
    """One call in numbers. Amounts are minor units; ``by_day`` counts what was submitted per local day."""

    cycle: Cycle
    now: datetime
    zone: ZoneInfo
    drafts: int = 0
    submitted: int = 0
    to_screen: int = 0
    asked_cents: int = 0
    by_day: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def cycle_id(self) -> str:
        return str(self.cycle.pk)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def is_open(self) -> bool:
        return self.cycle.is_open(self.now)

    @property
    def stage(self) -> str:
        """Return ``upcoming``, ``open`` or ``closed``."""
        if self.is_open:
            return "open"
        return "upcoming" if self.cycle.opens_at and self.cycle.opens_at > self.now else "closed"

    @property
    def left(self) -> timedelta:
        closes = self.cycle.closes_at
        return max(closes - self.now, timedelta()) if closes else timedelta()

    @property
    def days_left(self) -> int:
        """Return whole days until the close; 0 on the last day."""
        return self.left.days

    @property
    def in_hours(self) -> bool:
        """Say whether so little time is left that days would mislead."""
        return self.left < timedelta(days=2)

    @property
    def hours_left(self) -> int:
        return int(self.left.total_seconds() // 3600)

    @property
    def asked_share(self) -> int:
        """Return what is asked for in percent of the pool; may exceed 100."""
        pool = self.cycle.planned_pool_cents or 0
        return round(100 * self.asked_cents / pool) if pool else 0

    def curve(self) -> list[tuple[date, int, int]]:
        """Return per day since the opening: the day, how many came in on it, how many until then."""
        if not self.by_day:
            return []
        first, last = min(self.by_day), min(self.today, max([*self.by_day, self._last_day()]))
        first = min(first, self._first_day() or first)
        found, total = [], 0
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            total += self.by_day.get(day, 0)
            found.append((day, self.by_day.get(day, 0), total))
        return found

    def _first_day(self) -> date | None:
        opens = self.cycle.opens_at
        return opens.astimezone(self.zone).date() if opens else None

    def _last_day(self) -> date:
        closes = self.cycle.closes_at
        return min(self.today, closes.astimezone(self.zone).date()) if closes else self.today


@dataclass(frozen=True, slots=True)
class Place:
    """A submitted application on the map."""

    id: UUID
    reference: str
    title: str
    latitude: float
    longitude: float
    requested_cents: int | None
    status: str


@dataclass(frozen=True)
class Today:
    """Everything the staff home shows of applications and calls."""

    figures: tuple[CycleFigures, ...]
    drafts: tuple[Cycle, ...]
    places: tuple[Place, ...]

    @property
    def is_empty(self) -> bool:
        return not self.figures and not self.drafts


def today(city: City, *, reader: Any, now: datetime | None = None) -> Today:
    """Read the staff home: calls, figures per call, and places.

    Applications that a conflict of interest hides from ``reader`` are neither counted nor drawn.
    """
    now = now or timezone.now()
    cycles = list(
        Cycle.objects.exclude(status=Status.ARCHIVED)
        .defer("eligibility", "budget", "attachments", "rubric", "award_terms", "workshop", "notes")
        .order_by("closes_at", "name")
    )
    published = [cycle for cycle in cycles if cycle.status == Status.PUBLISHED]
    figures = _figures(city, published, now, reader)
    return Today(
        figures=tuple(sorted(figures, key=_most_urgent)),
        drafts=tuple(cycle for cycle in cycles if cycle.status == Status.DRAFT),
        places=_places(published, reader),
    )


def _applied(reader: Any) -> Any:
    """Return cycles joined to their applications, without those that are hidden from ``reader``."""
    hidden = Cycle.objects.filter(
        applications__conflicts__person=reader, applications__conflicts__lifted_at__isnull=True
    )
    # Conditions on columns of the one join: a relation in exclude() would drop whole cycles, in filter() join anew.
    joined = Cycle.objects.alias(
        applied_id=F("applications__pk"),
        applied_status=F("applications__status"),
        applied_latitude=F("applications__latitude"),
        applied_longitude=F("applications__longitude"),
    )
    return joined.filter(applied_id__isnull=False).exclude(applied_id__in=hidden.values("applications__pk"))


def _figures(city: City, cycles: Sequence[Cycle], now: datetime, reader: Any) -> list[CycleFigures]:
    zone = city.zone
    found = {cycle.pk: CycleFigures(cycle, now, zone) for cycle in cycles}
    rows = (
        _applied(reader)
        .filter(status=Status.PUBLISHED)
        .order_by()
        .values("pk", "applications__status", day=TruncDate("applications__submitted_at", tzinfo=zone))
        .annotate(
            count=Count("applications"),
            asked=Sum("applications__requested_cents"),
        )
    )
    for row in rows:
        figures = found.get(row["pk"])
        if figures is not None:
            _add(figures, row["applications__status"], row)
    return list(found.values())


def _add(figures: CycleFigures, status: str, row: dict[str, Any]) -> None:
    if status == DRAFT:
        figures.drafts += row["count"]
    if status in RECEIVED:
        figures.submitted += row["count"]
        figures.by_day[row["day"]] += row["count"]
    if status in RUNNING:
        figures.asked_cents += row["asked"] or 0
    if status == TO_SCREEN:
        figures.to_screen += row["count"]


def _places(cycles: Sequence[Cycle], reader: Any) -> tuple[Place, ...]:
    """Return the newest submitted applications that have a point, of all published calls."""
    rows = (
        _applied(reader)
        .filter(
            pk__in=[cycle.pk for cycle in cycles],
            applied_status__in=RECEIVED,
            applied_latitude__isnull=False,
            applied_longitude__isnull=False,
        )
        .order_by("-applications__submitted_at")
        .values_list(
            "applications__pk", "applications__reference", "applications__title", "applications__latitude",
            "applications__longitude", "applications__requested_cents", "applications__status",
        )[:MOST_POINTS]
    )  # fmt: skip
    return tuple(Place(*row) for row in rows)


def _most_urgent(figures: CycleFigures) -> tuple[int, datetime]:
    order = {"open": 0, "upcoming": 1, "closed": 2}[figures.stage]
    closes = figures.cycle.closes_at or figures.now
    return order, closes if order < 2 else figures.now + (figures.now - closes)  # noqa: PLR2004 - newest closed first
