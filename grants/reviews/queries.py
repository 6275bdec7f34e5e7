"""What pages and actions read of reviews."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import Membership, User
from cities.tenancy.models import City
from cities.tenancy.prepared import Prepared
from grants.applications.conflicts import with_conflicts
from grants.applications.models import Application, Conflict, open_conflicts
from grants.applications.queries import with_form
from grants.cycles.models import Cycle

from .models import Review
from .permissions import READABLE, REVIEWERS
from .rubric import Limits, Rubric, Sheet, plain
from .states import COUNTS, Status

MANY = 500


def rubric_of(cycle: Cycle) -> Rubric:
    return Rubric.from_json(cycle.rubric)


def sheet_of(review: Review) -> Sheet:
    """Return what stands on a review's sheet."""
    return Sheet(review.gates, review.scores, review.bonus, review.words, review.recommended_cents)


def limits_of(application: Application) -> Limits:
    """Return between what amounts a recommendation lies. The application comes with cycle and city."""
    cycle = application.cycle
    return Limits(
        application.requested_cents,
        cycle.min_request_cents,
        cycle.max_request_cents,
        application.city.currency,
    )


def today_in(city: City) -> date:
    return timezone.now().astimezone(city.zone).date()


def reviews_with_application() -> Any:
    """Reviews with what their page needs, and whom the application is hidden from: one statement."""
    rows = Review.objects.select_related(
        "application__city", "application__cycle", "application__form_version", "reviewer"
    )
    return with_conflicts(rows, application="application_id")


def _before_deed(key: UUID) -> Any:
    rows = Review.objects.filter(pk=key).select_related("application")
    columns = ("city_id", "applicant_id", "status")
    rows = rows.only("city_id", "reviewer_id", "status", *(f"application__{column}" for column in columns))
    return with_conflicts(rows, application="application_id")


_BEFORE_DEED = Prepared(_before_deed)


def before_deed(key: UUID) -> Review | None:
    """Return a review with what the rule of a deed asks, and nothing else: the deed reads the rest behind its locks.

    With six tables joined, to plan the statement took longer than the deed.
    """
    found: Review | None = _BEFORE_DEED.first(key)
    return found


def applications_in_reach() -> Any:
    """Applications on the desk with city, cycle and open conflicts, for the pages of their reviews."""
    return with_conflicts(with_form(Application.objects.on_the_desk()))


def conflicts_with_application() -> Any:
    """Conflicts that stand, with application and person, and whom that application is hidden from."""
    return open_conflicts().select_related("application", "person")


@dataclass(frozen=True, slots=True)
class Mine:
    """A reviewer's own list."""

    to_do: list[Review]
    done: list[Review]

    @property
    def count(self) -> int:
        return len(self.to_do) + len(self.done)


_LISTED = (
    "status", "due_on", "version", "cleared_at", "submitted_at", "total", "city", "reviewer", "application__title",
    "application__reference", "application__status", "application__neighborhood", "application__category",
    "application__group_name", "application__applicant_name", "application__cycle_name", "application__city",
)  # fmt: skip


def my_reviews(user: Any) -> Mine:
    """Return one's reviews in the open city, the earliest due first: one statement on flat columns."""
    readable = Application.objects.filter(status__in=READABLE).judged_by(user)
    rows = (
        Review.objects.of(user)
        .filter(application__in=readable)
        .select_related("application")
        .only(*_LISTED)
        .order_by("due_on", "application__reference")[:MANY]
    )
    found = list(rows)
    return Mine(
        to_do=[
            one for one in found if one.status == Status.ASSIGNED and one.application.status == "eligible"
        ],
        done=[one for one in found if one.status == Status.SUBMITTED],
    )


@dataclass(slots=True)
class Load:
    """One person who may review, with what lies on them in a cycle."""

    user: User
    roles: frozenset[str] = frozenset()
    assigned: int = 0
    done: int = 0
    late: int = 0
    conflicts: int = 0

    @property
    def left(self) -> int:
        return self.assigned - self.done

    @property
    def is_outside(self) -> bool:
        return not self.roles - {"reviewer"}


