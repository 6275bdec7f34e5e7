"""What pages and the API read of projects."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from cities.tenancy.models import City
from grants.applications.desk.paging import Order, Page, page_of
from grants.applications.models import open_conflicts

from .models import Photo, Project, ProjectQuerySet, Update
from .states import Status, UpdateStatus

PER_PAGE = 24
MOST_POINTS = 250
"""On a map: those where something happened last."""

NEWEST = Order("activity", F("last_activity_at"), datetime.fromisoformat, descending=True)
OLDEST = Order("told", F("created_at"), datetime.fromisoformat)

TONES = {
    Status.PLANNED: "info",
    Status.UNDER_WAY: "success",
    Status.FINISHED: "neutral",
    Status.STOPPED: "warning",
}
UPDATE_TONES = {
    UpdateStatus.WAITING: "waiting",
    UpdateStatus.PUBLISHED: "success",
    UpdateStatus.HIDDEN: "warning",
    UpdateStatus.REMOVED: "neutral",
}
SHOWN = {"yes": Q(published_at__isnull=False), "no": Q(published_at__isnull=True)}
CARD = (
    "id", "title", "group_name", "neighborhood", "status", "cover_id", "update_count", "waiting_count", "published_at",
    "last_activity_at", "award__amount_cents", "award__released_cents", "award__reference",
)  # fmt: skip


def projects_with_award() -> ProjectQuerySet:
    """Projects that can be opened, each with its city, award and lead, in one statement."""
    rows: ProjectQuerySet = Project.objects.select_related("city", "award", "lead")
    return rows


def updates_with_project() -> Any:
    """Updates with all that a rule asks, also those taken back: an old page still names them."""
    return Update.objects.select_related("author", "project__city", "project__award", "project__lead")


def photos_with_project() -> Any:
    """Photos with all that a rule asks."""
    return Photo.objects.select_related("update__project__award")


def updates_of(project: Project, statuses: Collection[str]) -> list[Update]:
    """Return what was told about a project, newest first, with photos. Two statements."""
    rows = Update.objects.filter(project=project, status__in=statuses).select_related("author")
    return list(rows.order_by("-happened_on", "-created_at").prefetch_related("photos"))


@dataclass
class Filter:
    """Which projects, as an address says it. What isn't known is left out."""

    query: Mapping[str, str]

    def _word(self, name: str) -> str:
        return self.query.get(name, "").replace("\0", "").strip()[:120]

    @property
    def neighborhood(self) -> str:
        return self._word("neighborhood")

    @property
    def status(self) -> str:
        return self._word("status") if self._word("status") in Status.values else ""

    @property
    def shown(self) -> str:
        return self._word("shown") if self._word("shown") in SHOWN else ""

    @property
    def words(self) -> str:
        return self._word("q")

    @property
    def is_empty(self) -> bool:
        return not (self.neighborhood or self.status or self.shown or self.words)

    @property
    def condition(self) -> Q:
        found = SHOWN.get(self.shown, Q())
        if self.neighborhood:
            found &= Q(neighborhood=self.neighborhood)
        if self.status:
            found &= Q(status=self.status)
        if self.words:
            words = self.words
            found &= (
                Q(title__icontains=words) | Q(group_name__icontains=words) | Q(award__reference__iexact=words)
            )
        return found


@dataclass
class ProjectList:
    """Some of ``rows``, as an address says. Each part is read once, when it is asked for."""

    city: City
    query: Mapping[str, str]
    rows: ProjectQuerySet

    @cached_property
    def wanted(self) -> Filter:
        return Filter(self.query)

    @cached_property
    def page(self) -> Page:
        current = F("award__amount_cents") - F("award__released_cents")
        rows = self.rows.filter(self.wanted.condition).values(*CARD, current_cents=current)
        after, before = self.query.get("after", ""), self.query.get("before", "")
        return page_of(lambda: rows, NEWEST, after=after, before=before, size=PER_PAGE)

    @cached_property
    def neighborhoods(self) -> list[str]:
        """The neighborhoods that have a project, in order."""
        rows = self.rows.exclude(neighborhood="").order_by("neighborhood")
        return list(rows.values_list("neighborhood", flat=True).distinct())

    @cached_property
    def count(self) -> int:
        return int(self.rows.filter(self.wanted.condition).count())

    @cached_property
    def places(self) -> list[Project]:
        """The projects with a point, for a map."""
        rows = self.rows.filter(self.wanted.condition, latitude__isnull=False, longitude__isnull=False)
        columns = ("id", "title", "neighborhood", "status", "latitude", "longitude")
        return list(rows.order_by("-last_activity_at").only(*columns)[:MOST_POINTS])


def public_list(city: City, query: Mapping[str, str]) -> ProjectList:
    """Return the projects that everybody may see."""
    return ProjectList(city, query, Project.objects.published())


def desk_list(user: Any, city: City, query: Mapping[str, str]) -> ProjectList:
    """Return all projects of the city but those that a conflict of interest hides from ``user``."""
    return ProjectList(city, query, seen_by(user))


def seen_by(user: Any) -> ProjectQuerySet:
    hidden = open_conflicts(user).filter(application=OuterRef("award__application"))
    rows: ProjectQuerySet = Project.objects.exclude(Exists(hidden))
    return rows


def waiting_updates(user: Any) -> Any:
    """Updates that wait for the city, without those that a conflict of interest hides from ``user``."""
    hidden = open_conflicts(user).filter(application=OuterRef("project__award__application"))
    return Update.objects.filter(status=UpdateStatus.WAITING).exclude(Exists(hidden))


def updates_to_decide(user: Any) -> Any:
    """Those of them that ``user`` may publish, given the role: not about a project of their own."""
    return waiting_updates(user).exclude(project__lead=user).exclude(author=user)


@dataclass
class UpdateQueue:
    """What waits to be published, the longest-waiting first. Photos and projects come with their rows."""

    user: Any
    query: Mapping[str, str]

    @cached_property
    def page(self) -> Page:
        rows = waiting_updates(self.user).values("id")
        after, before = self.query.get("after", ""), self.query.get("before", "")
        return page_of(lambda: rows, OLDEST, after=after, before=before, size=PER_PAGE)

    @cached_property
    def updates(self) -> list[Update]:
        keys = [row["id"] for row in self.page.rows]
        rows = Update.objects.filter(pk__in=keys).select_related("project__award", "author")
        found = {row.pk: row for row in rows.prefetch_related("photos")}
        return [found[key] for key in keys if key in found]

    @cached_property
    def count(self) -> int:
        return int(waiting_updates(self.user).count())


def status_counts(rows: ProjectQuerySet) -> dict[str, int]:
    """Return how many projects there are of each status."""
    return dict(rows.order_by().values_list("status").annotate(count=Count("id")))


def map_of(city: City, places: Collection[Project], *, route: str = "projects:project-detail") -> Any:
    """Return a map's data, ``None`` where there is nothing to draw."""
    if not places:
        return None
    base = reverse(route, args=[city.slug, UUID(int=0)])
    markers = [
        {
            "label": place.title,
            "text": " · ".join(filter(None, (place.neighborhood, str(place.get_status_display())))),
            "latitude": place.latitude,
            "longitude": place.longitude,
            "url": base.replace(str(UUID(int=0)), str(place.pk)),
            "tone": "accent",
        }
        for place in places
    ]
    return {"markers": markers}
