"""Ask people to review, and take a review off somebody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.access.models import Membership, User
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import new_id
from grants.applications.conflicts import ConflictOfInterestError, conflicted_ids, require_no_conflict
from grants.applications.models import Application, open_conflicts
from grants.reviews import notices
from grants.reviews.errors import (
    AlreadyAssignedError,
    CantReviewError,
    NoRubricError,
    NothingPickedError,
    NotInReviewError,
)
from grants.reviews.models import Review
from grants.reviews.permissions import REVIEWERS
from grants.reviews.queries import people_of, rubric_of, today_in
from grants.reviews.states import CAN_RELEASE, Status

from .locking import (
    hold_reviewers,
    lock_applications,
    lock_review,
    lock_unsent,
    require_in_review,
    require_status,
)
from .summary import recount

Pair = tuple[Application, User]


@action
def assign_reviews(
    application_ids: Sequence[UUID], reviewer_ids: Sequence[UUID], *, actor: User, due_on: date | None = None
) -> list[Review]:
    """Ask each of these people to review each of these applications: all of it, or nothing.

    Locks the reviewers' roles, then the applications in the order of their ids. Each person gets one letter. Raises ``AlreadyAssignedError``
    (409), ``CantReviewError``, ``NotInReviewError``, ``NoRubricError``, ``NothingPickedError``: nobody is passed
    over in silence.
    """
    table = _read(application_ids, reviewer_ids, actor)
    pairs = [(application, person) for application in table.applications for person in table.people]
    for application, person in pairs:
        table.require_free(application, person)
    return _assign(pairs, actor=actor, due_on=due_on)


@action
def share_reviews(
    application_ids: Sequence[UUID],
    reviewer_ids: Sequence[UUID],
    *,
    each: int,
    actor: User,
    due_on: date | None = None,
) -> list[Review]:
    """Fill each application up to ``each`` reviews, sharing them evenly among these people: all, or nothing.

    Reviews that are there already count. Nobody gets their own application or one they have a conflict with.
    Locks and letters as :func:`assign_reviews`. Raises ``CantReviewError`` naming the application that can't be
    filled.
    """
    if each < 1:
        raise RuleError(_("Each application needs at least one review."), field="each")
    table = _read(application_ids, reviewer_ids, actor)
    pairs: list[Pair] = []
    load = table.load()
    # Those with the fewest possible reviewers first: later nobody would be left for them.
    for application in sorted(
        table.applications, key=lambda one: (len(table.free(one)), one.reference or "")
    ):
        missing = each - len(table.busy(application))
        free = sorted(table.free(application), key=lambda person: (load[person.pk], str(person), person.pk))
        if missing > len(free):
            raise CantReviewError(_too_few(application, each, len(free)), field="reviewers")
        for person in free[: max(missing, 0)]:
            load[person.pk] += 1
            pairs.append((application, person))
    if not pairs:
        raise NothingPickedError(_("Each of these applications has that many reviews already."), field="each")
    return _assign(pairs, actor=actor, due_on=due_on)


@action
def release_review(review_id: UUID, *, actor: User) -> Review:
    """Take an unsent review off its reviewer; what was typed stays as history. Locks application, then review.

    Raises ``WrongReviewStatusError`` once it was sent, ``ConflictOfInterestError``.
    """
    review = lock_review(review_id)
    require_no_conflict(actor, review.application)
    require_status(review, CAN_RELEASE)

    review.status = Status.RELEASED
    review.save(update_fields=["status"])
    recount([review.application_id])

    _record_release(review, User.objects.get(pk=review.reviewer_id), actor=actor)
    return review


@action
def release_unsent(reviewer_id: UUID, *, actor: User) -> list[Review]:
    """Take every unsent review off somebody who may no longer review here, but those the actor has a conflict with.

    Those stay for a colleague to take off. Locks the applications in the order of their ids, then the reviews.
    """
    reviewer = User.objects.get(pk=reviewer_id)
    reviews = lock_unsent(reviewer)
    hidden = conflicted_ids(actor, [review.application_id for review in reviews])
    released = [review for review in reviews if review.application_id not in hidden]
    Review.objects.filter(pk__in=[review.pk for review in released]).update(status=Status.RELEASED)
    recount([review.application_id for review in released])

    for review in released:
        _record_release(review, reviewer, actor=actor)
    return released


def _record_release(review: Review, reviewer: User, *, actor: User) -> None:
    trail.record(
        "review:release", actor=actor, subject=review.application, review=review.pk, name=str(reviewer)
    )


@dataclass
class Table:
    """Locked applications, people, and what lies between them."""

    applications: list[Application]
    people: list[User]
    assigned: set[tuple[UUID, UUID]]
    conflicts: set[tuple[UUID, UUID]]

    def busy(self, application: Application) -> set[UUID]:
        return {person for one, person in self.assigned if one == application.pk}

    def load(self) -> Counter[UUID]:
        return Counter(person for _one, person in self.assigned)

    def may(self, application: Application, person: User) -> bool:
        return application.applicant_id != person.pk and (application.pk, person.pk) not in self.conflicts

    def free(self, application: Application) -> list[User]:
        taken = self.busy(application)
        return [one for one in self.people if one.pk not in taken and self.may(application, one)]

    def require_free(self, application: Application, person: User) -> None:
        said = {"name": str(person), "reference": application.reference}
        if not self.may(application, person):
            raise CantReviewError(
                _(
                    "Nothing was assigned: %(name)s can’t review %(reference)s, because of a conflict of interest."
                )
                % said
            )
        if person.pk in self.busy(application):
            raise AlreadyAssignedError(
                _("Nothing was assigned: %(name)s reviews %(reference)s already.") % said
            )


def _read(application_ids: Sequence[UUID], reviewer_ids: Sequence[UUID], actor: User) -> Table:
    hold_reviewers(reviewer_ids)
    applications = lock_applications(application_ids)
    people = people_of(reviewer_ids)
    if not applications:
        raise NothingPickedError(_("Pick some applications first."))
    if not reviewer_ids:
        raise NothingPickedError(_("Pick at least one reviewer."), field="reviewers")
    if len(applications) != len(set(application_ids)):
        raise NotInReviewError(_("Nothing was assigned: one of the applications has left the desk."))
    if len(people) != len(set(reviewer_ids)):
        raise CantReviewError(_("Nothing was assigned: one of these people can’t review here any more."))
    ids = [one.pk for one in applications]
    conflicts = set(open_conflicts().filter(application__in=ids).values_list("application_id", "person_id"))
    for application in applications:
        _require_assignable(application, actor, conflicts)
    assigned = set(_seats(applications).values_list("application_id", "reviewer_id"))
    return Table(applications, list(people.values()), assigned, conflicts)


def _seats(applications: Sequence[Application]) -> Any:
    """Return the reviews in these applications' calls that were sent, or can be by whoever they are assigned to."""
    able = Membership.objects.filter(ended_at__isnull=True, role__in=REVIEWERS).values("user")
    return Review.objects.filter(
        Q(status=Status.SUBMITTED) | Q(status=Status.ASSIGNED, reviewer__in=able),
        application__cycle__in={one.cycle_id for one in applications},
    )


