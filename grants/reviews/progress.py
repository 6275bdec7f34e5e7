"""How reviewing goes in one call: the desk's queue, narrowed to what is in review, with who reads what."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.applications.desk.paging import Asked, Page, page_of
from grants.applications.desk.queue import Queue
from grants.applications.models import ApplicationQuerySet

from .models import Review
from .permissions import READABLE
from .queries import Load, Seats, loads, seats_of

COLUMNS = (
    "id", "reference", "status", "title", "applicant_name", "group_name", "neighborhood", "requested_cents", "applicant_id",
    "assigned_count", "scored_count", "score_mean", "score_spread", "submitted_at",
)  # fmt: skip
STAGES: dict[str, tuple[Any, Q]] = {
    "none": (gettext_lazy("Nobody yet"), Q(assigned_count=0)),
    "waiting": (gettext_lazy("Scores missing"), Q(assigned_count__gt=F("scored_count"))),
    "done": (gettext_lazy("All scores in"), Q(assigned_count__gt=0, assigned_count=F("scored_count"))),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An application in review, and the people who read it. Scores are hidden from whoever hasn't sent theirs."""

    application: dict[str, Any]
    reviews: list[Review]
    hides_scores: bool
    is_own: bool


@dataclass
class ReviewQueue(Queue):
    """One view of a call's reviews, as an address describes it."""

    is_posted: bool = False
    """Whether rows were ticked, so that none means none and not all of the filter."""

    @cached_property
    def status(self) -> str:
        return ""

    @cached_property
    def stage(self) -> str:
        asked = self.query.get("reviews", "")
        return asked if asked in STAGES else ""

    @property
    def _of_cycle(self) -> ApplicationQuerySet:
        rows: ApplicationQuerySet = super()._of_cycle.filter(status__in=READABLE)
        return rows

    @cached_property
    def rows(self) -> ApplicationQuerySet:
        return self.filtered.filter(STAGES[self.stage][1]) if self.stage else self.filtered

    @cached_property
    def page(self) -> Page:
        return page_of(
            lambda: self.rows.values(*COLUMNS),
            self.order,
            after=self.query.get("after", ""),
            before=self.query.get("before", ""),
            asked=self.asked_rows,
        )

    @cached_property
    def asked_rows(self) -> Asked:
        return Asked((*self.asked.shape, self.stage), self.asked.values)

    @cached_property
    def listed(self) -> list[Row]:
        """The page's rows with their reviewers: one statement more, however many rows. Of one's own, nothing."""
        seats: Mapping[UUID, Seats] = seats_of([row["id"] for row in self.page.rows])
        return [self._row(row, seats[row["id"]]) for row in self.page.rows]

    def _row(self, row: dict[str, Any], seats: Seats) -> Row:
        is_own = row["applicant_id"] == self.user.pk
        return Row(row, [] if is_own else seats.reviews, is_own or seats.hides_scores_from(self.user), is_own)

    @cached_property
    def stages(self) -> list[tuple[str, str, int]]:
        """Stage, its word and how many rows have it: one statement for the tabs."""
        counts = self.filtered.order_by().aggregate(
            all=Count("id"),
            **{name: Count("id", filter=condition) for name, (_word, condition) in STAGES.items()},
        )
        return [
            ("", _("All"), counts["all"]),
            *((name, word, counts[name]) for name, (word, _c) in STAGES.items()),
        ]

    @property
    def count(self) -> int:
        return next(count for name, _word, count in self.stages if name == self.stage)

    @cached_property
    def loads(self) -> list[Load]:
        return loads(self.city, self.cycle, self.user)

    @property
    def is_filtered(self) -> bool:
        return bool(self.stage or set(self.form.wanted) - {"cycle", "status"})

    @cached_property
    def address(self) -> str:
        stage = f"reviews={self.stage}" if self.stage else ""
        base = super().address
        return f"{base}&{stage}" if base and stage else f"?{stage}" if stage else base

    def chosen(self, ids: list[UUID]) -> ApplicationQuerySet:
        """Return what was ticked, or all that the filter leaves, as far as this person may help to decide it."""
        rows = self.rows.filter(pk__in=ids) if ids else self.rows
        return rows.judged_by(self.user).filter(status="eligible")
