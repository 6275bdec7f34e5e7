"""What cities and officers tell each other about money: put into the outbox here, written here when it is sent."""

from datetime import date
from typing import Any
from uuid import UUID

from cities.access.models import Membership, Role, User
from cities.interface.formats import day, money
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.tenancy.models import City
from cities.tenancy.scopes import current_city_id
from residents.notices.registry import Letter, letter, renders

from .models import ProgramGrant, Tranche, TrancheReceipt

TOLD_OF_MONEY = (Role.FINANCE, Role.MANAGER)


def program_granted(grant: ProgramGrant) -> None:
    """Tell the city's finance and managers that there is a grant to accept. Runs at the Center's door."""
    for person in keepers_of_money(grant.recipient_id):
        enqueue(
            "program-granted",
            key=f"program-granted:{grant.pk}:{person.pk}",
            subject_id=grant.pk,
            recipient=person,
            **_facts(grant, grant.recipient),
            cents=grant.amount_cents,
        )


def tranche_sent(tranche: Tranche, grant: ProgramGrant) -> None:
    """Tell the city's finance and managers that money is on its way. Runs at the Center's door."""
    for person in keepers_of_money(grant.recipient_id):
        enqueue(
            "tranche-sent",
            key=f"tranche-sent:{tranche.pk}:{person.pk}",
            subject_id=tranche.pk,
            recipient=person,
            **_facts(grant, grant.recipient),
            cents=tranche.amount_cents,
            number=tranche.number,
            on=tranche.sent_on.isoformat(),
            bank_reference=tranche.bank_reference,
        )


def grant_accepted(grant: ProgramGrant) -> None:
    """Tell the officer who granted it. Runs in the city, which can't see who else works at the Center."""
    if grant.created_by is not None:
        enqueue(
            "grant-accepted",
            key=f"grant-accepted:{grant.pk}",
            subject_id=grant.pk,
            recipient=grant.created_by,
            **_facts(grant, _here()),
            cents=grant.amount_cents,
        )


def tranche_confirmed(tranche: Tranche, receipt: TrancheReceipt) -> None:
    """Tell the officer who recorded the sending."""
    if tranche.created_by is not None:
        enqueue(
            "tranche-confirmed",
            key=f"tranche-confirmed:{tranche.pk}",
            subject_id=tranche.program_grant_id,
            recipient=tranche.created_by,
            **_facts(tranche.program_grant, _here()),
            cents=tranche.amount_cents,
            number=tranche.number,
            on=receipt.received_on.isoformat(),
        )


def keepers_of_money(city_id: UUID) -> list[User]:
    """Return who is told of money in a city: its finance and managers. Read at the Center's door."""
    held = Membership.objects.filter(city_id=city_id, role__in=TOLD_OF_MONEY, ended_at__isnull=True)
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("email"))


def _facts(grant: ProgramGrant, place: City) -> dict[str, Any]:
    """Return what every letter says, so that writing it asks the database nothing."""
    return {
        "reference": grant.reference,
        "purpose": grant.purpose,
        "currency": grant.currency,
        "place": place.name,
        "slug": place.slug or "",
    }


def _here() -> City:
    return City.objects.get(pk=current_city_id())


@renders("program-granted")
def program_granted_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("program_granted", message, f"/{message.data['slug']}/staff/money/")


@renders("tranche-sent")
def tranche_sent_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("tranche_sent", message, f"/{message.data['slug']}/staff/money/")


@renders("grant-accepted")
def grant_accepted_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("grant_accepted", message, f"/center/grants/{message.subject_id}/")


@renders("tranche-confirmed")
def tranche_confirmed_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("tranche_confirmed", message, f"/center/grants/{message.subject_id}/")


def _letter(name: str, message: Message, path: str) -> Letter:
    data = message.data
    return letter(
        f"grants/programs/notices/{name}",
        message,
        path=path,
        amount=money(data["cents"], data["currency"]),
        on=day(date.fromisoformat(data["on"])) if data.get("on") else "",
    )
