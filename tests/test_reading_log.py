"""Every page and API of the Center that reads of cities leaves a row where the city can read it.

Generated from the URL map: a route that isn't listed below fails unless its GET wrote such a row.
"""

import re

import pytest
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import resolve

from cities.audit.models import Reading
from cities.audit.readings.pages import has_words
from cities.tenancy.middleware import door_name
from cities.tenancy.scopes import CENTER_ID, center_scope
from tests.audiences import AUDIENCES, SKIPPED, arguments, make_world
from tests.people import sign_in
from tests.routes import Route, all_routes
from tests.test_rights import fill

pytestmark = pytest.mark.usefixtures("own_rows")

OWN = "reads rows of the Center's own tenant and the open table of cities"
PEOPLE = "people of the Center itself, or an empty form"
FILES = "what files the Center had made, not their content; the worker and each download wrote a row in each city that is in one"
OWN_TENANT_ONLY = {
    "grants:center-grant-create": OWN,
    "grants:center-cohort-list": OWN,
    "grants:center-cohort-detail": OWN,
    "grants:center-cohort-create": OWN,
    "grants:center-cohort-edit": OWN,
    "grants:center-cohort-remove-city": OWN,
    "grants:center-city-create": OWN,
    "grants:center-city-edit": OWN,
    "grants:api-center-cohort-list": OWN,
    "grants:api-center-cohort-detail": OWN,
    "grants:center-people": PEOPLE,
    "grants:center-person-invite": PEOPLE,
    "grants:center-person-edit": PEOPLE,
    "grants:center-person-remove": PEOPLE,
    "grants:center-person-invitation-withdraw": PEOPLE,
    "grants:center-member-invite": PEOPLE,
    "grants:api-center-person-list": PEOPLE,
    "grants:api-center-person-invitation-list": PEOPLE,
    "cities:center-report-list": FILES,
    "cities:center-report-detail": FILES,
    "cities:center-report-cancel": FILES,
    "cities:center-report-retry": FILES,
    "cities:api-center-document-list": FILES,
    "cities:api-center-document-detail": FILES,
}
"""Routes of the Center's door whose GET reads nothing of a city, and why."""


def center_routes() -> list[Route]:
    return [
        route
        for route in all_routes()
        if "GET" in route.methods and route.name not in SKIPPED and is_at_center(route)
    ]


def is_at_center(route: Route) -> bool:
    return bool(re.match(r"(api/v1/)?center/", route.path))


@pytest.fixture(scope="module")
def world(module_rows):
    return make_world("Elsewhere")


def looks_left_by(client: Client, path: str) -> tuple[int, list[Reading]]:
    """Answer a GET and return what it wrote; everything is rolled back."""
    with transaction.atomic():
        response = client.get(path)
        with center_scope(client.officer):
            written = list(Reading.objects.all())
        transaction.set_rollback(True)
    return response.status_code, written


def who_reads(route: Route, world) -> str:
    people = AUDIENCES[route.name]("GET")
    return next(person for person in ("auditor", "officer") if person in people)


def failures(routes, world) -> list[str]:
    clients = {}
    for person in ("auditor", "officer"):
        clients[person] = sign_in(Client(), world.people[person])
        clients[person].officer = world.people["officer"]
    found = []
    for route in routes:
        path = "/" + fill(route.path, arguments(route, world.own, world))
        status, written = looks_left_by(clients[who_reads(route, world)], path)
        if status == 405:
            continue
        is_own = route.name in OWN_TENANT_ONLY
        if status != 200 or bool(written) == is_own:
            found.append(f"{path} ({route.name}) → {status}, {len(written)} rows")
        found += [f"{path}: {row.page} has no words" for row in written if not has_words(row.page)]
    return found


def test_every_look_of_the_center_at_cities_leaves_a_row(world):
    routes = center_routes()

    assert failures(routes, world) == []
    assert len(routes) > 20


def test_the_checker_finds_a_page_that_forgets(world, monkeypatch):
    monkeypatch.delitem(OWN_TENANT_ONLY, "grants:center-cohort-list")
    forgetful = [route for route in center_routes() if route.name == "grants:center-cohort-list"]

    assert failures(forgetful, world) == ["/center/cohorts/ (grants:center-cohort-list) → 200, 0 rows"]


def test_what_is_listed_as_own_exists():
    assert set(OWN_TENANT_ONLY) - {route.name for route in center_routes()} == set()


def test_the_middleware_opens_the_same_door_for_these_routes(world):
    for route in center_routes():
        path = "/" + fill(route.path, arguments(route, world.own, world))
        assert door_name(resolve(RequestFactory().get(path).path_info)) == "center", path


def test_a_list_is_one_row_at_the_center_and_a_record_one_in_its_city(world):
    client = sign_in(Client(), world.people["auditor"])

    client.get("/center/?state=MD")
    client.get(f"/center/cities/{world.own['city']}/")

    with center_scope(world.people["auditor"]):
        rows = {row.page: row for row in Reading.objects.select_related("city")}
    assert rows["center-overview"].city_id == CENTER_ID
    assert rows["center-city-detail"].city.slug == world.own["city"]
    assert {row.reader_id for row in rows.values()} == {world.people["auditor"].pk}
