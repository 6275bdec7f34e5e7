"""Every route carries a rule or stands in ``PUBLIC``; every first segment is reserved; every route has its door."""

import re

import pytest

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
    "cities:city-theme",
    "cities:area-shapes",
    "cities:city-logo",
    # The token in the address is the right
    "cities:invitation-accept",
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


def test_every_first_segment_of_the_site_is_a_reserved_slug():
    first = {re.split(r"[/?]", route.path)[0] for route in all_routes()}
    literal = {segment for segment in first if segment and "<" not in segment}

    assert literal - RESERVED_SLUGS == set()


@pytest.mark.parametrize("segment", ["static", "media", "www", "admin"])
def test_what_a_server_in_front_may_serve_is_reserved_too(segment):
    assert segment in RESERVED_SLUGS
