"""The queue of what came in: one cycle, filtered, sorted, a page at a time, from flat columns only."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Func, Q, Subquery, Sum, UUIDField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from cities.tenancy.models import City
from cities.tenancy.prepared import ask
from grants.applications.models import Application, ApplicationQuerySet
from grants.applications.states import ON_THE_DESK, Status
from grants.cycles.models import Cycle
from grants.cycles.states import Status as CycleStatus

from .forms import QueueFilter, reference_in, search_words
from .paging import Asked, Order, Page, Place, order_of, page_of
from .permissions import can_see_desk, visible_to

COLUMNS = (
    "id", "reference", "status", "title", "applicant_name", "group_name", "neighborhood", "category", "requested_cents",
    "file_count", "note_count", "submitted_at", "screened_at",
)  # fmt: skip
STATUS_TABS: dict[Status, Any] = {
    Status.SUBMITTED: gettext_lazy("To screen"),
    Status.ELIGIBLE: gettext_lazy("Ready for review"),
    Status.AWARDED: gettext_lazy("Awarded"),
    Status.UNFUNDED: gettext_lazy("Not funded"),
    Status.INELIGIBLE: gettext_lazy("Not eligible"),
    Status.WITHDRAWN: gettext_lazy("Withdrawn"),
}
SIDES = ("previous", "next")
LOOKUPS = {
    "neighborhood": "neighborhood",
    "category": "category",
    "least": "requested_cents__gte",
    "most": "requested_cents__lte",
    "reference": "reference",
}
CHOICES = ("neighborhood", "category")
MANY_CYCLES = 40
MANY_CHOICES = 200


@dataclass(frozen=True, slots=True)
class Tally:
    """How many applications there are of one kind, and what they ask for together."""

    count: int = 0
    cents: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.count + other.count, self.cents + other.cents)


@dataclass
class Queue:
    """One view of the queue, as an address describes it. Each part is read when it is asked for, once."""

    user: Any
    city: City
    query: Mapping[str, str]
    around: Cycle | None = None
    """The call of an application that is open, in whose queue one goes on to the next."""

    @cached_property
    def form(self) -> QueueFilter:
        return QueueFilter(self.query, currency=self.city.currency)

    @cached_property
    def order(self) -> Order:
        return order_of(self.query.get("sort", ""))

    @cached_property
    def status(self) -> str:
        asked = self.query.get("status", "")
        return asked if asked in ON_THE_DESK else ""

    @cached_property
    def cycles(self) -> list[Cycle]:
        """The city's calls that ever opened, latest first."""
        columns = ("id", "name", "slug", "status", "opens_at", "closes_at", "planned_pool_cents", "city_id")

        def rows() -> Any:
            opened = Cycle.objects.exclude(status=CycleStatus.DRAFT).only(*columns)
            return opened.order_by("-closes_at", "-id")[:MANY_CYCLES]

        return ask("calls of the desk", rows, {}, keep_plan=True)

    @cached_property
    def cycle(self) -> Cycle | None:
        """The call that the address names, else the one that is open now, else the latest."""
        if self.around:
            return self.around
        named = [cycle for cycle in self.cycles if cycle.slug == self.query.get("cycle")]
        now = timezone.now()
        open_now = [cycle for cycle in self.cycles if cycle.is_open(now)]
        return next(iter([*named, *reversed(open_now), *self.cycles]), None)

    @cached_property
    def asked(self) -> Asked:
        """What tells the statements of this view apart."""
        sought_for = sought(self.form.wanted)
        shape = (type(self), can_see_desk(self.user, self.city), bool(self.cycle), *sought_for)
        who = {"person": self.user.pk, "cycle": self.cycle.pk} if self.cycle else {"person": self.user.pk}
        return Asked(shape, {**sought_for, **who})

    @cached_property
    def filtered(self) -> ApplicationQuerySet:
        """What the filter leaves, whatever the status."""
        return self._of_cycle.filter(condition(self.asked.slots()))

    @cached_property
    def _of_cycle(self) -> ApplicationQuerySet:
        rows = visible_to(self.user, self.city)
        return rows.filter(cycle=self.cycle) if self.cycle else rows.none()

    @cached_property
    def rows(self) -> ApplicationQuerySet:
        return self.filtered.filter(status=self.status) if self.status else self.filtered

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
        """The same, of the rows in the open tab."""
        return Asked((*self.asked.shape, self.status), self.asked.values)

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """Count and money by status, of what the filter leaves: one grouped statement for tabs and totals."""

        def grouped() -> Any:
            rows = self.filtered.order_by().values_list("status")
            return rows.annotate(n=Count("id"), cents=Coalesce(Sum("requested_cents"), 0))

        found = self.asked.ask(grouped, "tallies")
        return {status: Tally(count, int(cents)) for status, count, cents in found}

    @property
    def total(self) -> Tally:
        """The count and money of the rows that the whole filter leaves, not only of this page."""
        if self.status:
            return self.tallies.get(self.status, Tally())
        return self.everything

    @property
    def everything(self) -> Tally:
        return sum(self.tallies.values(), Tally())

    def offer_choices(self) -> None:
        """Fill the filter's lists with the neighborhoods and categories of the cycle."""
        self.form.offer(*choices_in(lambda: self._of_cycle, self.cycle, self.user))

    @property
    def is_filtered(self) -> bool:
        """Whether rows of the call may be hidden by what was asked for."""
        return bool(self.status or set(self.form.wanted) - {"cycle", "status"})

    @property
    def is_open(self) -> bool:
        return self.cycle is not None and self.cycle.is_open()

    @property
    def tabs(self) -> list[tuple[str, str, int]]:
        """Status, its word and how many rows have it, for the row of tabs; the first is “all”."""
        counted = [
            (status.value, STATUS_TABS[status], self.tallies.get(status, Tally()).count)
            for status in STATUS_TABS
        ]
        return [("", _("All"), self.everything.count), *counted]

    @cached_property
    def address(self) -> str:
        """The query that leads back here, without the page: ``?status=…&sort=…`` or nothing."""
        kept = {name: self.query[name] for name in (*self.form.fields, "sort") if self.query.get(name)}
        return f"?{urlencode(kept)}" if kept else ""


