"""What applicants are told about their application: put into the outbox here, written here when it is sent."""

from datetime import date, datetime
from typing import Any

from cities.interface.formats import day, moment, money
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from residents.notices.registry import Letter, letter, renders

from .models import Application


def application_submitted(application: Application) -> None:
    """Tell the applicant that the application is in. A second sending after reopening is told anew."""
    at = application.submitted_at
    enqueue(
        "application-submitted",
        key=f"application-submitted:{application.pk}:{at.isoformat() if at else ''}",
        subject_id=application.pk,
        recipient=application.applicant,
        **_facts(application),
    )


def application_withdrawn(application: Application) -> None:
    enqueue(
        "application-withdrawn",
        key=f"application-withdrawn:{application.pk}:{application.last_activity_at.isoformat()}",
        subject_id=application.pk,
        recipient=application.applicant,
        **_facts(application),
    )


def application_reopened(application: Application) -> None:
    enqueue(
        "application-reopened",
        key=f"application-reopened:{application.pk}:{application.last_activity_at.isoformat()}",
        subject_id=application.pk,
        recipient=application.applicant,
        **_facts(application),
    )


def _facts(application: Application) -> dict[str, Any]:
    """Return all that a letter says, so that writing it asks the database nothing."""
    return {
        "reference": application.reference,
        "title": application.title,
        "cycle": application.cycle_name,
        "requested_cents": application.requested_cents,
        "submitted_at": _iso(application.submitted_at),
        "closes_at": _iso(application.closes_at),
        "decision_on": _iso(application.next_date_on),
    }


def _is_before_close(message: Message) -> bool:
    closes_at = message.data.get("closes_at")
    return bool(closes_at) and message.created_at < datetime.fromisoformat(closes_at)


def _iso(value: datetime | date | None) -> str | None:
    return value.isoformat() if value else None


@renders("application-submitted")
def submitted_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("submitted", message)


@renders("application-withdrawn")
def withdrawn_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("withdrawn", message)


@renders("application-reopened")
def reopened_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("reopened", message)


def _letter(name: str, message: Message) -> Letter:
    data, city = message.data, message.city
    cents = data.get("requested_cents")
    return letter(
        f"grants/applications/notices/{name}",
        message,
        path=f"/{city.slug}/apply/{message.subject_id}/",
        submitted=_when(data.get("submitted_at"), city.timezone),
        closes=_when(data.get("closes_at"), city.timezone),
        can_reopen=_is_before_close(message),
        decision=day(date.fromisoformat(data["decision_on"])) if data.get("decision_on") else "",
        amount=money(cents, city.currency, short=True) if cents is not None else "",
    )


def _when(text: str | None, zone: str) -> str:
    return moment(datetime.fromisoformat(text), zone, style="long") if text else ""
