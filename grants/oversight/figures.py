"""Every city in numbers, read through the Center's door in statements that don't grow with the cities.

What is counted, so that a city and the Center see the same: published calls that are not put away; of their
applications drafts apart, everything received, and as "asked" what still stands (submitted or ready for review).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from cities.access.models import Membership
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.cycles.applied import RECEIVED, RUNNING
from grants.cycles.models import Cycle
from grants.cycles.states import Status as CycleStatus
from grants.programs.models import CohortMember

SOON = timedelta(days=7)


class Stage(models.TextChoices):
    """Where a call stands at a moment."""

    OPEN = "open", _("Open")
    UPCOMING = "upcoming", _("Opens later")
    CLOSED = "closed", _("Closed")
    DRAFT = "draft", _("In preparation")
    ARCHIVED = "archived", _("Put away")


@dataclass(slots=True)
class CallFigures:
    """One call in numbers; amounts are minor units of its city's currency."""

    id: UUID
    name: str
    status: str
    opens_at: datetime | None
    closes_at: datetime | None
    pool_cents: int
    stage: Stage
    closes_soon: bool = False
    drafts: int = 0
    submitted: int = 0
    asked_cents: int = 0

    @property
    def counts(self) -> bool:
        """Say whether the call stands in its city's sums."""
        return self.status == CycleStatus.PUBLISHED


@dataclass(slots=True)
class CityFigures:
    """One city in numbers. ``cohorts`` are ids and names."""

    city: City
    cohorts: list[tuple[UUID, str]] = field(default_factory=list)
    calls: list[CallFigures] = field(default_factory=list)
    people: int = 0

    @property
    def open_calls(self) -> list[CallFigures]:
        """Return what residents can apply to now, the soonest close first."""
        found = [call for call in self.calls if call.stage == Stage.OPEN]
        return sorted(found, key=lambda call: _seconds(call.closes_at))

    @property
    def closes_soon(self) -> bool:
        return any(call.closes_soon for call in self.calls)

    @property
    def call(self) -> CallFigures | None:
        """Return the call to name first: the open one that closes next, else the next to open."""
        coming = [call for call in self.calls if call.stage == Stage.UPCOMING]
        return next(iter([*self.open_calls, *sorted(coming, key=lambda call: _seconds(call.opens_at))]), None)

    @property
    def drafts(self) -> int:
        return sum(call.drafts for call in self.calls if call.counts)

    @property
    def submitted(self) -> int:
        return sum(call.submitted for call in self.calls if call.counts)

    @property
    def asked_cents(self) -> int:
        return sum(call.asked_cents for call in self.calls if call.counts)

    @property
    def pool_cents(self) -> int:
        return sum(call.pool_cents for call in self.calls if call.counts)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over cities. Money is summed per currency, never across."""

    cities: int
    open_calls: int
    closing_soon: int
    drafts: int
    submitted: int
    people: int
    asked: dict[str, int]
    pool: dict[str, int]


def all_cities(now: datetime) -> list[CityFigures]:
    """Read every city with its calls, counts, cohorts and people, by name: five statements."""
    rows = {city.pk: CityFigures(city) for city in City.objects.cities().order_by("name")}
    _add_cohorts(rows)
    _add_people(rows)
    calls = _add_calls(rows, Cycle.objects.exclude(status=CycleStatus.ARCHIVED), now)
    _add_applications(calls, Application.objects.filter(cycle__status=CycleStatus.PUBLISHED))
    return list(rows.values())


def one_city(city: City, now: datetime) -> CityFigures:
    """Read one city in the same numbers, with the calls that are put away: four statements."""
    figures = CityFigures(city)
    rows = {city.pk: figures}
    _add_cohorts(rows)
    _add_people(rows)
    calls = _add_calls(rows, Cycle.objects.filter(city=city), now)
    _add_applications(calls, Application.objects.filter(city=city))
    return figures


def totals(rows: Iterable[CityFigures]) -> Totals:
    """Sum what is listed."""
    found = list(rows)
    asked: dict[str, int] = defaultdict(int)
    pool: dict[str, int] = defaultdict(int)
    for row in found:
        asked[row.city.currency] += row.asked_cents
        pool[row.city.currency] += row.pool_cents
    return Totals(
        cities=len(found),
        open_calls=sum(len(row.open_calls) for row in found),
        closing_soon=sum(call.closes_soon for row in found for call in row.calls),
        drafts=sum(row.drafts for row in found),
        submitted=sum(row.submitted for row in found),
        people=sum(row.people for row in found),
        asked=dict(asked),
        pool=dict(pool),
    )


def stage_of(status: str, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Stage:
    """Return where a call stands at ``now``; its last moment belongs to it."""
    if status != CycleStatus.PUBLISHED or opens_at is None or closes_at is None:
        return Stage.ARCHIVED if status == CycleStatus.ARCHIVED else Stage.DRAFT
    if now < opens_at:
        return Stage.UPCOMING
    return Stage.OPEN if now <= closes_at else Stage.CLOSED


def _add_cohorts(rows: dict[UUID, CityFigures]) -> None:
    members = CohortMember.objects.filter(recipient__in=_these(rows)).order_by(
        "-cohort__starts_on", "cohort__name"
    )
    for city_id, cohort_id, name in members.values_list("recipient_id", "cohort_id", "cohort__name"):
        if city_id in rows:  # a city founded between two statements
            rows[city_id].cohorts.append((cohort_id, name))


def _add_people(rows: dict[UUID, CityFigures]) -> None:
    standing = Membership.objects.filter(ended_at__isnull=True, city__in=_these(rows)).order_by()
    for city_id, people in standing.values_list("city_id").annotate(people=Count("user", distinct=True)):
        if city_id in rows:
            rows[city_id].people = people


def _add_calls(rows: dict[UUID, CityFigures], cycles: Any, now: datetime) -> dict[UUID, CallFigures]:
    calls = {}
    columns = ("city_id", "id", "name", "status", "opens_at", "closes_at", "planned_pool_cents")
    for city_id, key, name, status, opens_at, closes_at, pool in cycles.order_by(
        "-closes_at", "name"
    ).values_list(*columns):
        if city_id not in rows:
            continue
        stage = stage_of(status, opens_at, closes_at, now)
        soon = stage == Stage.OPEN and closes_at - now < SOON
        calls[key] = CallFigures(key, name, status, opens_at, closes_at, pool or 0, stage, soon)
        rows[city_id].calls.append(calls[key])
    return calls


def _add_applications(calls: dict[UUID, CallFigures], applications: Any) -> None:
    groups = applications.order_by().values("cycle_id").annotate(
        drafts=Count("pk", filter=Q(status=ApplicationStatus.DRAFT)),
        submitted=Count("pk", filter=Q(status__in=RECEIVED)),
        asked=Sum("requested_cents", filter=Q(status__in=RUNNING)),
    )  # fmt: skip
    for group in groups:
        call = calls.get(group["cycle_id"])
        if call is not None:
            call.drafts, call.submitted, call.asked_cents = (
                group["drafts"],
                group["submitted"],
                group["asked"] or 0,
            )


def _these(rows: dict[UUID, CityFigures]) -> Any:
    """Name the cities: one of them, or all there are, without a list of three hundred ids."""
    return list(rows) if len(rows) == 1 else City.objects.exclude(pk=CENTER_ID).values("pk")


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else inf
