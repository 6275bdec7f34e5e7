"""What somebody writes into an address by hand is answered, and never becomes a lookup or an error of the database."""

import base64
import json
import re
from functools import cache
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.audiences import AUDIENCES, SKIPPED, arguments, make_world
from tests.people import sign_in
from tests.routes import all_routes
from tests.test_rights import fill

pytestmark = pytest.mark.usefixtures("own_rows")

CRAFTED = (
    "city_id=&applicant__email__startswith=a&password__regex=.*&status__in=paid&sort=-applicant__password"
    "&order_by=pk;--&_connector=OR+1=1&page=-1&cursor=AAAA&at_least=1e999&at_most=NaN&cycle=0",
    "q=%00%27%22%5C&status=%27&city=%00&page=1e999&cursor=%00&from=%27&until=99999999-99-99&sort=%00"
    "&call=00000000-0000-0000-0000-00000000000g&cycle=%00&at_least=%00",
)


@pytest.fixture(scope="module")
def world(module_rows):
    return make_world("Theirs")


@pytest.mark.parametrize("person", ["manager", "officer", "applicant"])
def test_whatever_stands_in_an_address_is_answered(world, person):
    client = sign_in(Client(raise_request_exception=False), world.people[person])
    asked, broken = 0, []
    for route in all_routes():
        if route.name in SKIPPED or person not in AUDIENCES.get(route.name, lambda _: ())("GET"):
            continue
        path = "/" + fill(route.path, arguments(route, world.own, world))
        for query in CRAFTED:
            asked += 1
            broken += errors_of(client, f"{path}?{query}")

    assert asked > 40
    assert broken == []


INSTANTS = ("2026-01-01T00:00:00+23:00", "0001-01-01T00:00:00+14:00")
VALUES = (*INSTANTS, "\0", "\ud800", 10**30)
NOBODY = "0" * 32
CURSORS = [
    *(
        base64.urlsafe_b64encode(json.dumps([value, NOBODY]).encode()).decode().rstrip("=")
        for value in VALUES
    ),
    *(f"{at}_{NOBODY}" for at in INSTANTS),
]
SORTS = ["", "amount", "title", "payee", "-city"]


@pytest.mark.parametrize("person", ["anonymous", "manager", "officer"])
def test_a_cursor_that_is_well_formed_and_made_by_hand_is_answered(world, person):
    client = Client(raise_request_exception=False)
    if world.people[person]:
        sign_in(client, world.people[person])
    asked, broken = 0, []
    for route in all_routes():
        parameters = paged_lists().get(blank(route.path), set())
        if not parameters or person not in AUDIENCES[route.name]("GET"):
            continue
        path = "/" + fill(route.path, arguments(route, world.own, world))
        for sort in SORTS if "sort" in parameters else [""]:
            for cursor in CURSORS:
                query = urlencode({"sort": sort, "after": cursor})
                asked += 1
                broken += errors_of(client, f"{path}?{query}")

    assert asked >= len(CURSORS)
    assert broken == []


def errors_of(client, address):
    """Ask, and take back what was written; nothing is returned where it was answered."""
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    return [f"{address} → {answer.status_code}"] if answer.status_code >= 500 else []


@cache
def paged_lists():
    """The API's lists that go on by a cursor, and what each can be asked."""
    found = {}
    for path, methods in SchemaGenerator().get_schema(request=None, public=True)["paths"].items():
        names = {one["name"] for one in methods.get("get", {}).get("parameters", [])}
        if "after" in names:
            found[blank(path)] = names
    assert len(found) > 9
    return found


def blank(path):
    """The path without the names of what stands in it, which the schema changes."""
    return re.sub(r"<[^>]+>|{[^}]+}", "_", path.strip("/"))
