"""A leaver's reviews that aren't sent: taken off them and given to their successor, where no conflict stands."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.access.handing import Part, hands_over
from cities.access.models import User
from cities.audit import trail
from cities.tenancy.models import new_id
from grants.applications.conflicts import conflicted_ids
from grants.applications.models import Application, open_conflicts
from grants.applications.states import Status as ApplicationStatus

from . import notices
from .actions.locking import lock_unsent
from .actions.summary import recount
from .models import Review
from .queries import people_of
from .states import COUNTS, Status

LABEL = _("Reviews that are not sent yet")


@hands_over("reviews")
def hand_reviews(leaver: User, successor: User | None, actor: User, for_real: bool) -> Part:  # noqa: FBT001  the registry's shape
    """Move what the successor may review. The rest, all of it without one, is taken off the leaver too and shows as missing a reviewer.

    What the actor has a conflict with stays untouched and unnamed. Locks the applications in the order of their ids.
    """
    rows = lock_unsent(leaver) if for_real else _unsent(leaver)
    hidden = conflicted_ids(actor, [row.application_id for row in rows])
    rows = [row for row in rows if row.application_id not in hidden]
    seen = [row.application for row in rows]
    barred = _barred(successor, [one.pk for one in seen])
    moves = [one for one in seen if successor is None or _may_take(one, successor, barred)]
    if for_real:
        _take_off(rows, successor, {one.pk for one in moves}, actor)
    left = tuple(one.reference or one.title for one in seen if one not in moves)
    return Part(LABEL, len(moves), left=left, hidden=len(hidden))


def _unsent(leaver: User) -> list[Review]:
    rows = Review.objects.filter(reviewer=leaver, status=Status.ASSIGNED)
    return list(rows.select_related("application").order_by("application_id"))


def _barred(successor: User | None, ids: list[UUID]) -> set[UUID]:
    """Return what the successor has a conflict with or reviews already; all of it if they are no reviewer here."""
    if successor is None:
        return set()
    if not people_of([successor.pk]):
        return set(ids)
    conflicts = open_conflicts().filter(person=successor, application__in=ids)
    reviews = Review.objects.filter(reviewer=successor, application__in=ids, status__in=COUNTS)
    return {
        *conflicts.values_list("application_id", flat=True),
        *reviews.values_list("application_id", flat=True),
    }


def _may_take(application: Application, successor: User, barred: set[UUID]) -> bool:
    own = application.applicant_id == successor.pk
    return application.status == ApplicationStatus.ELIGIBLE and not own and application.pk not in barred


def _take_off(rows: list[Review], successor: User | None, moves: set[UUID], actor: User) -> None:
    """Release these locked reviews, and ask a successor for those of the applications in ``moves``."""
    Review.objects.filter(pk__in=[row.pk for row in rows]).update(status=Status.RELEASED)
    moved = [row for row in rows if successor is not None and row.application_id in moves]
    if successor is not None and moved:
        _give(moved, successor, actor)
    recount([row.application_id for row in rows])
    for row in rows:
        if row not in moved:
            trail.record("review:release", actor=actor, subject=row.application, name=str(row.reviewer))


def _give(moved: list[Review], successor: User, actor: User) -> None:
    Review.objects.bulk_create(
        Review(
            city_id=row.city_id,
            application=row.application,
            reviewer=successor,
            assigned_by=actor,
            due_on=row.due_on,
        )
        for row in moved
    )
    to = {"to": str(successor), "reviewer": str(successor.pk)}
    for row in moved:
        trail.record("review:hand-over", actor=actor, subject=row.application, name=str(row.reviewer), **to)
    calls = sorted({row.application.cycle_name for row in moved})
    due = min((row.due_on for row in moved if row.due_on), default=None)
    notices.reviews_assigned(successor, count=len(moved), calls=calls, due_on=due, batch=new_id())
