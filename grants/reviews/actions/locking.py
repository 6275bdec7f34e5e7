"""Locks of this room, always in this order: who may review, applications by id, then the review."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from cities.access.models import Membership, User
from cities.tenancy.prepared import Prepared
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.cycles.models import Cycle
from grants.reviews.errors import CantReviewError, NotInReviewError, NotOpenedError, WrongReviewStatusError
from grants.reviews.models import Review
from grants.reviews.permissions import REVIEWERS
from grants.reviews.states import Status


def hold_reviewers(ids: Iterable[UUID]) -> None:
    """Keep the roles by which these people review until the transaction ends.

    A manager who takes one in the same instant waits, and then takes the new reviews off them, too; or was first.
    """
    held = Membership.objects.filter(ended_at__isnull=True, role__in=REVIEWERS, user__in=list(ids))
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def lock_applications(ids: Iterable[UUID]) -> list[Application]:
    """Lock applications with their cycles, in the order of their ids: two people who pick the same don't deadlock."""
    return list(
        Application.objects.select_related("cycle", "city")
        .select_for_update(no_key=True, of=("self",))
        .filter(pk__in=set(ids))
        .order_by("pk")
    )


def lock_review(review_id: UUID) -> Review:
    """Lock a review after its application; both come with cycle and city. Raises ``Review.DoesNotExist``."""
    application_id = Review.objects.values_list("application_id", flat=True).get(pk=review_id)
    (application,) = lock_applications([application_id])
    review: Review = Review.objects.select_for_update(no_key=True).get(pk=review_id)
    review.application = application
    return review


def lock_unsent(reviewer: User) -> list[Review]:
    """Lock the applications of a person's unsent reviews, then these reviews; each comes with its application.

    Reviews are read behind the locks: what was sent while this waited for an application isn't among them.
    """
    unsent = Review.objects.filter(reviewer=reviewer, status=Status.ASSIGNED)
    held = {one.pk: one for one in lock_applications(unsent.values_list("application_id", flat=True))}
    rows = unsent.filter(application__in=held).select_for_update(no_key=True).order_by("application_id")
    reviews = list(rows)
    for review in reviews:
        review.application, review.reviewer = held[review.application_id], reviewer
    return reviews


def hold_rubric(review_id: UUID) -> None:
    """Keep the rubric of this review's call as it is until the transaction ends; before any application is locked.

    A manager who changes points in the same instant waits, and is then refused; or was first, and the sheet is
    judged by what stands now.
    """
    cycle_id = Review.objects.values_list("application__cycle_id", flat=True).get(pk=review_id)
    Cycle.objects.select_for_update(no_key=True).values_list("pk").get(pk=cycle_id)


# What a sheet doesn't ask of its application and call: long texts and JSON, parsed each time they are read.
_UNASKED = (
    "application__search",
    "application__eligibility_answers",
    *(
        f"application__cycle__{name}"
        for name in (
            "purpose", "workshop", "eligibility", "budget", "attachments", "award_terms", "translations", "notes",
        )
    ),
)  # fmt: skip


_SHEET = Prepared(
    lambda key: (
        Review.objects.filter(pk=key)
        .select_related("application__cycle", "application__city")
        .defer(*_UNASKED)
        .select_for_update(no_key=True, of=("self",))
    )
)


def lock_sheet(review_id: UUID) -> Review:
    """Lock a review alone, for saving: the application is only read."""
    review: Review = _SHEET.get(review_id)
    return review


def require_own(review: Review, actor: User) -> None:
    if review.reviewer_id != actor.pk:
        raise CantReviewError(_("This is somebody else’s score sheet."))


def require_status(review: Review, allowed: frozenset[str]) -> None:
    if review.status not in allowed:
        raise WrongReviewStatusError(
            _("This review is “%(status)s” now."), status=review.get_status_display()
        )


def require_in_review(application: Application) -> None:
    """Only an application that passed screening and isn't decided is scored."""
    if application.status != ApplicationStatus.ELIGIBLE:
        raise NotInReviewError(
            _("%(reference)s is not in review: it is “%(status)s”."),
            reference=application.reference or "",
            status=application.get_status_display(),
        )


def require_opened(review: Review) -> None:
    if review.cleared_at is None:
        raise NotOpenedError(_("First say whether you have a conflict of interest with this application."))
