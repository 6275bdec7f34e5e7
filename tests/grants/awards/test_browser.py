"""The ranking and the answer in a real browser: money left as rows are ticked, and no obstacle for anybody."""

import pytest

from cities.access.models import Role
from cities.places.models import Area
from cities.tenancy.scopes import city_scope
from grants.awards.actions import rescind_award
from grants.awards.models import Award
from tests.browser import AXE
from tests.factories import CycleFactory, FormVersionFactory, make_city, make_member
from tests.people import sign_in

from .factories import fund, make_application, make_award

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ["Rain garden at Tilden and 4th", "Mural on the garage wall", "Benches for the bus stop"]


@pytest.fixture
def city():
    return make_city("tilden", name="Tilden", timezone="America/Chicago", contact_phone="312 555 0100")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, name="Mara Lind")


@pytest.fixture
def call(city):
    with city_scope(city):
        rubric = {"gates": [], "criteria": [], "bonus": [], "minimum_total": 60, "reviewers": 3}
        cycle = CycleFactory(slug="spring", name="Spring 2026", rubric=rubric)
        version = FormVersionFactory(cycle=cycle)
        fund(cycle, 250_000)
        for number, mean in enumerate([88.5, 72, 55]):
            make_application(
                form_version=version, title=NAMES[number], neighborhood=["Oak", "Elm", "Elm"][number], score_mean=mean,
                score_spread=4, scored_count=3, assigned_count=3, recommended_cents=140_000, latitude=41.8 + number / 50,
                longitude=-87.6, group_name="Tilden Street Neighbors",
            )  # fmt: skip
        make_award(
            application=make_application(
                form_version=version, title="Tool library", score_mean=91, latitude=41.9, longitude=-87.65
            )
        )
    return cycle


@pytest.fixture
def visit(chromium, live_server, client):
    def open_page(user, path, width=1280):
        sign_in(client, user)
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="en-US", reduced_motion="reduce"
        )
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page


