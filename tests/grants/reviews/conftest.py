import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from tests.factories import FormVersionFactory, make_city, make_member

from .factories import RUBRIC, Panel, make_reviewer


@pytest.fixture
def panel(db) -> Panel:
    city = make_city("baltimore", contact_phone="410-555-0100")
    with city_scope(city):
        form = FormVersionFactory(cycle__rubric=RUBRIC, cycle__slug="spring")
    return Panel(
        city,
        form,
        manager=make_member(city, Role.MANAGER, name="Marcus Green"),
        staff=make_member(city, Role.STAFF, name="Sofia Reyes"),
        robert=make_reviewer(city, name="Robert Hale"),
        rosa=make_reviewer(city, name="Rosa Diaz"),
    )


@pytest.fixture
def application(panel):
    return panel.application(title="Tilden Street garden")
