"""Declare a conflict of interest, and lift one."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from grants.applications.conflicts import require_no_conflict
from grants.applications.models import Application, Conflict
from grants.applications.states import ON_THE_DESK
from grants.reviews.errors import AlreadyLiftedError, CantReviewError, NotInReviewError
from grants.reviews.models import Review
from grants.reviews.states import CAN_RECUSE, Status

from .locking import lock_applications
from .summary import recount


@action
def declare_conflict(
    application_id: UUID, *, person: User, kind: str, actor: User, words: str = ""
) -> Conflict:
    """Note that ``person`` has a conflict of interest: the application is hidden from them, their review is void.

    By the person, or by a manager who has none. Locks the application. The score leaves the mean. Raises
    ``NotInReviewError`` for a draft, ``ConflictOfInterestError``, ``RuleError`` if it is declared already.
    """
    application = _lock(application_id)
    if actor.pk != person.pk:
        require_no_conflict(actor, application)
    if application.status not in ON_THE_DESK:
        raise NotInReviewError(_("This application is a draft again. It left the desk until it is sent."))
    conflict = Conflict(
        application=application, person=person, kind=kind, words=words.strip(), declared_by=actor
    )
    conflict.full_clean(exclude=["application", "person", "declared_by", "city"], validate_constraints=False)
    conflict.save(force_insert=True)
    reviews = Review.objects.filter(application=application, reviewer=person, status__in=CAN_RECUSE)
    recused = reviews.update(status=Status.RECUSED)
    recount([application.pk])

    trail.record(
        "conflict:declare",
        actor=actor,
        subject=application,
        conflict=conflict.pk,
        person=person.pk,
        name=str(person),
        kind=kind,
        reviews=recused,
    )
    return conflict


@action
def lift_conflict(conflict_id: UUID, *, actor: User) -> Conflict:
    """Say that a conflict doesn't stand: the application shows again. A void review stays void.

    By a manager who has none; never by the person. Locks the application, then the conflict. Raises
    ``CantReviewError``, ``ConflictOfInterestError``, ``AlreadyLiftedError``.
    """
    application = _lock(Conflict.objects.values_list("application_id", flat=True).get(pk=conflict_id))
    conflict: Conflict = (
        Conflict.objects.select_related("person")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=conflict_id)
    )
    if conflict.person_id == actor.pk:
        raise CantReviewError(_("Somebody else has to lift your conflict."))
    require_no_conflict(actor, application)
    if conflict.lifted_at is not None:
        raise AlreadyLiftedError(_("This conflict was lifted already."))

    conflict.lifted_by, conflict.lifted_at = actor, timezone.now()
    conflict.save(update_fields=["lifted_by", "lifted_at"])
    recount([application.pk])

    trail.record(
        "conflict:lift",
        actor=actor,
        subject=application,
        conflict=conflict.pk,
        person=conflict.person_id,
        name=str(conflict.person),
    )
    return conflict


def _lock(application_id: UUID) -> Application:
    found = lock_applications([application_id])
    if not found:
        raise Application.DoesNotExist
    return found[0]
