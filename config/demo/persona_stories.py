"""What the two resident personas have applied for, so that ``/me/`` has something to show."""

from collections.abc import Sequence
from datetime import timedelta

from grants.applications import notices
from grants.applications.states import Status

from .applications import Applicant, Call, draft, submitted
from .people import Person
from .personas import Users, residents
from .schedule import SHOWCASE

NEIGHBOR = "dallas"
"""The second city in which a persona has applied."""

SPANISH_TOO = "san-bernardino"


def give_personas_their_part(calls: Sequence[Call], users: Users, helpers: Sequence[Person]) -> None:
    """Write the personas' applications in this city. ``calls``: the older one first."""
    cast = [Applicant(person, user) for user, person in residents(users)]
    if not cast:
        return
    english, spanish = cast[0], cast[-1]
    past, now_open = calls[0], calls[-1]
    match now_open.place.slug:
        case slug if slug == SHOWCASE:
            draft(now_open, english, helpers, begun=now_open.until - timedelta(days=3))
            _sent(past, english, helpers, Status.ELIGIBLE)
            _sent(now_open, spanish, helpers, Status.SUBMITTED)
        case slug if slug == NEIGHBOR:
            _sent(now_open, english, helpers, Status.SUBMITTED)
            _sent(past, spanish, helpers, Status.INELIGIBLE)
        case slug if slug == SPANISH_TOO:
            draft(now_open, spanish, helpers, begun=now_open.until - timedelta(days=2))


def _sent(call: Call, applicant: Applicant, helpers: Sequence[Person], status: Status) -> None:
    """Write a sent application with its confirmation, which the outbox delivers."""
    # The last of all, so that its number is the last one too.
    moments = [other.submitted_at for other in call.rows.applications if other.cycle_id == call.cycle.pk]
    latest = max(moment for moment in moments if moment)
    moment = latest + (call.until - latest) / 2
    application = submitted(call, applicant, helpers, moment, status=status)
    notices.application_submitted(application)
