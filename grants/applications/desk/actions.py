"""What the desk does to an application. Each deed locks it and looks again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from grants.applications.conflicts import ConflictOfInterestError, require_no_conflict
from grants.applications.models import Application, Note
from grants.applications.states import ON_THE_DESK
from grants.cycles.actions.publishing import refuse_in_archived_call
from grants.cycles.applied import RUNNING

from . import notices
from .errors import CantBeDecidedError, OwnApplicationError, ReasonMissingError, SeenOtherwiseError
from .states import CAN_DECIDE, TAGS, Decision


@dataclass(frozen=True, slots=True)
class Chosen:
    """An application that somebody picked, as they saw it (:func:`seen`)."""

    application_id: UUID
    seen: str


def seen(status: str, screened_at: datetime | None, submitted_at: datetime | None) -> str:
    """Return the ticket of what a person looked at.

    It changes whenever the application is screened, withdrawn, or sent once more after it was opened again.
    """
    return f"{status}.{_stamp(screened_at)}.{_stamp(submitted_at)}"


def _stamp(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1_000_000) if moment else 0


@action
def screen_application(
    application_id: UUID, *, decision: Decision, actor: User, seen_as: str, reason: str = ""
) -> Application:
    """Say that an application goes on to review, doesn't (``reason`` is what the applicant reads), or undo that.

    Locks the application; before it its call, where it will wait for the decision again. Raises ``WrongStatusError``
    if that is archived, ``SeenOtherwiseError`` (409) if it changed since ``seen_as``,
    ``CantBeDecidedError``, ``OwnApplicationError``, ``ConflictOfInterestError``, ``ReasonMissingError``. The
    applicant is told.
    """
    if decision in RUNNING and seen_as.partition(".")[0] not in RUNNING:
        refuse_in_archived_call(applications=application_id)
    application = _lock(application_id, actor)
    _require_seen(application, seen_as)
    _require_decidable(application, decision, actor)
    reason = reason.strip() if decision == Decision.INELIGIBLE else ""
    if decision == Decision.INELIGIBLE and not reason:
        raise ReasonMissingError(_("Please give a reason. The applicant will read it."), field="reason")
    before = application.status

    application.status = decision.value
    application.screening_reason = reason
    application.screened_at = application.last_activity_at = timezone.now()
    application.next_date_on = None if decision == Decision.INELIGIBLE else application.cycle.decision_on
    fields = ["status", "screening_reason", "screened_at", "last_activity_at", "next_date_on"]
    application.full_clean(exclude=["applicant", "form_version", "cycle", "city"], validate_constraints=False)
    application.save(update_fields=fields)

    event = trail.record(
        TAGS[decision],
        actor=actor,
        subject=application,
        before=before,
        after=application.status,
        reason=reason,
    )
    notices.application_screened(application, event_id=event.pk)
    return application


@action
def screen_applications(
    chosen: Sequence[Chosen], *, decision: Decision, actor: User, reason: str = ""
) -> list[Application]:
    """Screen many in the same way: all or nothing. A refusal names the application that stopped it.

    Locks them in the order of their ids, so that two people who screen the same rows don't deadlock.
    """
    screened = []
    for one in sorted(chosen, key=lambda each: each.application_id):
        try:
            screened.append(
                screen_application(
                    one.application_id, decision=decision, actor=actor, seen_as=one.seen, reason=reason
                )
            )
        except ReasonMissingError:
            raise
        except (Application.DoesNotExist, ConflictOfInterestError):
            # Whom it is hidden from doesn't learn its name here.
            raise SeenOtherwiseError(
                _("Nothing was changed: one of the applications has left the desk.")
            ) from None
        except RuleError as refusal:
            reference = (
                Application.objects.filter(pk=one.application_id).values_list("reference", flat=True).first()
            )
            refusal.message = _("Nothing was changed, because of %(reference)s: %(sentence)s") % {
                "reference": reference, "sentence": refusal.message,
            }  # fmt: skip
            raise
    return screened


@action
def add_note(application_id: UUID, *, text: str, actor: User) -> Note:
    """Write a note for colleagues. Notes are never changed or shown to the applicant. Locks the application."""
    application = _lock(application_id, actor)
    if application.status not in ON_THE_DESK:
        raise CantBeDecidedError(_("This application is a draft again. It left the desk until it is sent."))
    note = Note(application=application, author=actor, text=text.strip())
    note.full_clean(exclude=["application", "author"])
    note.save(force_insert=True)
    Application.objects.filter(pk=application.pk).update(note_count=F("note_count") + 1)

    trail.record("application:add-note", actor=actor, subject=application, note=note.pk)
    return note


def _lock(application_id: UUID, actor: User) -> Application:
    application: Application = (
        Application.objects.select_related("cycle")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=application_id)
    )
    require_no_conflict(actor, application)
    return application


def _require_seen(application: Application, seen_as: str) -> None:
    if seen_as != seen(application.status, application.screened_at, application.submitted_at):
        raise SeenOtherwiseError(
            _("Somebody was faster: this application is now “%(status)s”. Look at it again, then decide."),
            status=application.get_status_display(),
        )


def _require_decidable(application: Application, decision: Decision, actor: User) -> None:
    if application.applicant_id == actor.pk:
        raise OwnApplicationError(_("This is your own application. A colleague has to screen it."))
    if application.status not in CAN_DECIDE[decision]:
        raise CantBeDecidedError(
            _("This application is “%(status)s”, so it can’t become “%(decision)s”."),
            status=application.get_status_display(),
            decision=decision.label,
        )
