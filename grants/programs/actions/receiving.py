"""A city's answers to the Center: it accepts a program grant, and confirms that a tranche arrived. In ``city_scope``."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from cities.tenancy.models import City
from cities.tenancy.scopes import current_city_id
from grants.ledger.posting import Deed, Line, post
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind
from grants.programs import notices
from grants.programs.errors import (
    AlreadyAcceptedError,
    AlreadyConfirmedError,
    DayOutOfOrderError,
    NotAcceptedError,
    UnknownGrantError,
    UnknownTrancheError,
)
from grants.programs.models import GrantAcceptance, ProgramGrant, Tranche, TrancheReceipt


@action
def accept_grant(program_grant_id: UUID, *, actor: Actor) -> GrantAcceptance:
    """Accept a program grant for the open city, and tell the officer who granted it.

    Posts *acceptance*: the money may be expected now. The grant lies in the Center's tenant and can't be locked
    from here; of two who accept at once, the second is refused by ``grantacceptance_once``. Raises
    ``UnknownGrantError``, ``AlreadyAcceptedError``.
    """
    grant = ProgramGrant.received.select_related("created_by").filter(pk=program_grant_id).first()
    if grant is None:
        raise UnknownGrantError(_("There is no such program grant for this city."))
    if GrantAcceptance.objects.filter(program_grant=grant).exists():
        raise AlreadyAcceptedError(_("%(reference)s is accepted already."), reference=grant.reference)
    acceptance = GrantAcceptance(
        city_id=current_city_id(), program_grant=grant, accepted_by=actor if isinstance(actor, User) else None
    )
    # The base manager shows a city no row of the Center: the composite key checks the relation instead.
    acceptance.full_clean(exclude=["city", "program_grant"])
    acceptance.save(force_insert=True)
    entry = post(
        Deed(
            EntryKind.ACCEPTANCE,
            f"acceptance:{grant.pk}",
            grant,
            actor,
            memo=grant.reference,
            currency=grant.currency,
        ),
        [
            Line(AccountKind.FUNDING, grant.pk, -grant.amount_cents),
            Line(AccountKind.RECEIVABLE, grant.pk, grant.amount_cents),
        ],
    )
    audit.record("programgrant:accept", actor=actor, subject=grant, reference=grant.reference, **told(entry))
    notices.grant_accepted(grant)
    return acceptance


@action
def confirm_tranche(
    tranche_id: UUID, *, received_on: date, bank_reference: str = "", actor: Actor
) -> TrancheReceipt:
    """Say that a tranche arrived at the city's bank, and tell the officer who sent it.

    Posts *receipt*: the money may be allocated now. Of two who confirm at once, the second is refused by
    ``tranchereceipt_once``. Raises ``UnknownTrancheError``, ``AlreadyConfirmedError``, ``NotAcceptedError``,
    ``DayOutOfOrderError``.
    """
    tranche = _tranche(tranche_id, received_on)
    receipt = TrancheReceipt(
        city_id=current_city_id(),
        tranche=tranche,
        received_on=received_on,
        bank_reference=bank_reference.strip(),
        confirmed_by=actor if isinstance(actor, User) else None,
    )
    receipt.full_clean(exclude=["city", "tranche"])
    receipt.save(force_insert=True)
    _post_receipt(tranche, receipt, actor)
    notices.tranche_confirmed(tranche, receipt)
    return receipt


def _post_receipt(tranche: Tranche, receipt: TrancheReceipt, actor: Actor) -> None:
    name = f"{tranche.program_grant.reference}/{tranche.number}"
    entry = post(
        Deed(
            EntryKind.RECEIPT,
            f"receipt:{tranche.pk}",
            tranche,
            actor,
            memo=f"{name} {receipt.bank_reference}".strip(),
            occurred_on=receipt.received_on,
            currency=tranche.currency,
        ),
        [
            Line(AccountKind.RECEIVABLE, tranche.program_grant_id, -tranche.amount_cents),
            Line(AccountKind.UNALLOCATED, current_city_id(), tranche.amount_cents),
        ],
    )
    facts = {"reference": tranche.program_grant.reference, "number": tranche.number}
    audit.record(
        "tranche:confirm",
        actor=actor,
        subject=tranche,
        **facts,
        received_on=receipt.received_on,
        **told(entry),
    )


def _tranche(tranche_id: UUID, received_on: date) -> Tranche:
    found: Tranche | None = (
        Tranche.received.select_related("program_grant", "created_by").filter(pk=tranche_id).first()
    )
    if found is None:
        raise UnknownTrancheError(_("There is no such tranche for this city."))
    named: dict[str, Any] = {"reference": found.program_grant.reference, "number": found.number}
    if TrancheReceipt.objects.filter(tranche=found).exists():
        raise AlreadyConfirmedError(_("Tranche %(number)s of %(reference)s is confirmed already."), **named)
    if not GrantAcceptance.objects.filter(program_grant=found.program_grant_id).exists():
        raise NotAcceptedError(_("Please accept the program grant %(reference)s first."), **named)
    if received_on < found.sent_on:
        said = _("The money was sent on a later day than this.")
        raise DayOutOfOrderError(said, field="received_on")
    city = City.objects.get(pk=current_city_id())
    if received_on > timezone.localdate(timezone=city.zone):
        said = _("Money is confirmed once it arrived, so this day can’t lie in the future.")
        raise DayOutOfOrderError(said, field="received_on")
    return found
