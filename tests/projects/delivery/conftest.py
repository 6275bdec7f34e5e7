import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from tests.factories import make_city, make_member

from .factories import make_project


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
def staff(city):
    return make_member(city, Role.STAFF, name="Sol")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, name="Mara Lind")


@pytest.fixture
def viewer(city):
    return make_member(city, Role.VIEWER, name="Vic")


@pytest.fixture
def in_city(city, staff, manager, viewer):
    """The city's scope, open: people are made before."""
    with city_scope(city):
        yield city


@pytest.fixture
def project(in_city):
    return make_project(title="Corner garden")
