"""Every route × method × person × {own city, foreign city}: allowed exactly where :data:`AUDIENCES` says so.

Generated from the URL map: a route that isn't listed fails. Each request runs in a savepoint that is rolled
back, so one set of rows serves all of them. On the way each answer is looked at for inline script and style.
"""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from cities.access.factors import WHERE_IT_IS_GIVEN
from cities.access.models import CITY_ROLES, User
from cities.tenancy.models import City
from tests.audiences import (
    AUDIENCES,
    SIGNED_IN,
    SKIPPED,
    World,
    arguments,
    body_for,
    make_world,
)
from tests.factories import make_member
from tests.inline import inline_parts
from tests.people import sign_in
from tests.routes import Route, all_routes
from tests.test_routes import ALLAUTH, PUBLIC

pytestmark = pytest.mark.usefixtures("own_rows")

PEOPLE = ["anonymous", *sorted(SIGNED_IN - {"signed in"})]
CANARY = "CANARY-OF-ANOTHER-CITY"


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str
    content_type: str
    policy: str
    keeping: str = ""

    @property
    def refused(self) -> bool:
        to_sign_in = self.status in {301, 302} and self.location.startswith(
            ("/accounts/login", "/accounts/factor")
        )
        return self.status in {401, 403, 404} or to_sign_in

    @property
    def wants_factor(self) -> bool:
        to_factor = self.status in {301, 302} and self.location.startswith("/accounts/factor")
        return to_factor or (self.status == 403 and '"code":"second_factor"' in self.body)

    @property
    def unsafe(self) -> list[str]:
        """What a browser would be let do, or would refuse to do, by the answer's content security policy."""
        if not self.content_type.startswith("text/html"):
            return [] if "default-src" in self.policy else ["no policy"]
        loose = [] if "script-src 'self'" in self.policy and "unsafe" not in self.policy else ["loose policy"]
        return loose + inline_parts(self.body)


def ask(client: Client, route: Route, method: str, kwargs: dict[str, Any]) -> Answer:
    path = "/" + fill(route.path, kwargs)
    content_type, body = body_for(route, method)
    with transaction.atomic():
        response = client.generic(method, path, body, content_type=content_type)
        text = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return Answer(
        response.status_code,
        response.headers.get("Location", ""),
        text.decode(errors="replace"),
        response.headers.get("Content-Type", ""),
        response.headers.get("Content-Security-Policy", ""),
        response.headers.get("Cache-Control", ""),
    )


def fill(path: str, kwargs: dict[str, Any]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(kwargs[found[1]]), path)


@pytest.fixture(scope="module")
def world(module_rows) -> World:
    return make_world(CANARY)


def judged() -> list[Route]:
    return [
        route
        for route in all_routes()
        if route.name not in SKIPPED and not route.name.startswith(("account_", "mfa_"))
    ]


def test_every_route_is_known_to_the_matrix():
    known = set(AUDIENCES) | set(SKIPPED)

    assert {route.name for route in judged()} - known == set()
    assert known - {route.name for route in all_routes()} == set()


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_may_do_exactly_what_the_matrix_says(world, person):
    wrong, unsafe, user = [], [], world.people[person]
    client = Client(raise_request_exception=False)
    if user is not None:
        sign_in(client, user)
    for route in judged():
        for method in route.methods:
            answer = ask(client, route, method, arguments(route, world.own, world))
            unsafe += [f"{method} /{route.path}: {part}" for part in answer.unsafe]
            allowed = person in AUDIENCES[route.name](method)
            # The status says 503 of itself: while this test goes on, nothing seals or sends what it does.
            is_answer = answer.status < 500 or (route.name == "cities:api-status" and answer.status == 503)
            if answer.status == 405 or (is_answer and answer.refused != allowed):
                continue
            wrong.append(
                f"{person}: {method} /{route.path} → {answer.status} {answer.location} (allowed: {allowed})"
            )

    assert not wrong, "\n".join(wrong)
    assert not unsafe, "\n".join(unsafe)


