"""What the demo is made from: neighborhoods, forms, budgets, pictures, shares."""

import json
from collections import Counter
from datetime import date
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from config.demo.answers import Setting, answers
from config.demo.budgets import budget_lines
from config.demo.calls import KINDS, call_parts, category_of
from config.demo.cities import DEMO_CITIES
from config.demo.drawings import SCENES, picture
from config.demo.load.places import load_city, spread
from config.demo.neighborhoods import neighborhoods
from config.demo.people import people
from config.demo.projects import IDEAS
from config.demo.schedule import PLANS
from grants.cycles.editing import form_problems
from grants.cycles.questions import (
    Budget,
    FormDefinition,
    Frame,
    complete_form,
    evaluate_answers,
    items_from_json,
    missing,
)

CITY = DEMO_CITIES[1]


def whole_form(kind):
    parts = call_parts(kind, CITY, floor="250.00", cap="2000.00")
    budget = Budget.from_json(parts["budget"])
    return budget, complete_form(
        FormDefinition.from_json(parts["sections"]), budget, parts["attachments"], ("full",)
    )


def test_neighborhoods_lie_side_by_side_and_are_always_the_same():
    areas = neighborhoods(CITY)
    corners = Counter(corner for area in areas for corner in area.ring)

    assert [area.name for area in areas] == list(CITY.neighborhoods)
    assert set(corners.values()) == {1, 2, 3}
    assert sum(count > 1 for count in corners.values()) > len(areas) * 3
    assert areas == neighborhoods(CITY)
    assert json.dumps(areas[0].geometry["coordinates"][0][0]) == json.dumps(
        areas[0].geometry["coordinates"][0][-1]
    )


@pytest.mark.parametrize("city", DEMO_CITIES, ids=lambda city: city.slug)
def test_a_point_of_a_neighborhood_lies_inside_of_it(city):
    rng = Random(1)

    for area in neighborhoods(city):
        for _ in range(20):
            assert is_inside(area.somewhere(rng), area.ring)


def is_inside(point, ring):
    """Cast a ray to the east and count the sides it crosses."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_demo_form_has_no_fault_and_names_what_lists_show(kind):
    _, form = whole_form(kind)

    assert form_problems(form.definition) == []
    assert None not in form.summary.to_json().values()
    assert form.budget_key == "budget_lines"


@pytest.mark.parametrize("kind", KINDS)
def test_a_demo_form_is_whole_in_spanish(kind):
    _, form = whole_form(kind)
    spanish = form.definition.in_language("es")

    for before, after in zip(form.definition.sections, spanish.sections, strict=True):
        assert after.title != before.title
    for before, after in zip(form.definition.questions, spanish.questions, strict=True):
        assert after.label != before.label, before.key
        assert bool(before.help) == (after.help != before.help), before.key
        if before.options and before.key != "neighborhood":
            assert [c.label for c in after.choices] != [c.label for c in before.choices]


@pytest.mark.parametrize("kind", KINDS)
def test_the_self_check_has_spanish_words_and_somebody_passes_it(kind):
    parts = call_parts(kind, CITY, floor="250.00", cap="2000.00")

    for item in items_from_json(parts["eligibility"]):
        assert item.label_in("es") != item.label
        assert item.words_in("es") != item.words


@pytest.mark.parametrize("kind", KINDS)
def test_every_idea_gives_a_complete_application_in_both_languages(kind):
    budget, form = whole_form(kind)
    rng = Random(7)
    cast = [
        next_person for next_person, _ in zip(people(rng, city="x", area_code="410"), range(6), strict=False)
    ]

    for idea in IDEAS[kind]:
        for language in ("en", "es"):
            for repeats in range(3):
                setting = Setting(
                    CITY, kind, budget, 25_000, 200_000, date(2027, 1, 15), date(2026, 10, 1), cast[0], tuple(cast[1:5]),
                    idea, neighborhoods(CITY)[3], language, repeats,
                )  # fmt: skip
                said = {key: value for key, value in answers(rng, setting).items() if value is not None}
                evaluation = evaluate_answers(
                    form, budget, said, Frame(floor_cents=25_000, cap_cents=200_000)
                )
                assert missing(form.definition, said) == ()
                assert evaluation.stops == ()
                assert "{" not in json.dumps([said["need"], said["description"], said["project_title"]])
                assert said["category"] == category_of(kind, idea.kind)


@pytest.mark.parametrize("seed", range(60))
def test_budget_lines_stay_between_floor_and_cap_under_every_ceiling(seed):
    rng = Random(seed)
    kind = rng.choice(list(KINDS))
    budget, _ = whole_form(kind)

    lines = budget_lines(rng, rng.choice(IDEAS[kind]).costs, budget, floor=100_000, cap=500_000)

    total = sum(line.cents for line in lines)
    assert 100_000 <= total <= 500_000
    for category in budget.categories:
        ceiling = category.ceiling_of(total)
        taken = sum(line.cents for line in lines if line.cost.category == category.key)
        assert ceiling is None or taken <= ceiling
    if budget.match_columns:
        assert sum(line.in_kind_cents for line in lines) * 5 >= total


def test_people_of_a_city_have_addresses_of_their_own():
    addresses = [person.email for person in people(Random(3), city="x", area_code="410")]

    assert len(addresses) == len(set(addresses)) == 400


@pytest.mark.parametrize("scene", SCENES)
def test_a_picture_is_a_small_jpeg_without_metadata(scene):
    drawn = picture(Random(5), scene)
    image = Image.open(BytesIO(drawn.content))

    assert (image.format, image.size) == ("JPEG", (drawn.width, drawn.height))
    assert dict(image.getexif()) == {}
    assert len(drawn.content) < 60_000
    assert picture(Random(5), scene).sha256 == drawn.sha256
    assert picture(Random(6), scene).sha256 != drawn.sha256


def test_the_plans_cover_each_demo_city_and_one_closes_tonight():
    assert list(PLANS) == [city.slug for city in DEMO_CITIES]
    assert [slug for slug, (now_open, _) in PLANS.items() if now_open.closes_in == 0] == ["baltimore"]
    assert all(now_open.closes_in >= 0 > past.closes_in for now_open, past in PLANS.values())


@pytest.mark.parametrize(
    ("count", "first", "second"),
    [(112_000, 12_000, 359), (12_280, 12_000, 2), (300, 150, 1), (1, 1, 0), (20_000, 12_000, 29)],
)
def test_the_load_is_spread_with_twelve_thousand_in_the_first_city(count, first, second):
    shares = spread(count)

    assert len(shares) == 280
    assert sum(shares) == count
    assert (shares[0], shares[1]) == (first, second)
    assert max(shares[1:]) - min(shares[1:]) <= 1


def test_load_cities_have_slugs_in_order_and_valid_places():
    cities = [load_city(number) for number in range(1, 281)]

    assert [city.slug for city in cities] == [f"load-{number:03d}" for number in range(1, 281)]
    assert all(25 < city.latitude < 50 and -125 < city.longitude < -66 for city in cities)
