import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.payments.actions import (
    approve_disbursement,
    decide_receipt,
    refuse_disbursement,
    void_disbursement,
)
from tests.factories import UserFactory, make_city, make_member
from tests.grants.payments.factories import make_award, make_trio, paid, receipt_of, requested


@pytest.fixture
def city(db):
    return make_city(
        "tilden",
        name="Tilden",
        timezone="America/Chicago",
        contact_name="Ms. Lee",
        contact_phone="312 555 0100",
    )


@pytest.fixture
def trio(city):
    return make_trio(city)


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, name="Mia")


@pytest.fixture
def insider(city):
    """Somebody with every role of the desk."""
    return make_member(city, Role.FINANCE, Role.APPROVER, Role.MANAGER, Role.STAFF, name="Ines")


@pytest.fixture
def staff(city):
    return make_member(city, Role.STAFF, name="Sol")


@pytest.fixture
def in_city(city, trio, manager, insider, staff):
    """The city's scope, open: people are made before."""
    with city_scope(city):
        yield city


@pytest.fixture
def award(in_city, trio):
    return make_award()


@pytest.fixture
def world(city, trio, manager, staff):
    """An accepted award with one payment of each status and one receipt of each."""
    applicant = UserFactory(name="Odessa Rhee", email="odessa@example.org")
    with city_scope(city):
        award = make_award(applicant=applicant)
        rows = {"requested": requested(award, trio[0], 10_000)}
        rows["approved"] = approve_disbursement(requested(award, trio[0], 20_000).pk, actor=trio[1])
        rows["paid"] = paid(award, trio, 60_000)
        rows["refused"] = refuse_disbursement(
            requested(award, trio[0], 100).pk, reason="No invoice", actor=trio[1]
        )
        rows["voided"] = void_disbursement(paid(award, trio, 200).pk, reason="Lost", actor=trio[2])
        rows["receipt"] = receipt_of(award, 16_757, vendor="Corner Deli")
        rows["accepted"] = decide_receipt(
            receipt_of(award, 5_000, vendor="Nursery").pk, accepted_cents=5_000, actor=staff
        )
        partly = receipt_of(award, 4_000, vendor="Paint World")
        rows["partly"] = decide_receipt(
            partly.pk, accepted_cents=3_000, reason="Gloves aren’t covered", actor=staff
        )
    return {"award": award, "applicant": applicant, **rows}
