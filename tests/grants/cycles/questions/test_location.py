"""The pin of a place question in a real browser: by pressing, by keyboard, by where one is; and without a map."""

import pytest
from django.template import engines

from grants.cycles.questions import BoundQuestion
from tests.grants.cycles.questions.conftest import AREAS_ADDRESS, DIST
from tests.grants.cycles.samples import question

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (DIST / "js/leaflet.js").exists(), reason="The theme is not built: npm run build."
    ),
]

SQUARE = [[-76.7, 39.2], [-76.6, 39.2], [-76.6, 39.3], [-76.7, 39.3], [-76.7, 39.2]]
AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "Mill Race"},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
    ],
}
SITE = question("location", key="site", label="Where is it?")
LAT, LNG, SAID = "#q-site-lat", "#q-site-lng", "[data-location-said]"
COUNT_CHANGES = (
    "() => { window.changes = []; document.addEventListener('change', (e) => changes.push(e.target.id)); }"
)


def on_map(show, value=None, **options):
    page = show([BoundQuestion(SITE, value)], areas=AREAS, **options)
    page.locator("[data-location-canvas] .area").wait_for(state="attached")
    return page


def test_pressing_the_map_sets_the_pin_names_the_area_and_tells_the_page_once(show):
    page = on_map(show)
    page.evaluate(COUNT_CHANGES)

    page.locator("[data-location-canvas]").click()

    assert float(page.locator(LAT).input_value()) == pytest.approx(39.25, abs=0.01)
    assert float(page.locator(LNG).input_value()) == pytest.approx(-76.65, abs=0.01)
    assert page.locator(SAID).inner_text() == "The pin is in Mill Race."
    assert page.evaluate("window.changes") == ["q-site-lng"]


def test_the_keyboard_moves_the_map_and_sets_the_pin_in_its_middle(show):
    page = on_map(show)
    canvas = page.locator("[data-location-canvas]")

    canvas.focus()
    page.keyboard.press("Enter")
    assert page.locator(".location-point__keys").bounding_box()["height"] > 20
    first = page.locator(LNG).input_value()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")

    assert float(page.locator(LNG).input_value()) > float(first)


def test_the_pin_is_taken_away_again(show):
    page = on_map(show, {"lat": 39.25, "lng": -76.65})
    page.locator(".pin--place").wait_for()

    page.locator("[data-location-remove]").click()

    assert page.locator(LAT).input_value() == page.locator(LNG).input_value() == ""
    assert page.locator(".pin--place").count() == 0
    assert page.locator(SAID).inner_text() == "The pin is gone."
    assert page.evaluate("document.activeElement.hasAttribute('data-location-canvas')")


def test_the_place_where_one_is_is_taken_only_when_asked_for(show):
    here = {"latitude": 39.21, "longitude": -76.61}
    page = show([BoundQuestion(SITE)], geolocation=here, permissions=["geolocation"])
    assert page.locator(LAT).input_value() == ""

    page.locator("[data-location-here]").click()
    page.locator(SAID, has_text="The pin is set.").wait_for()

    assert page.locator(LAT).input_value() == "39.21000"
    assert page.locator("[data-location-frame]").is_hidden()


def test_a_refused_place_is_a_sentence(show):
    page = show([BoundQuestion(SITE)], permissions=[])

    page.locator("[data-location-here]").click()

    page.locator(SAID, has_text="Please write the address.").wait_for()


def test_numbers_that_are_typed_move_the_pin(show):
    page = on_map(show)

    page.locator("summary").click()
    page.locator(LAT).fill("39,25")
    page.locator(LNG).fill("-76.65")
    page.keyboard.press("Tab")

    page.locator(".pin--place").wait_for()
    assert page.locator(SAID).inner_text() == "The pin is in Mill Race."


def test_a_city_without_shapes_has_no_map(show):
    page = show([BoundQuestion(SITE)], areas={"type": "FeatureCollection", "features": []})

    page.wait_for_load_state("networkidle")

    assert page.locator("[data-location-frame]").is_hidden()
    assert page.locator("[data-location-here]").is_visible()


def test_the_cell_of_a_table_offers_no_map(show):
    columns = [{"key": "where", "label": "Where", "type": "location"}]
    page = show([BoundQuestion(question("table", columns=columns))], areas=AREAS)

    assert page.locator("[data-location-tools]").is_hidden()


def test_without_scripts_the_address_and_the_numbers_are_there(show):
    page = show([BoundQuestion(SITE)], areas=AREAS, java_script_enabled=False)

    assert page.locator("#q-site-address").is_visible()
    assert page.locator("[data-location-tools]").is_hidden()
    page.locator("summary").click()
    assert page.locator(LAT).is_visible()


@pytest.mark.parametrize(
    ("city", "address"), [({"slug": "riverton"}, AREAS_ADDRESS), ({"slug": None}, None), (None, None)]
)
def test_the_page_of_a_city_tells_where_its_shapes_are(city, address):
    source = "{% load questions %}{% question bound %}"

    html = engines["django"].from_string(source).render({"bound": BoundQuestion(SITE), "city": city})

    assert ("data-areas=" in html) == (address is not None)
    assert address is None or f'data-areas="{address}"' in html
