"""Who is told what about awards: put into the outbox here, written here when it is sent."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from cities.access.models import Membership, Role, User
from cities.interface.formats import day, money
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from grants.applications.conflicts import without_conflict
from grants.applications.models import Application
from residents.notices.registry import Letter, letter, renders

from .models import Award

TEMPLATES = "grants/awards/notices"


def award_offered(award: Award) -> None:
    """Tell the applicant that the city offers money, and until when to answer."""
    enqueue(
        "award-offered",
        key=f"award-offered:{award.pk}",
        subject_id=award.pk,
        recipient=award.applicant,
        **_facts(award),
    )


def offer_extended(award: Award) -> None:
    """Tell the applicant that they have more time to answer, and until when."""
    enqueue(
        "award-extended",
        key=f"award-extended:{award.pk}:{award.answer_by_on}",
        subject_id=award.pk,
        recipient=award.applicant,
        **_facts(award),
    )


def award_accepted(award: Award) -> None:
    """Confirm to the applicant, and tell those who go on from here."""
    enqueue(
        "award-confirmed",
        key=f"award-confirmed:{award.pk}",
        subject_id=award.pk,
        recipient=award.applicant,
        **_facts(award),
    )
    for person in colleagues(award.application, {Role.MANAGER, Role.FINANCE}):
        enqueue(
            "award-accepted",
            key=f"award-accepted:{award.pk}:{person.pk}",
            subject_id=award.pk,
            recipient=person,
            **_facts(award),
        )


def award_declined(award: Award) -> None:
    """Tell the city's managers that the applicant doesn't want the money, and why, if they said so."""
    for person in colleagues(award.application, {Role.MANAGER}):
        enqueue(
            "award-declined",
            key=f"award-declined:{award.pk}:{person.pk}",
            subject_id=award.pk,
            recipient=person,
            **_facts(award),
        )


def award_rescinded(award: Award) -> None:
    """Tell the applicant that the offer is gone, and why."""
    enqueue(
        "award-rescinded",
        key=f"award-rescinded:{award.pk}",
        subject_id=award.application_id,
        recipient=award.applicant,
        **_facts(award),
    )


def application_declined(application: Application, *, event_id: UUID) -> None:
    """Tell the applicant, kindly, that there is no money this time, with the reason word for word."""
    enqueue(
        "application-declined",
        key=f"application-declined:{event_id}",
        subject_id=application.pk,
        recipient=application.applicant,
        reason=application.decision_reason,
        **_names(application),
    )


def decline_undone(application: Application, *, event_id: UUID) -> None:
    """Tell the applicant that the city decides again."""
    enqueue(
        "application-decline-undone",
        key=f"application-decline-undone:{event_id}",
        subject_id=application.pk,
        recipient=application.applicant,
        **_names(application),
    )


def colleagues(application: Application, roles: Collection[Role]) -> list[User]:
    """Return who holds one of these roles in the open city and has no conflict of interest here."""
    held = Membership.objects.filter(role__in=roles, ended_at__isnull=True).values("user_id")
    people = User.objects.filter(pk__in=held, is_active=True).order_by("pk")
    return without_conflict(people, application.pk)


def _names(application: Application) -> dict[str, Any]:
    return {
        "reference": application.reference,
        "title": application.display_title,
        "cycle": application.cycle_name,
    }


def _facts(award: Award) -> dict[str, Any]:
    """Return all that a letter says, so that writing it asks the database nothing."""
    application = award.application
    return {
        "reference": award.reference,
        "title": award.title,
        "cycle": application.cycle_name,
        "who": application.group_name or application.applicant_name,
        "payee": award.payee_name,
        "amount_cents": award.amount_cents,
        "requested_cents": award.requested_cents,
        "conditions": award.conditions,
        "answer_by_on": _iso(award.answer_by_on),
        "starts_on": _iso(award.starts_on),
        "ends_on": _iso(award.ends_on),
        "reason": award.answer_reason,
    }


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


@renders("award-offered")
def render_offered(message: Message, _secret: str | None) -> Letter:
    return _letter("offered", message, f"/{message.city.slug}/awards/{message.subject_id}/answer/")


@renders("award-extended")
def render_extended(message: Message, _secret: str | None) -> Letter:
    return _letter("extended", message, f"/{message.city.slug}/awards/{message.subject_id}/answer/")


@renders("award-confirmed")
def render_confirmed(message: Message, _secret: str | None) -> Letter:
    return _letter("confirmed", message, f"/{message.city.slug}/awards/{message.subject_id}/answer/")


@renders("award-accepted")
def render_accepted(message: Message, _secret: str | None) -> Letter:
    return _letter("accepted", message, f"/{message.city.slug}/staff/awards/{message.subject_id}/")


@renders("award-declined")
def render_award_declined(message: Message, _secret: str | None) -> Letter:
    return _letter("award_declined", message, f"/{message.city.slug}/staff/awards/{message.subject_id}/")


@renders("award-rescinded")
def render_rescinded(message: Message, _secret: str | None) -> Letter:
    return _letter("rescinded", message, f"/{message.city.slug}/apply/{message.subject_id}/")


@renders("application-declined")
def render_declined(message: Message, _secret: str | None) -> Letter:
    return _letter("declined", message, f"/{message.city.slug}/apply/{message.subject_id}/")


@renders("application-decline-undone")
def render_decline_undone(message: Message, _secret: str | None) -> Letter:
    return _letter("decline_undone", message, f"/{message.city.slug}/apply/{message.subject_id}/")


def _letter(name: str, message: Message, path: str) -> Letter:
    data, currency = message.data, message.city.currency
    amounts = {
        key: money(data[f"{key}_cents"], currency, short=True) if data.get(f"{key}_cents") is not None else ""
        for key in ("amount", "requested")
    }
    days = {
        key: day(date.fromisoformat(data[f"{key}_on"])) if data.get(f"{key}_on") else ""
        for key in ("answer_by", "starts", "ends")
    }
    is_less = bool(data.get("requested_cents")) and data["amount_cents"] < data["requested_cents"]
    return letter(f"{TEMPLATES}/{name}", message, path=path, is_less=is_less, **amounts, **days)
