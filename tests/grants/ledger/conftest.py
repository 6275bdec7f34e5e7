import pytest

from cities.tenancy.scopes import city_scope
from tests.factories import CycleFactory, make_city


@pytest.fixture
def city(request):
    transactional = request.node.get_closest_marker("django_db").kwargs.get("transaction")
    request.getfixturevalue("transactional_db" if transactional else "db")
    return make_city("baltimore")


@pytest.fixture
def dallas(city):
    return make_city("dallas")


@pytest.fixture
def cycle(city):
    """A cycle of the city; the scope it was made in is closed."""
    with city_scope(city):
        return CycleFactory(name="Spring")
