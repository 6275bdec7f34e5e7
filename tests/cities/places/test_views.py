import pytest

from cities.places.models import Area
from cities.tenancy.scopes import city_scope
from tests.factories import make_city

pytestmark = pytest.mark.django_db

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}


def test_a_citys_areas_are_served_to_anybody_and_no_other_citys(client):
    for slug in ("baltimore", "dallas"):
        with city_scope(make_city(slug)):
            Area.objects.create(name=f"Park of {slug}", geometry=SQUARE)

    answer = client.get("/baltimore/areas.json")

    shapes = answer.json()
    assert [shape["properties"]["name"] for shape in shapes["features"]] == ["Park of baltimore"]
    assert shapes["features"][0]["geometry"] == SQUARE


def test_a_city_without_areas_has_an_empty_collection(client):
    make_city("baltimore")

    assert client.get("/baltimore/areas.json").json() == {"type": "FeatureCollection", "features": []}
