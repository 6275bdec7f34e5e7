"""What every action on an application does first: lock the row, check who and when."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cities.tenancy.prepared import Prepared
from grants.applications.errors import DeadlinePassedError, NotOpenError, WrongStatusError
from grants.applications.models import Application
from grants.applications.permissions import can_edit_application
from grants.applications.queries import with_form

# What no deed of an applicant asks of the call: long JSON, parsed each time it is read.
_UNASKED = (
    "purpose",
    "workshop",
    "eligibility",
    "attachments",
    "rubric",
    "award_terms",
    "notes",
)

# Read without waiting for the cycle's or form's rows; FOR NO KEY UPDATE lets new answers refer to it.
_LOCKED = Prepared(
    lambda key: (
        with_form(Application.objects.filter(pk=key))
        .defer(*(f"cycle__{name}" for name in _UNASKED))
        .select_for_update(no_key=True, of=("self",))
    )
)


def lock_application(application_id: UUID, actor: Any) -> Application:
    """Lock one's own application and read it with city, cycle and form.

    Raises ``Application.DoesNotExist`` where this city has none of that id, ``PermissionDenied`` on
    somebody else's: routes of the API leave this question to the one locking statement.
    """
    application: Application = _LOCKED.get(application_id)
    if not can_edit_application(actor, application):
        raise PermissionDenied
    application.applicant = actor
    return application


def require_status(application: Application, allowed: Collection[str]) -> None:
    """Raise ``WrongStatusError`` unless the application is in one of these statuses."""
    if application.status not in allowed:
        raise WrongStatusError(
            _(
                "This application is “%(status)s” now, so this can’t be done. Reload the page to see where it stands."
            ),
            status=application.get_status_display(),
        )


def require_open(application: Application, received_at: datetime) -> None:
    """Raise ``DeadlinePassedError`` if the request reached the server after the close.

    The cycle's own close decides, not the copy kept on the application: a city may extend its call.
    """
    cycle = application.cycle
    cycle.city = application.city
    if cycle.closes_at and received_at > cycle.closes_at:
        raise DeadlinePassedError.at(cycle.closes_at, application.city.timezone)
    if not cycle.is_open(received_at):
        raise NotOpenError.of(cycle, received_at)
