"""What the database itself refuses a city about the Center's grants: raw writes as the web role."""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from cities.tenancy.scopes import city_scope
from grants.programs.models import ProgramGrant, Tranche
from tests.factories import make_city

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("of", ["itself", "another city"])
def test_a_city_writes_no_program_grant_in_its_own_tenant(of):
    city, other = make_city("tilden"), make_city("dallas")
    forged = ProgramGrant(
        city=city,
        recipient=city if of == "itself" else other,
        reference="LYB-forged",
        amount_cents=10_000_000,
        currency="USD",
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 12, 31),
    )

    with (
        city_scope(city),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        forged.save(force_insert=True)


def test_a_city_writes_no_tranche_in_its_own_tenant():
    city = make_city("tilden")
    forged = Tranche(
        city=city,
        program_grant_id=city.pk,
        recipient=city,
        number=1,
        amount_cents=100,
        currency="USD",
        sent_on=date(2026, 2, 2),
        bank_reference="WIRE 1",
    )

    with (
        city_scope(city),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        forged.save(force_insert=True)


def test_a_city_changes_no_program_grant():
    with (
        city_scope(make_city("tilden")),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        ProgramGrant.received.update(sent_cents=0)
