"""Say no to applications, kindly and with a reason; and take that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.awards import notices
from grants.awards.errors import ReasonMissingError
from grants.awards.states import CAN_TURN_DOWN, CAN_UNDO_DECLINE
from grants.cycles.actions.publishing import refuse_in_archived_call

from .deciding import lock_applications, named, require_impartial, require_status


@dataclass(frozen=True, slots=True)
class Declined:
    """An application that gets no money, and why: the applicant reads the reason word for word."""

    application_id: UUID
    reason: str


@action
def decline_application(application_id: UUID, *, reason: str, actor: User) -> Application:
    """Decline one application; see :func:`decline_applications`."""
    return decline_applications([Declined(application_id, reason)], actor=actor)[0]


@action
def decline_applications(chosen: Sequence[Declined], *, actor: User) -> list[Application]:
    """Decide that these applications get no money: all of them or none.

    Locks them in the order of their ids. Raises ``CantBeDecidedError`` (409), ``OwnApplicationError``,
    ``ConflictOfInterestError``, ``ReasonMissingError``. Each applicant is told, with the reason.
    """
    reasons = {one.application_id: one.reason.strip() for one in chosen}
    applications = lock_applications([one.application_id for one in chosen])
    for application in applications:
        try:
            _decline(application, reasons[application.pk], actor)
        except RuleError as refusal:
            raise named(refusal, application, among=len(applications)) from None
    return applications


def _decline(application: Application, reason: str, actor: User) -> None:
    require_impartial(application, actor)
    require_status(application, CAN_TURN_DOWN)
    if not reason:
        raise ReasonMissingError(_("Please give a reason. The applicant will read it."), field="reason")

    application.status = ApplicationStatus.UNFUNDED
    application.decision_reason = reason
    application.decided_at = application.last_activity_at = timezone.now()
    application.next_date_on = None
    _save(application)

    event = trail.record(
        "application:decline",
        actor=actor,
        subject=application,
        before=ApplicationStatus.ELIGIBLE,
        after=application.status,
        reason=reason,
    )
    notices.application_declined(application, event_id=event.pk)


@action
def undo_decline(application_id: UUID, *, actor: User) -> Application:
    """Take a no back: the application waits for a decision again. Locks its call, then it; the applicant is told.

    Raises ``WrongStatusError`` in an archived call, ``CantBeDecidedError`` (409), ``OwnApplicationError``, ``ConflictOfInterestError``.
    """
    refuse_in_archived_call(applications=application_id)
    (application,) = lock_applications([application_id])
    require_impartial(application, actor)
    require_status(application, CAN_UNDO_DECLINE)

    application.status = ApplicationStatus.ELIGIBLE
    application.decision_reason = ""
    application.decided_at = None
    application.last_activity_at = timezone.now()
    application.next_date_on = application.cycle.decision_on
    _save(application)

    event = trail.record(
        "application:undo-decline",
        actor=actor,
        subject=application,
        before=ApplicationStatus.UNFUNDED,
        after=application.status,
    )
    notices.decline_undone(application, event_id=event.pk)
    return application


def _save(application: Application) -> None:
    application.full_clean(exclude=["applicant", "form_version", "cycle", "city"], validate_constraints=False)
    application.save(
        update_fields=["status", "decision_reason", "decided_at", "last_activity_at", "next_date_on"]
    )
