"""What somebody writes into an address by hand is answered, and never becomes a lookup or an error of the database."""

import pytest
from django.db import transaction
from django.test import Client

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
            with transaction.atomic():
                answer = client.get(f"{path}?{query}")
                transaction.set_rollback(True)
            asked += 1
            if answer.status_code >= 500:
                broken.append(f"{path}?{query} → {answer.status_code}")

    assert asked > 40
    assert broken == []