def choices_in(
    rows: Callable[[], ApplicationQuerySet], cycle: Cycle | None, user: Any
) -> tuple[list[str], list[str]]:
    """Return the neighborhoods and categories of a call's rows; remembered for a minute, since it reads them all.

    Remembered for each person, since a conflict of interest may hide the only application of a neighborhood.
    """
    if cycle is None:
        return [], []
    key = f"desk:choices:{cycle.city_id}:{cycle.pk}:{user.pk}"
    with suppress(RedisError):
        if (remembered := cache.get(key)) is not None:
            neighborhoods, categories = remembered
            return neighborhoods, categories
    of_kind = [
        rows().order_by().exclude(**{name: ""}).values_list(Value(name), name).distinct() for name in CHOICES
    ]
    found = list(of_kind[0].union(of_kind[1], all=True)[:MANY_CHOICES])
    neighborhoods, categories = ([value for kind, value in found if kind == name] for name in CHOICES)
    with suppress(RedisError):
        cache.set(key, (neighborhoods, categories), timeout=60)
    return neighborhoods, categories


def sought(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what :func:`condition` takes of a filter: what was typed is a reference, or words, or nothing."""
    found = {name: wanted[name] for name in (*LOOKUPS, "photos") if name in wanted}
    typed = wanted.get("q", "")
    if reference := reference_in(typed):
        return {**found, "reference": reference}
    if words := search_words(typed):
        return {**found, "words": words}
    return found


def condition(values: Mapping[str, Any]) -> Q:
    """Turn what is sought into a condition on flat columns."""
    found = Q()
    for name, lookup in LOOKUPS.items():
        if name in values:
            found &= Q(**{lookup: values[name]})
    if "photos" in values:
        found &= Q(file_count__gt=0)
    if "words" in values:
        found &= Q(pk__in=Search(values["words"]))
    return found


class Search(Func):
    """The ids that hold these words.

    Under row-level security only a definer function reaches the text index; it filters by the city itself.
    """

    function = "search_applications"
    template = "(SELECT %(function)s(%(expressions)s))"
    output_field = UUIDField()


def neighbors(queue: Queue, application: Application) -> tuple[Any, Any]:
    """Return the ids of the previous and next application in this view of the queue, in one statement."""
    order = queue.order

    def both() -> Any:
        # The row's own key, as the database writes it: lower() of the two languages differs in rare letters.
        own_key = Subquery(Application.objects.filter(pk=application.pk).values(own=order.expression))
        here = Place(own_key, application.pk)
        sides = [
            order.beyond(queue.rows, here, backwards=name == "previous").values_list(Value(name), "pk")[:1]
            for name in SIDES
        ]
        return sides[0].union(sides[1], all=True)

    found = dict(queue.asked_rows.ask(both, "neighbors", order.text, application=application.pk))
    previous, following = (found.get(name) for name in SIDES)
    return previous, following
