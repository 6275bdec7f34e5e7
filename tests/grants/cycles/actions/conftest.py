import pytest

from cities.tenancy.scopes import city_scope
from tests.factories import UserFactory, make_city


@pytest.fixture
def city():
    city = make_city("tilden", timezone="America/Chicago")
    with city_scope(city):
        yield city


@pytest.fixture
def manager(city):
    return UserFactory()
