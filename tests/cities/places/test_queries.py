import pytest

from cities.places.models import Area
from cities.places.queries import area_names, area_shapes
from cities.tenancy.scopes import city_scope
from tests.factories import make_city
from tests.queries import count_statements

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


@pytest.fixture
def city(db):
    return make_city("tilden")


def test_a_city_without_areas_has_no_shapes(city):
    with city_scope(city):
        assert area_shapes() == {"type": "FeatureCollection", "features": []}
        assert area_names() == []


@pytest.mark.parametrize("count", [1, 3])
def test_shapes_are_the_citys_own_in_one_statement(city, count):
    elsewhere = make_city("elsewhere")
    with city_scope(elsewhere):
        Area.objects.create(name="Foreign", geometry=SQUARE)
    with city_scope(city):
        for number in range(count):
            Area.objects.create(name=f"Area {number}", geometry=SQUARE)

        with count_statements() as statements:
            shapes = area_shapes()
        names = area_names()

    assert len(statements) == 1
    assert (
        [feature["properties"]["name"] for feature in shapes["features"]]
        == names
        == [f"Area {n}" for n in range(count)]
    )