def _require_assignable(application: Application, actor: User, conflicts: set[Any]) -> None:
    if (application.pk, actor.pk) in conflicts:
        raise ConflictOfInterestError
    if application.applicant_id == actor.pk:
        raise CantReviewError(_("This is your own application. A colleague has to find its reviewers."))
    require_in_review(application)
    if not rubric_of(application.cycle).is_scorable:
        raise NoRubricError(
            _(
                "The rubric of “%(call)s” has no points to give. A manager can add them in the setup of the call."
            ),
            call=application.cycle.name,
        )


def _assign(pairs: Sequence[Pair], *, actor: User, due_on: date | None) -> list[Review]:
    city = pairs[0][0].city
    if due_on is not None and due_on < today_in(city):
        raise RuleError(_("Choose a day that is not over yet."), field="due_on")
    reviews = [
        Review(city=city, application=one, reviewer=person, assigned_by=actor, due_on=due_on)
        for one, person in pairs
    ]
    Review.objects.bulk_create(reviews)
    applications = {one.pk: one for one, _person in pairs}
    recount(applications)

    for pk, application in sorted(applications.items()):
        asked = [person for one, person in pairs if one.pk == pk]
        trail.record(
            "review:assign",
            actor=actor,
            subject=application,
            names=", ".join(str(person) for person in asked),
            reviewers=[str(person.pk) for person in asked],
            due_on=due_on,
        )
    _tell(pairs, due_on)
    return reviews


def _tell(pairs: Sequence[Pair], due_on: date | None) -> None:
    batch, counts = new_id(), Counter(person for _one, person in pairs)
    cycles = {one.cycle_name for one, _person in pairs}
    for person, count in counts.items():
        notices.reviews_assigned(person, count=count, calls=sorted(cycles), due_on=due_on, batch=batch)


def _too_few(application: Application, each: int, free: int) -> str:
    sentence = ngettext(
        "Nothing was assigned: for %(each)s reviews of %(reference)s too few people are picked. Only %(free)s can take it.",
        "Nothing was assigned: for %(each)s reviews of %(reference)s too few people are picked. Only %(free)s can take it.",
        free,
    )
    return sentence % {"each": each, "reference": application.reference, "free": free}
