"""What the desk tells an applicant."""

from datetime import date
from uuid import UUID

from cities.interface.formats import day
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from grants.applications.models import Application
from residents.notices.registry import Letter, letter, renders


def application_screened(application: Application, *, event_id: UUID) -> None:
    """Tell the applicant what the first check said, once per decision."""
    enqueue(
        "application-screened",
        key=f"application-screened:{event_id}",
        subject_id=application.pk,
        recipient=application.applicant,
        status=application.status,
        reason=application.screening_reason,
        reference=application.reference,
        title=application.display_title,
        cycle=application.cycle_name,
        next_date_on=application.next_date_on.isoformat() if application.next_date_on else "",
    )


@renders("application-screened")
def render_application_screened(message: Message, _secret: str | None) -> Letter:
    next_on = message.data["next_date_on"]
    return letter(
        f"grants/applications/desk/notices/{message.data['status']}",
        message,
        path=f"/{message.city.slug}/apply/{message.subject_id}/",
        decision=day(date.fromisoformat(next_on)) if next_on else "",
    )