def obstacles(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


def left(page):
    return page.locator("[data-ranking-left]").inner_text()


def test_money_left_follows_the_ticks_and_the_amounts(visit, manager, call):
    page = visit(manager, "/tilden/staff/awards/")
    boxes = page.locator("[data-row-check]")

    assert boxes.count() == 3
    boxes.nth(0).check()
    assert left(page) == "$1,100"
    boxes.nth(1).check()
    assert left(page) == "-$300"
    assert "is-short" in page.locator("[data-ranking-left]").get_attribute("class")
    page.locator(".ranking__amount").nth(1).fill("1,000.50")
    assert left(page) == "$99.50"
    assert page.locator("[data-ranking-count]").inner_text() == "2 picked"


def test_ticks_survive_sorting(visit, manager, call):
    page = visit(manager, "/tilden/staff/awards/")
    page.locator("[data-row-check]").nth(0).check()
    page.locator(".ranking__amount").nth(0).fill("900")

    page.get_by_role("link", name="Project", exact=True).click()
    page.wait_for_url("**sort=title*")

    row = page.locator("tr", has_text=NAMES[0])
    assert row.locator("[data-row-check]").is_checked()
    assert row.locator(".ranking__amount").input_value() == "900"
    assert left(page) == "$1,600"


def test_a_tick_that_was_awarded_does_not_come_back_with_an_offer_that_is_taken_back(
    visit, manager, call, city
):
    page = visit(manager, "/tilden/staff/awards/?decision=ready")
    page.locator("[data-row-check]").nth(0).check()
    page.get_by_role("button", name="Award ticked…").click()
    page.get_by_role("button", name="Yes, award 1").click()
    page.get_by_text("1 award offered").wait_for()
    page.goto(page.url.split("?")[0] + "?decision=ready&neighborhood=Elm")
    page.locator("[data-row-check]").nth(0).check()
    page.goto(page.url.split("?")[0] + "?decision=ready")
    assert page.locator("[data-row-check]:checked").count() == 1
    with city_scope(city):
        award = Award.objects.get(title=NAMES[0])
        rescind_award(award.pk, reason="A slip.", actor=manager)

    page.reload()

    row = page.locator("tr", has_text=NAMES[0])
    assert not row.locator("[data-row-check]").is_checked()
    assert page.locator("[data-row-check]:checked").count() == 1


def test_an_amount_that_cannot_be_awarded_is_announced_as_invalid(visit, manager, call):
    page = visit(manager, "/tilden/staff/awards/")
    amount = page.locator(".ranking__amount").nth(0)

    amount.fill("a lot")
    assert amount.get_attribute("aria-invalid") == "true"
    amount.fill("900")
    assert amount.get_attribute("aria-invalid") is None


@pytest.mark.parametrize("width", [360, 1280])
def test_nobody_meets_an_obstacle_on_the_way_to_an_award(visit, manager, call, width):
    page = visit(manager, "/tilden/staff/awards/", width)
    ranking = obstacles(page)
    page.locator("[data-row-check]").nth(0).check()
    page.get_by_role("button", name="Award ticked…").click()
    confirm = obstacles(page)
    page.get_by_role("button", name="Yes, award 1").click()
    page.get_by_text("1 award offered").wait_for()
    page.get_by_role("link", name="Awards made").click()
    listed = obstacles(page)
    page.get_by_role("link", name=NAMES[0]).click()

    assert (ranking, confirm, listed, obstacles(page)) == ([], [], [], [])


@pytest.mark.parametrize("width", [360, 1280])
def test_a_resident_says_yes_in_a_browser(visit, city, width):
    with city_scope(city):
        award = make_award(city_slug="tilden", title=NAMES[0])
    page = visit(award.applicant, f"/tilden/awards/{award.pk}/answer/", width)

    found = obstacles(page)
    page.get_by_text("I have read what the city asks").click()
    page.get_by_role("button", name="Yes, I accept").click()
    page.get_by_text("The grant is yours. The city has been told.").wait_for()

    assert (found, obstacles(page)) == ([], [])


AREA = {"type": "Polygon", "coordinates": [[[-87.7, 41.7], [-87.5, 41.7], [-87.5, 42.0], [-87.7, 41.7]]]}


def test_the_map_shows_the_citys_areas_beneath_the_projects(visit, city, manager, call):
    with city_scope(city):
        Area.objects.create(name="Oak", geometry=AREA)

    page = visit(manager, "/tilden/staff/awards/")
    page.locator("#ranking-places path.area").wait_for()

    assert page.locator("#ranking-places path.area").count() == 1
    assert page.locator("#ranking-places .pin").count() == 1


@pytest.mark.parametrize("answer", [lambda route: route.abort(), lambda _route: None], ids=["none", "late"])
def test_without_the_areas_the_map_shows_the_projects_alone(visit, city, manager, call, answer):
    with city_scope(city):
        Area.objects.create(name="Oak", geometry=AREA)
    page = visit(manager, "/tilden/staff/")
    page.route("**/areas.json", answer)
    page.goto(page.url + "awards/", wait_until="domcontentloaded")
    page.locator(".leaflet-marker-icon").first.wait_for(timeout=3_000)

    assert page.locator("#ranking-places path.area").count() == 0


def pins(page):
    return sorted(
        pin.get_attribute("class").split("--")[-1] for pin in page.locator("#ranking-places .pin").all()
    )


def test_the_map_shows_what_is_awarded_and_what_is_ticked_now(visit, manager, call):
    page = visit(manager, "/tilden/staff/awards/")
    page.locator("#ranking-places .pin--success").wait_for()
    assert pins(page) == ["success"]

    page.locator("[data-row-check]").nth(0).check()
    page.locator("#ranking-places .pin--waiting").wait_for()
    page.locator(".leaflet-marker-icon:has(.pin--waiting)").press("Enter")

    popup = page.locator(".leaflet-popup")
    assert popup.get_by_role("link", name=NAMES[0]).get_attribute("href").endswith("/")
    reference = page.locator("tr:has(:checked) .minor").first.inner_text().split(" · ")[0]
    assert f"{reference} · Picked" in popup.inner_text()
    page.locator("[data-row-check]").nth(0).uncheck()
    page.locator("#ranking-places .pin--waiting").wait_for(state="detached")


def test_who_may_not_decide_sees_on_the_map_what_is_awarded(visit, city, call):
    page = visit(make_member(city, Role.STAFF), "/tilden/staff/awards/")

    page.locator("#ranking-places .pin--success").wait_for()
    assert pins(page) == ["success"]
