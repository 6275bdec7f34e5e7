"""Send an application in, take it back, open it again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.models import new_id
from cities.tenancy.writing import update
from grants.applications import notices
from grants.applications.errors import IncompleteError, WrongStatusError
from grants.applications.models import Application, ReferenceCounter
from grants.applications.queries import FilledForm, digest_of
from grants.applications.signals import application_reopened
from grants.applications.states import CAN_REOPEN, CAN_SUBMIT, CAN_WITHDRAW, ON_THE_DESK, Status

from .locking import lock_application, require_open, require_status

_COUNTERS = ReferenceCounter._meta.db_table
# Locks the counter until the transaction ends.
_COUNT_UP = (
    f"INSERT INTO {_COUNTERS} AS counter (id, city_id, year, last) VALUES (%s, %s, %s, 1) "  # noqa: S608  our own name
    "ON CONFLICT (city_id, year) DO UPDATE SET last = counter.last + 1 RETURNING last"
)


@action
def submit_application(
    application_id: UUID, *, actor: User, received_at: datetime | None = None
) -> FilledForm:
    """Send a complete draft to the city, in time by the server's clock. Returns the form as it was sent.

    Sending twice is one application: the second call returns it as it stands. Locks the application, then
    the city's reference counter. Raises ``IncompleteError`` with all that is left, ``DeadlinePassedError``,
    ``WrongStatusError`` (withdrawn: open it again first).
    """
    now = received_at or timezone.now()
    application = lock_application(application_id, actor)
    if application.status in ON_THE_DESK - {Status.WITHDRAWN}:
        return FilledForm.of(application)
    if application.status == Status.WITHDRAWN:
        raise WrongStatusError(_("You took this application back. Open it again first, then send it."))
    require_status(application, CAN_SUBMIT)
    require_open(application, now)
    form = _require_complete(FilledForm.of(application))

    application.answers_hash = digest_of(form)
    application.status = Status.SUBMITTED
    application.submitted_at = application.last_activity_at = now
    application.next_date_on = form.cycle.decision_on
    application.closes_at = form.cycle.closes_at
    application.reference = application.reference or _next_reference(form, now)
    flat = form.flat_columns()
    for column, value in flat.items():
        setattr(application, column, value)
    _save(
        application,
        "answers_hash",
        "status",
        "submitted_at",
        "last_activity_at",
        "next_date_on",
        "closes_at",
        "reference",
        *flat,
    )

    trail.record(
        "application:submit",
        actor=actor,
        subject=application,
        reference=application.reference,
        hash=application.answers_hash,
        requested_cents=application.requested_cents,
        submitted_at=now,
    )
    notices.application_submitted(application)
    return form


@action
def withdraw_application(
    application_id: UUID, *, actor: User, received_at: datetime | None = None
) -> Application:
    """Take a submitted application back. The city sees that it was withdrawn. Locks the application."""
    now = received_at or timezone.now()
    application = lock_application(application_id, actor)
    before = application.status
    require_status(application, CAN_WITHDRAW)

    application.status = Status.WITHDRAWN
    application.last_activity_at = now
    application.next_date_on = None
    _save(application, "status", "last_activity_at", "next_date_on")

    trail.record(
        "application:withdraw", actor=actor, subject=application, before=before, hash=application.answers_hash
    )
    notices.application_withdrawn(application)
    return application


@action
def reopen_application(
    application_id: UUID, *, actor: User, received_at: datetime | None = None
) -> Application:
    """Make a submitted, screened or withdrawn application a draft again, as long as the call is open.

    The reference stays; the city sees nothing of it until it is sent again, and then screens it anew. Locks the
    application; sends ``application_reopened``.
    """
    now = received_at or timezone.now()
    application = lock_application(application_id, actor)
    before, previous_hash = application.status, application.answers_hash
    require_status(application, CAN_REOPEN)
    require_open(application, now)

    application.status = Status.DRAFT
    application.submitted_at = None
    application.answers_hash = application.screening_reason = ""
    application.screened_at = None
    application.last_activity_at = now
    application.closes_at = application.cycle.closes_at
    application.next_date_on = None
    _save(
        application,
        "status",
        "submitted_at",
        "answers_hash",
        "screening_reason",
        "screened_at",
        "last_activity_at",
        "closes_at",
        "next_date_on",
    )

    trail.record("application:reopen", actor=actor, subject=application, before=before, hash=previous_hash)
    notices.application_reopened(application)
    application_reopened.send(sender=Application, application=application, actor=actor)
    return application


def _require_complete(form: FilledForm) -> FilledForm:
    missing, findings = form.missing(), form.findings()
    if missing or findings:
        raise IncompleteError(missing, findings)
    return form


def _next_reference(form: FilledForm, now: datetime) -> str:
    """Count up ``BAL-2026-0042``: no gaps, no races. Taken last, since it makes the city's senders wait in line."""
    year = now.astimezone(form.zone).year
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [new_id(), form.city.pk, year])
        (last,) = cursor.fetchone()
    return f"{form.city.reference_prefix}-{year}-{last:04d}"


def _save(application: Application, *fields: Any) -> None:
    # What is checked by others (a locked row's relations) would cost one query each.
    application.full_clean(exclude=["applicant", "form_version", "cycle", "city"], validate_constraints=False)
    update(application, *fields)
