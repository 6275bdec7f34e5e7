"""Program grants and tranches for tests, made by the real actions."""

from datetime import date
from typing import Any

from cities.tenancy.models import City
from cities.tenancy.scopes import center_scope, city_scope
from grants.programs.actions import accept_grant, confirm_tranche, grant_program, send_tranche
from grants.programs.models import ProgramGrant, Tranche

SENT_ON = date(2026, 2, 2)


def make_grant(officer: Any, city: City, cents: int = 10_000_000, **facts: Any) -> ProgramGrant:
    """Let the officer grant money to a city."""
    facts = {
        "currency": city.currency,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31),
        "reference": f"LYB-{city.slug}",
        **facts,
    }
    with center_scope(officer):
        return grant_program(recipient_id=city.pk, amount_cents=cents, actor=officer, **facts)


def make_tranche(officer: Any, grant: ProgramGrant, cents: int = 4_000_000, **facts: Any) -> Tranche:
    facts = {"sent_on": SENT_ON, "bank_reference": "WIRE 1", **facts}
    with center_scope(officer):
        return send_tranche(grant.pk, amount_cents=cents, actor=officer, **facts)


def fund_city(
    officer: Any, city: City, cents: int = 4_000_000, *, finance: Any, granted: int = 0, **facts: Any
) -> Tranche:
    """Grant, accept, send and confirm: the money is received and not allocated."""
    grant = make_grant(officer, city, granted or cents, **facts)
    tranche = make_tranche(officer, grant, cents)
    with city_scope(city):
        accept_grant(grant.pk, actor=finance)
        confirm_tranche(tranche.pk, received_on=SENT_ON, actor=finance)
    return tranche
