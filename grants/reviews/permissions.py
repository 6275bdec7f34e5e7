"""Who reviews, who asks them to, who looks on. An outside reviewer sees what is assigned to them, nothing else."""

from typing import Any

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role
from grants.applications.conflicts import has_conflict
from grants.applications.models import Application, Conflict
from grants.applications.states import ON_THE_DESK, Status

from .models import Review
from .states import COUNTS

REVIEWERS = frozenset({Role.REVIEWER, Role.STAFF, Role.MANAGER})
"""Roles that may be asked to review."""

ASSIGNERS = frozenset({Role.STAFF, Role.MANAGER})

READABLE = frozenset({Status.ELIGIBLE, Status.AWARDED, Status.UNFUNDED})
"""Applications that their reviewers read: in review, or decided."""


def can_review_here(user: Any, city: Any) -> bool:
    """Whoever may be asked to review has a list, even if it is empty."""
    return bool(roles_in(user, city.pk) & REVIEWERS)


def can_score(user: Any, review: Review) -> bool:
    """A reviewer's own sheet, while they review here and no conflict hides the application from them."""
    return review.application.status in READABLE and _is_own(user, review)


def can_open_sheet(user: Any, review: Review) -> bool:
    """The same people; where the applicant took the application back meanwhile, they read just that."""
    return can_score(user, review) or (
        review.application.status == Status.WITHDRAWN and _is_own(user, review)
    )


def reads_as_reviewer(user: Any, application: Application) -> bool:
    """Let a reviewer read the files of an application that they have opened; see ``reader_rules``."""
    if application.status not in READABLE or not roles_in(user, application.city_id) & REVIEWERS:
        return False
    return bool(Review.objects.of(user).filter(application=application, cleared_at__isnull=False).exists())


def can_see_reviews(user: Any, city: Any) -> bool:
    """Everybody at the desk sees how reviewing goes."""
    return is_desk(user, city.pk)


def can_see_reviews_of(user: Any, application: Application) -> bool:
    """The same people see one application's reviews, but not of their own application or with a conflict."""
    if application.status not in ON_THE_DESK or application.applicant_id == user.pk:
        return False
    return is_desk(user, application.city_id) and not has_conflict(user, application)


def can_assign_here(user: Any, city: Any) -> bool:
    """Managers and staff ask people to review."""
    return bool(roles_in(user, city.pk) & ASSIGNERS)


def can_release(user: Any, review: Review) -> bool:
    """Whoever may assign this application's reviews may take one off."""
    return _at_work(user, review) and bool(roles_in(user, review.city_id) & ASSIGNERS)


def can_reopen(user: Any, review: Review) -> bool:
    """The reviewer opens their own sheet again; a manager anybody's."""
    if can_score(user, review):
        return True
    return _at_work(user, review) and Role.MANAGER in roles_in(user, review.city_id)


def can_record_conflict(user: Any, application: Application) -> bool:
    """A manager without a conflict of their own records somebody's."""
    return can_see_reviews_of(user, application) and Role.MANAGER in roles_in(user, application.city_id)


def can_lift_conflict(user: Any, conflict: Conflict) -> bool:
    """A manager who has none lifts somebody else's conflict."""
    return conflict.person_id != user.pk and can_record_conflict(user, conflict.application)


def _is_own(user: Any, review: Review) -> bool:
    application = review.application
    if review.reviewer_id != user.pk or review.status not in COUNTS or application.applicant_id == user.pk:
        return False
    if not roles_in(user, review.city_id) & REVIEWERS:
        return False
    _carry_conflicts(review, application)
    return not has_conflict(user, application)


def _at_work(user: Any, review: Review) -> bool:
    _carry_conflicts(review, review.application)
    return can_see_reviews_of(user, review.application)


def _carry_conflicts(review: Review, application: Application) -> None:
    """Hand over what was read with the review, so that the rule asks the database nothing."""
    if "conflicted" in review.__dict__:
        application.__dict__["conflicted"] = review.__dict__["conflicted"]
