"""Whatever anybody sends to the API, by its own schema and beside it: no 5xx, and nothing done for a stranger.

Cases come from schemathesis: both what the schema allows and what it doesn't. Most of them name rows that are there,
since an unknown id ends at a 404 before anything interesting. Each case is rolled back.
"""

import re
import time
from collections import Counter
from itertools import product
from math import ceil
from random import Random

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from cities.operations.judging import LIMITS
from tests.audiences import World, arguments, make_world
from tests.people import sign_in
from tests.proving import CASES, SECONDS, SHARE, count
from tests.routes import all_routes

pytestmark = [pytest.mark.property, pytest.mark.usefixtures("own_rows")]

ROLES = [
    "anonymous",
    "applicant",
    "reviewer",
    "staff",
    "manager",
    "finance",
    "approver",
    "viewer",
    "officer",
    "auditor",
]
CASES_PER_PASS = count(1, 5)
"""Of each operation, before the next has its turn: when the time is over, all had about as many."""


class TimeIsOverError(Exception):
    pass


class Caller:
    """One person, who sends cases to the application itself and keeps what came of them."""

    def __init__(self, world: World, role: str):
        self.world, self.role = world, role
        self.cookies, self.headers = {}, {}
        self.statuses, self.broken = Counter(), {}
        if world.people[role] is not None:
            token = _get_new_csrf_string()
            session = sign_in(Client(), world.people[role]).cookies["sessionid"].value
            self.cookies = {"sessionid": session, "csrftoken": token}
            self.headers = {"X-CSRFToken": token}

    def send(self, case, checks) -> None:
        if self.cookies:
            case.cookies = {}  # made up ones would hide the session
            if not _is_bearer(
                case
            ):  # of another scheme the session holds (tests/cities/machines/test_bearer)
                case.headers.pop("Authorization", None)
        # So the check knows that the session was given on purpose, and tries the same call without.
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        with transaction.atomic():
            response = case.call(cookies=self.cookies, headers=self.headers)
            try:
                case.validate_response(
                    response,
                    checks=checks,
                    excluded_checks=_allowed_to_fail(case, response),
                    headers=told if self.cookies else None,
                )
            except BaseExceptionGroup as error:  # what was wrong is told for all operations at once
                self.broken.setdefault(case.operation.label, f"{response.status_code}: {error}"[:2000])
            transaction.set_rollback(True)
        self.statuses[response.status_code // 100] += 1


def _is_bearer(case) -> bool:
    scheme, _space, _token = str(case.headers.get("Authorization", "")).partition(" ")
    return scheme.lower() == "bearer"


def _allowed_to_fail(case, response) -> list:
    """The check that a 5xx breaks, where the schema itself names it: the status says so that something fails."""
    from schemathesis.checks import not_a_server_error

    return [not_a_server_error] if str(response.status_code) in _declared(case.operation) else []


def _declared(operation) -> set[str]:
    return {code for code in operation.definition.raw["responses"] if code.startswith("5")}


@pytest.fixture(scope="module")
def schema():
    import schemathesis
    from drf_spectacular.generators import SchemaGenerator

    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = get_wsgi_application()
    return schema


@pytest.fixture(scope="module")
def world(module_rows) -> World:
    """Rows that are there. The application, asked directly, must not close the connection of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield make_world("Theirs")
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def known_parts(world: World) -> dict[str, list[str]]:
    """For each path of the schema, without the names in it: what names rows of our own city there, in order."""
    return {
        unnamed(f"/{route.path}"): [
            str(arguments(route, world.own, world)[name])
            for name in re.findall(r"<(?:\w+:)?(\w+)>", route.path)
        ]
        for route in all_routes()
        if route.is_api
    }


def unnamed(path: str) -> str:
    return re.sub(r"<[^>]+>|{[^}]+}", "{}", path)


def operations_for(schema, role):
    """All operations, in no order; in the suite, so many that the roles together try each."""
    found = [one.ok() for one in schema.get_all_operations()]
    Random(role).shuffle(found)
    return found if SHARE else sorted(found, key=lambda one: one.label)[ROLES.index(role) :: len(ROLES)]


def try_operation(caller, operation, row_names, *, cases, number, ends_at):
    """Send so many cases of one operation, nine of ten about rows that are there."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import ignored_auth

    allowed, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @seed(2026 + number)
    @settings(
        max_examples=cases, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=allowed | wrong, is_known=st.integers(0, 9))
    def send(case, is_known):
        if time.monotonic() > ends_at:
            raise TimeIsOverError
        if is_known and row_names:
            case.path_parameters = dict(zip(re.findall(r"{(\w+)}", operation.path), row_names, strict=True))
        caller.send(case, [not_a_server_error, ignored_auth])

    send()


def is_heard(caller, schema):
    """Whether the API knows who calls: else all of this would be about strangers."""
    case = schema["/api/v1/me/account/"]["GET"].Case()
    return case.call(cookies=caller.cookies).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_no_call_breaks_the_api_or_passes_without_a_right(schema, world, role, record_property, monkeypatch):
    # Wrong tokens are tried by the hundred here, and each is to be refused for what it is.
    monkeypatch.setattr("cities.machines.bearer.MOST_FAILURES", CASES)
    caller, known = Caller(world, role), known_parts(world)
    operations = operations_for(schema, role)
    passes = range(count(1, ceil(CASES / (len(operations) * CASES_PER_PASS))))
    ends_at = time.monotonic() + 3 * SECONDS

    asked, time_over = len(passes) * len(operations) * CASES_PER_PASS, ""
    try:
        for number, operation in product(passes, operations):
            try_operation(
                caller,
                operation,
                known[unnamed(operation.path)],
                cases=CASES_PER_PASS,
                number=number,
                ends_at=ends_at,
            )
    except TimeIsOverError:
        time_over = f"time over at {caller.statuses.total():,} of {asked:,}; "

    assert is_heard(caller, schema) == (role != "anonymous")
    assert caller.statuses.total() > 0
    record_property("count", caller.statuses.total())
    statuses = " ".join(f"{n}xx: {caller.statuses[n]:,}" for n in sorted(caller.statuses))
    record_property("note", time_over + statuses)
    assert not caller.broken, "\n\n".join(f"{label}\n{told}" for label, told in caller.broken.items())


def test_only_the_status_may_say_that_the_site_fails(schema):
    operations = [one.ok() for one in schema.get_all_operations()]

    assert [one.label for one in operations if _declared(one)] == ["GET /api/v1/status/"]


@pytest.mark.parametrize(
    ("limit", "told"),
    [((0, 0), {}), (None, {"GET /api/v1/status/": "500"})],
    ids=["declared", "raised"],
)
def test_a_raised_error_is_noticed_and_a_declared_answer_is_none(schema, world, monkeypatch, limit, told):
    from schemathesis.checks import not_a_server_error

    monkeypatch.setitem(LIMITS, "disk_used_percent", limit)
    caller = Caller(world, "auditor")

    caller.send(schema["/api/v1/status/"]["GET"].Case(), [not_a_server_error])

    assert caller.statuses == {5: 1}
    assert {label: words[:3] for label, words in caller.broken.items()} == told