def loads(city: City, cycle: Cycle | None, reader: Any) -> list[Load]:
    """Return everybody who may review or did, by name, with their numbers in ``cycle``: two statements.

    What a conflict hides from ``reader`` isn't counted, nor is their own application: the numbers would tell who
    reviews it.
    """
    found: dict[UUID, Load] = {}
    members = Membership.objects.filter(ended_at__isnull=True, role__in=REVIEWERS).select_related("user")
    for row in members.order_by("user__name", "user__email"):
        load = found.setdefault(row.user_id, Load(row.user))
        load.roles |= {row.role}
    if cycle is None:
        return list(found.values())
    for row in _counted(city, cycle, reader):
        person = User(pk=row["reviewer"], name=row["reviewer__name"], email=row["reviewer__email"])
        load = found.setdefault(person.pk, Load(person))
        load.assigned, load.done, load.late, load.conflicts = (
            row[name] for name in ("n", "done", "late", "recused")
        )
    return list(found.values())


def _counted(city: City, cycle: Cycle, reader: Any) -> Any:
    seen = Application.objects.filter(cycle=cycle, status__in=READABLE).judged_by(reader)
    due = Q(status=Status.ASSIGNED, due_on__lt=today_in(city), application__status="eligible")
    return (
        Review.objects.filter(application__in=seen)
        .order_by()
        .values("reviewer", "reviewer__name", "reviewer__email")
        .annotate(
            n=Count("pk", filter=Q(status__in=COUNTS)),
            done=Count("pk", filter=Q(status=Status.SUBMITTED)),
            late=Count("pk", filter=due),
            recused=Count("pk", filter=Q(status=Status.RECUSED)),
        )
    )


@dataclass(slots=True)
class Seats:
    """Who reviews one application."""

    reviews: list[Review] = field(default_factory=list)

    def hides_scores_from(self, user: Any) -> bool:
        """Others' scores stay hidden from a reviewer whose own isn't in; :func:`unread_by` says the same of many."""
        return any(one.reviewer_id == user.pk and one.status == Status.ASSIGNED for one in self.reviews)


def unread_by(user: Any) -> Any:
    """Return the ids of the applications whose scores are hidden from ``user`` until theirs are in, for a larger statement."""
    return Review.objects.filter(reviewer=user, status=Status.ASSIGNED).order_by().values("application")


def seats_of(application_ids: Collection[UUID]) -> dict[UUID, Seats]:
    """Return the reviews of these applications, those taken off or outdated left out: one statement for a page of rows."""
    found: dict[UUID, Seats] = defaultdict(Seats)
    rows = (
        Review.objects.filter(application__in=application_ids)
        .exclude(status__in=[Status.RELEASED, Status.OUTDATED])
        .select_related("reviewer")
        .order_by("reviewer__name", "reviewer__email", "pk")
    )
    for review in rows:
        found[review.application_id].reviews.append(review)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet in words."""

    label: str
    value: str
    words: str = ""


def lines_of(rubric: Rubric, sheet: Sheet) -> list[Line]:
    """Return a sheet in words: gates, criteria, bonus, in the order of the rubric."""
    said = {True: _("Yes"), False: _("No"), None: "–"}
    gates = [
        Line(gate.label, said[sheet.gates.get(gate.key)], sheet.words.get(gate.key, ""))
        for gate in rubric.gates
    ]
    scores = [
        Line(
            item.label,
            f"{sheet.scores.get(item.key) or '–'} / {plain(item.most)}" if item.most is not None else "",
            sheet.words.get(item.key, ""),
        )
        for item in rubric.criteria
    ]
    bonus = [Line(item.label, said[bool(sheet.bonus.get(item.key))]) for item in rubric.bonus]
    return [*gates, *scores, *bonus]


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review with its sheet in words, for the desk."""

    review: Review
    lines: list[Line]


def standing_conflicts(application: Application) -> list[Conflict]:
    """Return who has a conflict with an application, by name."""
    rows = open_conflicts().filter(application=application).select_related("person", "declared_by")
    return list(rows.order_by("person__name", "person__email"))


def people_of(ids: Iterable[UUID]) -> dict[UUID, User]:
    """Return the people among these who may review in the open city now, by id."""
    rows = Membership.objects.filter(ended_at__isnull=True, role__in=REVIEWERS, user__in=list(ids))
    return {
        row.user_id: row.user for row in rows.select_related("user").order_by("user__name", "user__email")
    }
