import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from tests.factories import CycleFactory, make_city, make_member, make_officer
from tests.grants.programs.factories import fund_city


@pytest.fixture
def officer(db):
    return make_officer(email="olive@center.example")


@pytest.fixture
def city(db):
    return make_city("baltimore")


@pytest.fixture
def dallas(db):
    return make_city("dallas")


@pytest.fixture
def finance(city):
    return make_member(city, Role.FINANCE, name="Fay Finance")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, name="Mae Manager")


@pytest.fixture
def cycle(city):
    with city_scope(city):
        return CycleFactory(name="Spring", planned_pool_cents=5_000_000)


@pytest.fixture
def tranche(officer, city, finance):
    """40,000 dollars received and not allocated, of a grant that is sent whole."""
    return fund_city(officer, city, 4_000_000, finance=finance)
