"""All applications of a call that are ready for a decision, or decided, best first: flat columns only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.tenancy.models import City
from cities.tenancy.prepared import ask
from grants.applications.desk.paging import Asked
from grants.applications.desk.permissions import can_see_desk, visible_to
from grants.applications.models import ApplicationQuerySet
from grants.applications.states import Status as ApplicationStatus
from grants.cycles.funding.queries import Standing, standings
from grants.cycles.models import Cycle
from grants.cycles.states import Status as CycleStatus
from grants.reviews.models import Review
from grants.reviews.queries import unread_by
from grants.reviews.states import Status as ReviewStatus

from .forms import RankingFilter
from .marks import decision_mark
from .picks import Picks
from .rows import Row, suggested_cents, without_reviews
from .states import RANKED

COLUMNS = (
    "id", "reference", "status", "title", "applicant_id", "applicant_name", "group_name", "neighborhood", "requested_cents",
    "assigned_count", "scored_count", "score_mean", "score_spread", "recommended_cents", "award_status", "awarded_cents",
    "latitude", "longitude",
)  # fmt: skip
SOUGHT = ("neighborhood", "least", "complete")
MANY = 400
MANY_CYCLES = 40
STACKED = 100
ORDERS: dict[str, Any] = {
    "score": F("score_mean"),
    "spread": F("score_spread"),
    "scores": F("scored_count"),
    "asked": F("requested_cents"),
    "recommended": F("recommended_cents"),
    "neighborhood": Lower("neighborhood"),
    "title": Lower("title"),
}
OF_REVIEWS = frozenset({"score", "spread", "scores", "recommended"})
"""Orders that would tell what reviewers said of what is hidden from the reader: there it stands last, whichever way."""
DEFAULT_ORDER = "-score"
TABS = {
    "ready": ApplicationStatus.ELIGIBLE,
    "awarded": ApplicationStatus.AWARDED,
    "unfunded": ApplicationStatus.UNFUNDED,
}


@dataclass
class Ranking:
    """One view of the ranking, as an address describes it, with the rows that are ticked. Parts are read once."""

    user: Any
    city: City
    query: Mapping[str, str]
    picks: Picks

    @cached_property
    def form(self) -> RankingFilter:
        return RankingFilter(self.query)

    @cached_property
    def cycles(self) -> list[Cycle]:
        """The city's calls that ever opened, latest first."""
        columns = (
            "id",
            "city_id",
            "name",
            "slug",
            "status",
            "opens_at",
            "closes_at",
            "planned_pool_cents",
            "rubric",
        )

        def rows() -> Any:
            opened = Cycle.objects.exclude(status=CycleStatus.DRAFT).only(*columns)
            return opened.order_by("-closes_at", "-id")[:MANY_CYCLES]

        return ask("calls of the ranking", rows, {}, keep_plan=True)

    @cached_property
    def cycle(self) -> Cycle | None:
        """The call that the address names, else the one that closed last, else the latest."""
        named = [cycle for cycle in self.cycles if cycle.slug == self.query.get("cycle")]
        now = timezone.now()
        closed = [cycle for cycle in self.cycles if cycle.closes_at and cycle.closes_at < now]
        return next(iter([*named, *closed, *self.cycles]), None)

    @property
    def is_archived(self) -> bool:
        return self.cycle is not None and self.cycle.status == CycleStatus.ARCHIVED

    @cached_property
    def standing(self) -> Standing:
        """Where the call's money stands."""
        return standings([self.cycle])[self.cycle.pk] if self.cycle else Standing()

    @cached_property
    def order(self) -> str:
        asked = self.query.get("sort", "")
        return asked if asked.removeprefix("-") in ORDERS else DEFAULT_ORDER

    @property
    def tab(self) -> str:
        asked = self.query.get("decision", "")
        return asked if asked in TABS else ""

    @cached_property
    def _asked(self) -> Asked:
        """What tells the statements of this view apart."""
        sought = {name: self.form.wanted[name] for name in SOUGHT if name in self.form.wanted}
        who = {"person": self.user.pk, "cycle": self.cycle.pk} if self.cycle else {"person": self.user.pk}
        is_visible = can_see_desk(self.user, self.city)
        return Asked((type(self), is_visible, bool(self.cycle), *sought), {**sought, **who})

    @property
    def _ranked(self) -> ApplicationQuerySet:
        rows = visible_to(self.user, self.city).filter(status__in=RANKED)
        return rows.filter(cycle=self.cycle) if self.cycle else rows.none()

    @cached_property
    def _filtered(self) -> ApplicationQuerySet:
        return self._ranked.filter(self._condition)

    @property
    def _condition(self) -> Q:
        return condition(self._asked.slots(), self.user)

    @cached_property
    def _groups(self) -> list[tuple[str, str, int]]:
        """Status, neighborhood, and how many such rows the filter leaves: one statement for tabs and choices."""

        def groups() -> Any:
            left = Count("id", filter=self._condition)
            return self._ranked.order_by().values_list("status", "neighborhood").annotate(n=left)

        return self._asked.ask(groups, "groups")

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows the filter leaves, by status."""
        found: dict[str, int] = Counter()
        for status, _neighborhood, count in self._groups:
            found[status] += count
        return found

    @property
    def tabs(self) -> list[tuple[str, str, int]]:
        """Each tab's key, words and number of rows; the first is “all”."""
        words = {"ready": _("To decide"), "awarded": _("Awarded"), "unfunded": _("Not funded")}
        counted = [(key, words[key], self.counts.get(status, 0)) for key, status in TABS.items()]
        return [("", _("All"), sum(self.counts.values())), *counted]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of this view, at most :data:`MANY`, in the order that the address asks for."""
        key = self.order.removeprefix("-")
        rows = self._read(ORDERS[key])
        if key in OF_REVIEWS and any(self._hides_scores(facts) for facts in rows):
            # Asked once more, and only then: the first order runs along an index.
            hidden = hidden_scores(self.user)
            shown = Case(When(hidden, then=None), default=ORDERS[key])
            rows = self._read(shown, Case(When(hidden, then=1), default=0))
        return [self._row(facts) for facts in rows]

    def _read(self, expression: Any, *first: Any) -> list[dict[str, Any]]:
        """Read the first rows, by ``first`` and then by the expression in the direction that was asked for."""

        def rows() -> Any:
            found = self._filtered.filter(status=TABS[self.tab]) if self.tab else self._filtered
            is_falling = self.order.startswith("-")
            ordering = expression.desc(nulls_last=True) if is_falling else expression.asc(nulls_last=True)
            told = {"fails_gate": self._fails_gate, "is_unread": Q(pk__in=unread_by(self.user))}
            return found.order_by(*first, ordering, "id").values(*COLUMNS, **told)[:MANY]

        return self._asked.ask(rows, "rows", self.tab, self.order, bool(first), self._has_gates)

    @property
    def _has_gates(self) -> bool:
        return bool(self.cycle and self.cycle.rubric.get("gates"))

    def _is_own(self, facts: Mapping[str, Any]) -> bool:
        return bool(facts["applicant_id"] == self._user_id)

    def _hides_scores(self, facts: Mapping[str, Any]) -> bool:
        return facts["is_unread"] or self._is_own(facts)

    @cached_property
    def _user_id(self) -> UUID:
        found: UUID = self.user.pk  # the request's user looks for itself each time
        return found

    @property
    def _fails_gate(self) -> Any:
        """Whether a reviewer said that a gate isn't passed."""
        if not self._has_gates:
            return Value(value=False)
        said = Review.objects.filter(status=ReviewStatus.SUBMITTED, passes_gates=False)
        return Exists(said.filter(application=OuterRef("pk")))

    @property
    def is_cut(self) -> bool:
        shown = self.counts.get(TABS[self.tab], 0) if self.tab else sum(self.counts.values())
        return shown > len(self.rows)

    @property
    def stacks(self) -> bool:
        """Whether rows become cards on a phone: their labels would make a long list heavy."""
        return len(self.rows) <= STACKED

    def _row(self, facts: Mapping[str, Any]) -> Row:
        key: UUID = facts["id"]
        is_own = self._is_own(facts)
        if is_own or facts["is_unread"]:
            facts = without_reviews(facts)
        mean, minimum = facts["score_mean"], self.minimum
        return Row(
            facts,
            decision_mark(facts["status"], facts["award_status"]),
            amount=self.picks.shown(key, suggested_cents(facts), self.city.currency),
            is_ticked=key in self.picks.ids,
            is_own=is_own,
            is_low=minimum is not None and mean is not None and mean < minimum,
            fails_gate=facts["fails_gate"],
            error=self.picks.errors.get(key, ""),
            is_unread=facts["is_unread"],
        )

    @cached_property
    def minimum(self) -> Decimal | None:
        """The rubric's smallest total, if it names one."""
        named = self.cycle.rubric.get("minimum_total") if self.cycle else None
        try:
            return Decimal(str(named)) if named is not None else None
        except InvalidOperation:
            return None

    @property
    def ticked(self) -> list[Row]:
        return [row for row in self.rows if row.is_ticked and row.can_be_awarded]

    @property
    def ticked_cents(self) -> int:
        return sum(self.picks.cents.get(row["id"], 0) for row in self.ticked)

    @property
    def left_cents(self) -> int:
        return self.standing.available_cents - self.ticked_cents

    def offer_choices(self) -> None:
        """Fill the filter's list with the neighborhoods of the call."""
        self.form.offer(sorted({neighborhood for _status, neighborhood, _count in self._groups}))

    @property
    def is_filtered(self) -> bool:
        return bool(self.tab or set(self.form.wanted) - {"cycle", "decision"})

    @property
    def is_whole(self) -> bool:
        """Whether all that can still be decided is among the rows."""
        return (
            self.tab in {"", "ready"}
            and not self.is_cut
            and not set(self.form.wanted) - {"cycle", "decision"}
        )

    @cached_property
    def address(self) -> str:
        """The query that leads back here."""
        kept = {name: self.query[name] for name in (*self.form.fields, "sort") if self.query.get(name)}
        return f"?{urlencode(kept)}" if kept else ""

    def has_places(self, *, can_decide: bool) -> bool:
        """Whether there is anything to show on a map: an award, or what whoever decides may tick."""
        return any(row.place for row in self.rows if row.is_funded or (can_decide and row.can_be_awarded))


def condition(wanted: Mapping[str, Any], user: Any) -> Q:
    """Turn what the filter understood into a condition on flat columns. What asks for scores leaves out where they are hidden."""
    found = Q()
    if "neighborhood" in wanted:
        found &= Q(neighborhood=wanted["neighborhood"])
    if "least" in wanted:
        found &= Q(score_mean__gte=wanted["least"])
    if "complete" in wanted:
        found &= Q(scored_count__gt=0, scored_count__gte=F("assigned_count"))
    if {"least", "complete"} & set(wanted):
        found &= ~hidden_scores(user)
    return found


def hidden_scores(user: Any) -> Q:
    """Return where nothing of the reviews is told: one's own application, and one that waits for one's own scores."""
    return Q(applicant=user) | Q(pk__in=unread_by(user))
