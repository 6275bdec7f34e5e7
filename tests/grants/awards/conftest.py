import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from tests.factories import FormVersionFactory, make_city, make_member


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
def manager(city):
    return make_member(city, Role.MANAGER, name="Mara Lind")


@pytest.fixture
def in_city(city, manager):
    with city_scope(city):
        yield city


@pytest.fixture
def form_version(in_city):
    """The form of a call whose money can be promised; the call is its ``cycle``."""
    return FormVersionFactory()
