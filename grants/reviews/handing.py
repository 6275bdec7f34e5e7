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
from .actions.locking import lock_applications
from .actions.summary import recount
from .models import Review
from .queries import people_of
from .states import COUNTS, Status

LABEL = _("Reviews that are not sent yet")


@hands_over("reviews")
def hand_reviews(leaver: User, successor: User | None, actor: User, for_real: bool) -> Part:  # noqa: FBT001  the registry's shape
    """Move what the successor may review. The rest is taken off the leaver too, so that it shows as missing a reviewer.

    What the actor has a conflict with stays untouched and unnamed. Locks the applications in the order of their ids.
    """
    todo = Review.objects.filter(reviewer=leaver, status=Status.ASSIGNED)
    ids = list(todo.values_list("application_id", flat=True))
    applications = (
        lock_applications(ids) if for_real else list(Application.objects.filter(pk__in=ids).order_by("pk"))
    )
    hidden = set(conflicted_ids(actor, ids))
    seen = [one for one in applications if one.pk not in hidden]
    barred = _barred(successor, [one.pk for one in seen])
    moves = [one for one in seen if successor is None or _may_take(one, successor, barred)]
    if for_real and successor is not None:
        _move(leaver, successor, seen, {one.pk for one in moves}, actor)
    left = tuple(one.reference or one.title for one in seen if one not in moves)
    return Part(LABEL, len(moves), left=left, hidden=len(hidden))


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


def _move(leaver: User, successor: User, seen: list[Application], moves: set[UUID], actor: User) -> None:
    rows = Review.objects.filter(
        reviewer=leaver, status=Status.ASSIGNED, application__in=[one.pk for one in seen]
    )
    due = {row.application_id: row.due_on for row in rows.select_for_update(no_key=True)}
    rows.update(status=Status.RELEASED)
    Review.objects.bulk_create(
        Review(
            city_id=one.city_id, application=one, reviewer=successor, assigned_by=actor, due_on=due[one.pk]
        )
        for one in seen
        if one.pk in moves
    )
    recount([one.pk for one in seen])
    for one in seen:
        to = {"to": str(successor), "reviewer": str(successor.pk)} if one.pk in moves else {}
        tag = "review:hand-over" if to else "review:release"
        trail.record(tag, actor=actor, subject=one, name=str(leaver), **to)
    if moves:
        calls = sorted({one.cycle_name for one in seen if one.pk in moves})
        dates = [day for pk, day in due.items() if day and pk in moves]
        notices.reviews_assigned(
            successor, count=len(moves), calls=calls, due_on=min(dates, default=None), batch=new_id()
        )
