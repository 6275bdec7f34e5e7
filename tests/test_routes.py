"""Every route carries a rule or stands in ``PUBLIC``; every first segment is reserved; every route has its door."""

import re

import pytest
from django.urls import resolve

from cities.access.rules import anybody
from cities.tenancy.slugs import RESERVED_SLUGS
from tests.routes import Route, all_routes

PUBLIC = {
    "healthz",
    "set_language",
    "styleguide",
    "api-schema",
    "api-docs",
    # What residents find without an account
    "grants:program-home",
    "grants:city-home",
    "grants:call-detail",
    "grants:call-check",
    "grants:api-open-calls",
    "grants:api-calls",
    "grants:api-call",
    "grants:api-call-check",
    "projects:project-list",
    "projects:api-project-list",
    "projects:api-project-detail",
    "cities:city-theme",
    "cities:area-shapes",
    "cities:city-logo",
    # The token in the address is the right
    "cities:invitation-accept",
    # Asks the sign-in under way whose address was proved
    "residents:factor-lost",
    # Only there with the demo
    "residents:demo-home",
    "residents:demo-mail",
}
"""Open to everybody, on purpose."""

ALLAUTH = re.compile(r"^(account|mfa)_")
"""Sign-in and second-factor pages judge for themselves who may use them; residents' tests walk through them."""


def without_a_rule(route: Route) -> list[str]:
    if route.name in PUBLIC or ALLAUTH.match(route.name):
        return []
    return [
        f"{method} /{route.path} ({route.name})" for method in route.methods if route.rule(method) is None
    ]


def test_every_route_has_a_name_of_its_own():
    names = [route.name for route in all_routes()]

    assert "" not in [name.split(":")[-1] for name in names]
    assert len(names) == len(set(names))


def test_every_route_carries_a_rule_or_is_public_on_purpose():
    assert [line for route in all_routes() for line in without_a_rule(route)] == []


def test_whatever_is_open_to_anybody_is_listed():
    opened = {
        route.name
        for route in all_routes()
        for method in route.methods
        if route.rule(method) is anybody and not ALLAUTH.match(route.name)
    }

    assert opened - PUBLIC == set()


def test_the_checker_finds_a_route_without_a_rule():
    planted = Route("x/", "planted", lambda request: None, ())

    assert without_a_rule(planted) == ["GET /x/ (planted)", "POST /x/ (planted)"]


def test_no_route_hides_another():
    """Routes are set under shared beginnings (:mod:`config.routing`), which moves some before others."""
    examples = {
        "uuid": "01900000-0000-7000-8000-000000000001",
        "int": "7",
        "slug": "tilden",
        "str": "x",
        "": "x",
    }

    def filled(route):
        return re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: examples[found[1] or ""], route.path)

    plain = [route for route in all_routes() if not route.path.startswith("^") and "(" not in route.path]
    assert len(plain) > 200
    assert [
        (r.name, resolve(f"/{filled(r)}").view_name)
        for r in plain
        if resolve(f"/{filled(r)}").func is not r.view
    ] == []


def test_every_first_segment_of_the_site_is_a_reserved_slug():
    first = {re.split(r"[/?]", route.path)[0] for route in all_routes()}
    literal = {segment for segment in first if segment and "<" not in segment}

    assert literal - RESERVED_SLUGS == set()


@pytest.mark.parametrize("segment", ["static", "media", "www", "admin"])
def test_what_a_server_in_front_may_serve_is_reserved_too(segment):
    assert segment in RESERVED_SLUGS