@pytest.fixture
def insider(world) -> User:
    """Somebody with every right that a city gives: rights only add up."""
    return make_member(City.objects.get(slug=world.own["city"]), *CITY_ROLES)


@pytest.mark.parametrize("person", ["insider", "applicant", "other resident"])
def test_nobody_reaches_another_citys_rows(world, insider, person):
    """They ask with the other city's ids, under the other city's address and under their own."""
    leaks, asked, user = [], 0, {**world.people, "insider": insider}[person]
    client = Client(raise_request_exception=False)
    sign_in(client, user)
    for route in judged():
        if not route.arguments and "city" not in route.path:
            continue
        for slug in {world.foreign["city"], world.own["city"]}:
            for method in route.methods:
                kwargs = {**arguments(route, world.foreign, world), "city": slug}
                answer = ask(client, route, method, kwargs)
                asked += 1
                own_objects_absent = set(route_arguments(route)) == {"city"} and slug == world.own["city"]
                open_to_all = "anonymous" in AUDIENCES[route.name](method) or AUDIENCES[route.name](
                    method
                ) >= {"signed in"}
                if (
                    CANARY in answer.body
                    or answer.status >= 500
                    or (
                        not own_objects_absent
                        and not open_to_all
                        and not answer.refused
                        and answer.status != 405
                    )
                ):
                    leaks.append(f"{person}: {method} /{fill(route.path, kwargs)} → {answer.status}")

    assert not leaks, "\n".join(leaks)
    assert asked > 100


def is_open_before_the_factor(route: Route, method: str) -> bool:
    """Say whether the route is open to everybody, or part of signing in."""
    return (
        route.name in PUBLIC
        or bool(ALLAUTH.match(route.name))
        or route.path.startswith(WHERE_IT_IS_GIVEN.lstrip("/"))
        or (route.name in AUDIENCES and "anonymous" in AUDIENCES[route.name](method))
    )


@pytest.mark.parametrize("person", ["insider", "foreign manager", "officer"])
def test_before_the_second_factor_whoever_works_at_a_desk_gets_nowhere(world, insider, person):
    """The e-mailed code alone opens nothing, here or in another city: neither a page nor the API.

    Which roles need more is asked in ``tests/residents/accounts/test_factors.py``.
    """
    opened, asked = [], set()
    client = Client(raise_request_exception=False)
    sign_in(client, {**world.people, "insider": insider}[person], second_factor=False)
    for route in all_routes():
        for method in route.methods:
            if is_open_before_the_factor(route, method):
                continue
            answer = ask(client, route, method, arguments(route, world.own, world))
            if answer.status == 405:
                continue
            asked.add(route.name)
            if not answer.wants_factor:
                opened.append(f"{person}: {method} /{route.path} → {answer.status} {answer.location}")

    assert not opened, "\n".join(opened)
    assert len(asked) > 250


KEPT_ON_PURPOSE = {
    "healthz": "whether the site answers; it looks at no session",
    "api-schema": "what the API can do: the same for everybody",
    "cities:area-shapes": "the city's neighborhoods on its map: the same for everybody",
    "cities:city-theme": "the city's color, by the color's own address: the same for everybody",
    "projects:photo-read": "a published photo; private, and for as long as its hiding may take to be seen",
    "projects:photo-small": "a published photo; private, and for as long as its hiding may take to be seen",
}
"""Routes whose answers a browser keeps for a while, and why."""


@pytest.mark.parametrize("person", ["applicant", "manager", "officer"])
def test_what_a_signed_in_person_sees_is_kept_by_no_cache(world, person):
    client, asked, kept = sign_in(Client(), world.people[person]), 0, {}
    for route in judged():
        if person not in AUDIENCES[route.name]("GET"):
            continue
        answer = ask(client, route, "GET", arguments(route, world.own, world))
        asked += answer.status == 200
        if answer.status == 200 and "no-store" not in answer.keeping:
            kept[route.name] = answer.keeping

    assert asked > 10
    assert kept.keys() == KEPT_ON_PURPOSE.keys(), kept


def route_arguments(route: Route) -> list[str]:
    return re.findall(r"<(?:\w+:)?(\w+)>", route.path)
