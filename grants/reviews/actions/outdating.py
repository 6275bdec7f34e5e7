"""Let scores of an earlier version go."""

from uuid import UUID

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from grants.reviews import notices
from grants.reviews.models import Review
from grants.reviews.queries import people_of
from grants.reviews.states import CAN_OUTDATE, Status

from .locking import lock_applications
from .summary import recount


@action
def outdate_reviews(application_id: UUID, *, actor: User) -> list[Review]:
    """Put the reviews of an application that is written anew aside, and ask those who still review here again.

    Each keeps what was typed as history and counts no longer; its reviewer gets an empty sheet, due on the same
    day, and confirms anew that they have no conflict of interest. Who had begun is told. Locks the application,
    then its reviews.
    """
    (application,) = lock_applications([application_id])
    rows = Review.objects.filter(application=application, status__in=CAN_OUTDATE)
    old = list(rows.select_related("reviewer").select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if not old:
        return []
    Review.objects.filter(pk__in=[row.pk for row in old]).update(status=Status.OUTDATED)
    here = people_of(row.reviewer_id for row in old)
    new: list[Review] = Review.objects.bulk_create([_again(row) for row in old if row.reviewer_id in here])
    recount([application.pk])

    event = trail.record(
        "review:outdate",
        actor=actor,
        subject=application,
        reviews=[str(row.pk) for row in old],
        totals=[str(row.total) for row in old if row.total is not None],
    )
    begun = [row.reviewer for row in old if row.cleared_at is not None and row.reviewer_id in here]
    notices.reviews_outdated(begun, call=application.cycle.name, event_id=event.pk)
    return new


def _again(row: Review) -> Review:
    return Review(
        city_id=row.city_id,
        application_id=row.application_id,
        reviewer_id=row.reviewer_id,
        assigned_by_id=row.assigned_by_id,
        due_on=row.due_on,
    )
