"""One key, one deed: over the API, with real transactions, and from two threads at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from cities.access.models import Role
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.cycles.funding.actions import allocate, deallocate
from grants.cycles.funding.queries import unallocated_cents
from grants.ledger.errors import InProgressError
from grants.ledger.models import Entry, MoneyCall
from grants.ledger.once import Call, once
from tests.factories import make_member, make_officer
from tests.grants.programs.factories import fund_city
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER)


@pytest.fixture
def received(city):
    """10,000 cents that no cycle has yet."""
    fund_city(make_officer(), city, 10_000, finance=make_member(city, Role.FINANCE))


@pytest.fixture
def send(cycle, manager, received):
    client = sign_in(Client(), manager)

    def ask(cents, key="k", *, by=client, to="allocate"):
        address = reverse(f"grants:api-money-cycle-{to}", kwargs={"city": "baltimore", "pk": cycle.pk})
        headers = {"Idempotency-Key": key}
        return by.post(address, {"amount_cents": cents}, content_type="application/json", headers=headers)

    return ask


def books(city):
    with city_scope(city):
        kinds = list(Entry.objects.values_list("kind", flat=True))
        return kinds.count("allocation"), unallocated_cents()


def calls(city):
    with city_scope(city):
        return list(MoneyCall.objects.order_by("created_at").values_list("key", "deed", "status"))


def test_the_same_key_and_body_are_answered_the_same_and_done_once(city, send):
    first, again = send(1_000), send(1_000)

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert books(city) == (1, 9_000)
    assert calls(city) == [("k", "cycle:allocate", 200)]


def test_the_same_key_with_another_body_person_or_deed_is_refused(city, send):
    send(1_000)
    colleague = sign_in(Client(), make_member(city, Role.MANAGER))

    answers = [send(2_000), send(1_000, by=colleague), send(1_000, to="deallocate")]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert "used before, for something else" in answers[0].json()["detail"]
    assert books(city) == (1, 9_000)


@pytest.mark.parametrize("key", ["", "x" * 81])
def test_a_call_without_a_fitting_key_is_refused(city, send, key):
    assert send(1_000, key).status_code == 422
    assert (books(city), calls(city)) == ((0, 10_000), [])


def test_a_refusal_is_remembered_although_its_request_was_rolled_back(city, cycle, manager, send):
    refused = send(10_001)
    assert (refused.status_code, refused.json()["field"]) == (422, "amount_cents")
    assert calls(city) == [("k", "cycle:allocate", 422)]
    fund_city(make_officer(), city, 5_000, finance=make_member(city, Role.FINANCE), reference="more")

    again = send(10_001)

    assert (again.status_code, again.json()) == (422, refused.json())
    assert send(10_001, "new").status_code == 201
    assert books(city) == (1, 4_999)


def test_a_refusal_on_a_page_is_remembered_too_and_the_page_has_a_new_key(city, cycle, manager, received):
    client = sign_in(Client(), manager)
    address = reverse("grants:money-cycle-allocate", kwargs={"city": "baltimore", "pk": cycle.pk})

    answer = client.post(address, {"key": "page", "amount_cents": "100.01"})

    assert answer.status_code == 422
    assert calls(city) == [("page", "cycle:allocate", 422)]
    assert b'value="page"' not in answer.content


def test_what_was_refused_by_its_shape_is_not_remembered(city, send):
    assert send(-1).status_code == 400
    assert calls(city) == []
    assert send(1_000).status_code == 201


def test_another_city_may_use_the_same_key(city, dallas, manager, send):
    send(1_000)

    with city_scope(dallas):
        assert once(Call("k", "x", manager, {}), lambda: {"mine": True}) == {"mine": True}


@pytest.mark.race
def test_while_a_call_is_under_way_the_same_key_is_told_so_at_once(city, send, manager):
    inside, go_on = Event(), Event()

    def slow():
        try:
            with city_scope(city):

                def deed():
                    inside.set()
                    assert go_on.wait(20)
                    return {}

                return once(Call("k", "slow", manager, {}), deed)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow)
        assert inside.wait(20)
        answer = send(1_000)
        go_on.set()
        first.result(20)

    assert (answer.status_code, "working on this already" in answer.json()["detail"]) == (409, True)
    assert books(city) == (0, 10_000)


@pytest.mark.race
@pytest.mark.parametrize("wait", [True, False], ids=["a page", "the API"])
def test_one_key_sent_twice_at_once_makes_one_entry(city, cycle, manager, received, wait):
    barrier = Barrier(2)

    def ask(_number):
        try:
            barrier.wait(20)
            with city_scope(city):
                deed = lambda: {"id": str(allocate(cycle.pk, amount_cents=1_000, actor=manager).pk)}  # noqa: E731
                return once(Call("k", "cycle:allocate", manager, {}), deed, wait=wait)
        except InProgressError:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, range(2)))

    done = [answer for answer in answers if answer]
    assert len(done) == 2 if wait else len(done) >= 1
    assert len({answer["id"] for answer in done}) == 1
    assert books(city) == (1, 9_000)


@pytest.mark.race
def test_two_who_allocate_the_last_money_at_once_never_allocate_more(city, cycle, manager, received):
    barrier = Barrier(2)

    def ask(_number):
        try:
            barrier.wait(20)
            with city_scope(city):
                allocate(cycle.pk, amount_cents=6_000, actor=manager)
        except RuleError as refusal:
            return str(refusal)
        else:
            return ""
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(ask, range(2)))

    assert answers == ["", "$40.00 is received and not allocated yet."]
    assert books(city) == (1, 4_000)
    with city_scope(city):
        deallocate(cycle.pk, amount_cents=6_000, actor=manager)
    assert connection.in_atomic_block is False
