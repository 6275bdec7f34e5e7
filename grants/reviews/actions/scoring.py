"""What a reviewer does: open the file, save as they type, send, open again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.writing import update
from grants.applications.conflicts import require_no_conflict
from grants.reviews.errors import SheetConflictError, SheetIncompleteError
from grants.reviews.models import Review
from grants.reviews.queries import limits_of, rubric_of, sheet_of
from grants.reviews.rubric import passes_gates, problems_of, total_of
from grants.reviews.states import CAN_REOPEN, CAN_SCORE, CAN_SUBMIT, Status

from .locking import (
    hold_rubric,
    lock_review,
    lock_sheet,
    require_in_review,
    require_opened,
    require_own,
    require_status,
)
from .summary import recount

PARTS = {"gates": None, "scores": "", "bonus": False, "words": ""}
"""What is merged by key, each with what stands where nothing was said."""

FIELDS = frozenset({"comment", "recommended_cents"})


@action
def open_review(review_id: UUID, *, actor: User) -> Review:
    """Note that the reviewer has no conflict of interest: from now on they may read the file. Locks the review.

    Raises ``CantReviewError``, ``WrongReviewStatusError``, ``ConflictOfInterestError``. Doing it twice is one.
    """
    review = lock_review(review_id)
    require_own(review, actor)
    require_no_conflict(actor, review.application)
    require_status(review, CAN_SCORE)
    if review.cleared_at is not None:
        return review

    review.cleared_at = timezone.now()
    review.save(update_fields=["cleared_at"])

    trail.record("review:open", actor=actor, subject=review.application, review=review.pk)
    return review


@action
def save_review(review_id: UUID, *, version: int, changes: Mapping[str, Any], actor: User) -> Review:
    """Keep what was typed, complete or not; only :func:`submit_review` judges.

    ``changes`` holds some of gates, scores, bonus, words (each merged by key), comment and recommended_cents. Not
    audited: what counts is what is sent. Locks the review. Raises ``SheetConflictError`` (409) if the sheet was
    saved since ``version``, ``RuleError`` for a key that the rubric doesn't have. Whoever missed the answer and
    sends the same again is told the version that stands, and nothing changes.
    """
    review = lock_sheet(review_id)
    require_own(review, actor)
    require_status(review, CAN_SCORE)
    require_no_conflict(actor, review.application)
    require_in_review(review.application)
    require_opened(review)
    if version + 1 == review.version and _stands(review, changes):
        return review
    if version != review.version:
        raise SheetConflictError(review.version)
    changed = _apply(review, changes)

    review.version += 1
    review.saved_at = timezone.now()
    review.full_clean(exclude=["application", "reviewer", "assigned_by", "city"], validate_constraints=False)
    update(review, *changed, "version", "saved_at")
    return review


@action
def submit_review(review_id: UUID, *, version: int, actor: User) -> Review:
    """Send the sheet: it counts from now on. Locks the cycle, the application, then the review.

    The total is worked out here, exact to the hundredth. Raises ``SheetIncompleteError`` with all that is left,
    ``SheetConflictError`` (409) if it was saved since ``version``, ``NotInReviewError``, ``NotOpenedError``.
    """
    hold_rubric(review_id)
    review = lock_review(review_id)
    application = review.application
    require_own(review, actor)
    require_status(review, CAN_SUBMIT)
    require_no_conflict(actor, application)
    require_in_review(application)
    require_opened(review)
    if version != review.version:
        raise SheetConflictError(review.version)
    rubric, sheet = rubric_of(application.cycle), sheet_of(review)
    if problems := problems_of(rubric, sheet, limits_of(application)):
        raise SheetIncompleteError(problems)

    review.total, review.passes_gates = total_of(rubric, sheet), passes_gates(rubric, sheet)
    review.status, review.submitted_at = Status.SUBMITTED, timezone.now()
    review.save(update_fields=["total", "passes_gates", "status", "submitted_at"])
    recount([application.pk])

    trail.record(
        "review:submit",
        actor=actor,
        subject=application,
        review=review.pk,
        total=str(review.total),
        passes_gates=review.passes_gates,
        recommended_cents=review.recommended_cents,
    )
    return review


@action
def reopen_review(review_id: UUID, *, actor: User) -> Review:
    """Make a sent sheet editable again: its score leaves the mean until it is sent anew.

    By its reviewer, or a manager. Locks the application, then the review. Raises ``WrongReviewStatusError``,
    ``NotInReviewError`` (decided already), ``ConflictOfInterestError``.
    """
    review = lock_review(review_id)
    require_status(review, CAN_REOPEN)
    require_no_conflict(actor, review.application)
    require_in_review(review.application)
    before = review.total

    review.status = Status.ASSIGNED
    review.total = review.passes_gates = review.submitted_at = None
    review.save(update_fields=["status", "total", "passes_gates", "submitted_at"])
    recount([review.application_id])

    trail.record(
        "review:reopen", actor=actor, subject=review.application, review=review.pk, total=str(before)
    )
    return review


def _stands(review: Review, changes: Mapping[str, Any]) -> bool:
    """Whether the sheet holds all of these changes already."""
    return all(
        all(getattr(review, name).get(key, PARTS[name]) == one for key, one in value.items())
        if name in PARTS
        else getattr(review, name) == value
        for name, value in changes.items()
    )


def _apply(review: Review, changes: Mapping[str, Any]) -> list[str]:
    """Merge the changes into the sheet. Returns the changed columns."""
    if unknown := set(changes) - set(PARTS) - FIELDS:
        raise TypeError(f"not part of a sheet: {sorted(unknown)}")
    rubric = rubric_of(review.application.cycle)
    for part in set(PARTS) & set(changes):
        if foreign := set(changes[part]) - rubric.keys(part):
            raise RuleError(
                _("The rubric has no “%(key)s” any more. Load this page again."), key=min(foreign)
            )
        setattr(review, part, {**getattr(review, part), **changes[part]})
    for name in FIELDS & set(changes):
        setattr(review, name, changes[name])
    return sorted(changes)
