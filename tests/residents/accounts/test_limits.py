import threading
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory

from cities.access.clients import client_address, client_network
from residents.accounts import limits
from residents.accounts.limits import (
    MINUTE,
    Limit,
    TooManyError,
    consume,
    count_code_request,
    count_try,
    is_used_up,
)
from residents.accounts.models import Allowance
from tests.factories import UserFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db

THREE = Limit("test", 3, 10 * MINUTE)
ALARM = "sign_in.failed_code_budget_used_up"


def time_passes(**by: int) -> None:
    from django.db.models import F

    Allowance.objects.update(used_until=F("used_until") - timedelta(**by))


def passes(count, *arguments) -> bool:
    try:
        count(*arguments)
    except TooManyError:
        return False
    return True


def request_from(peer: str, **headers: str):
    return RequestFactory().post("/", REMOTE_ADDR=peer, headers=headers)


def test_a_limit_allows_its_uses_and_no_more():
    assert [consume((THREE, ("ana",))) for _ in range(3)] == [[], [], []]

    assert consume((THREE, ("ana",))) == [THREE]
    assert consume((THREE, ("ben",))) == []


def test_a_limit_grows_back_evenly():
    for _ in range(4):
        consume((THREE, ("ana",)))

    time_passes(seconds=200)

    assert consume((THREE, ("ana",))) == []
    assert consume((THREE, ("ana",))) == [THREE]


def test_a_refused_use_is_not_counted():
    for _ in range(50):
        consume((THREE, ("ana",)))

    time_passes(minutes=10)

    assert [consume((THREE, ("ana",))) for _ in range(3)] == [[], [], []]


def test_looking_at_a_limit_does_not_use_it():
    for _ in range(2):
        consume((THREE, ("ana",)))

    assert [is_used_up(THREE, "ana") for _ in range(3)] == [False] * 3
    consume((THREE, ("ana",)))
    assert is_used_up(THREE, "ana")


def test_the_table_names_nobody():
    count_code_request(request_from("203.0.113.7"), "ana@example.org")

    with connection.cursor() as cursor:
        cursor.execute("SELECT residents_allowance::text FROM residents_allowance")
        rows = "".join(row[0] for row in cursor.fetchall())
    assert "ana" not in rows
    assert "203.0.113" not in rows


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_parallel_uses_only_the_limit_passes():
    passed, start = [], threading.Barrier(100)

    def use():
        start.wait()
        if not consume((THREE, ("ana",))):
            passed.append(1)
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_limits_named_in_another_order_do_not_deadlock():
    other = Limit("other", 1000, MINUTE)
    errors = []

    def use(pair):
        try:
            for _ in range(50):
                consume(*pair)
        except DatabaseError as error:
            errors.append(error)
        connection.close()

    one, two = (THREE, ("a",)), (other, ("b",))
    threads = [threading.Thread(target=use, args=[pair]) for pair in [(one, two), (two, one)] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_a_use_survives_the_rollback_that_follows():
    consume((THREE, ("ana",)))
    with pytest.raises(RuntimeError), transaction.atomic():
        raise RuntimeError

    assert Allowance.objects.count() == 1


def test_one_stranger_cant_use_up_what_a_mailboxs_owner_needs():
    passed = [passes(count_code_request, request_from("203.0.113.7"), "ana@example.org") for _ in range(20)]
    assert passed.count(True) == 4

    count_code_request(request_from("198.51.100.1"), "ana@example.org")


def test_a_mailbox_gets_eight_codes_an_hour_from_wherever():
    passed = [
        passes(count_code_request, request_from(f"203.0.113.{n}"), "ana@example.org") for n in range(1, 30)
    ]

    assert passed == [True] * 8 + [False] * 21


def test_a_client_gets_sixty_codes_an_hour_for_whomever():
    passed = [passes(count_code_request, request_from("203.0.113.7"), f"p{n}@example.org") for n in range(80)]

    assert passed == [True] * 60 + [False] * 20


def test_a_code_is_tried_three_times_also_from_many_clients():
    for n in range(3):
        count_try(request_from(f"203.0.113.{n}"), "code-1", "ana@example.org")

    with pytest.raises(TooManyError):
        count_try(request_from("203.0.113.9"), "code-1", "ana@example.org")
    count_try(request_from("203.0.113.9"), "code-2", "ana@example.org")


def test_a_mailboxs_codes_are_tried_fifteen_times_an_hour():
    for n in range(15):
        count_try(request_from(f"203.0.113.{n}"), f"code-{n}", "ana@example.org")

    with pytest.raises(TooManyError):
        count_try(request_from("203.0.113.99"), "code-99", "ana@example.org")


def wrong_code_at_sign_in(address):
    browser = Client()
    browser.post("/accounts/login/", {"email": address})
    return browser.post("/accounts/login/code/", {"code": "BBBB-BBBB"}).text


def wrong_code_for_a_new_address(address):
    browser = sign_in(Client(), UserFactory(), second_factor=False)
    browser.post("/me/account/email/", {"email": address})
    return browser.post("/me/account/email/code/", {"code": "BBBB-BBBB"}).text


@pytest.mark.parametrize("ways", [*permutations([wrong_code_at_sign_in, wrong_code_for_a_new_address])])
def test_wrong_codes_have_one_budget_for_the_whole_site(monkeypatch, caplog, ways):
    monkeypatch.setattr(limits, "FAILURES_ANYWHERE", Limit("failures-anywhere", 2, MINUTE))
    first, last = ways

    assert "This code is not right" in first("p1@example.org")
    assert ALARM not in caplog.messages
    assert "This code is not right" in last("p2@example.org")
    assert caplog.messages.count(ALARM) == 1

    for way in ways:
        assert "Many wrong codes are coming in right now" in way("p3@example.org")
    assert caplog.messages.count(ALARM) == 1


def test_without_proxies_the_header_is_ignored(settings):
    settings.TRUSTED_PROXY_COUNT = 0

    assert client_address(request_from("203.0.113.7", x_forwarded_for="1.2.3.4")) == "203.0.113.7"


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("198.51.100.9", "198.51.100.9"),
        ("1.2.3.4, 198.51.100.9", "198.51.100.9"),
        ("1.2.3.4,5.6.7.8,198.51.100.9:5123", "198.51.100.9"),
        ("", "10.0.0.1"),
        ("nonsense", "10.0.0.1"),
        ("[2001:db8::9]:443", "2001:db8::9"),
    ],
)
def test_behind_one_proxy_what_it_wrote_counts(settings, header, address):
    settings.TRUSTED_PROXY_COUNT = 1

    assert client_address(request_from("10.0.0.1", x_forwarded_for=header)) == address


def test_behind_two_proxies_a_chain_of_one_is_not_believed(settings):
    settings.TRUSTED_PROXY_COUNT = 2

    assert client_address(request_from("10.0.0.1", x_forwarded_for="1.2.3.4")) == "10.0.0.1"
    assert client_address(request_from("10.0.0.1", x_forwarded_for="6.6.6.6, 1.2.3.4, 10.0.0.2")) == "1.2.3.4"


def test_a_household_can_not_hop_between_its_ipv6_addresses():
    networks = {client_network(request_from(f"2001:db8:0:7::{n:x}")) for n in range(1, 20)}

    assert networks == {"2001:db8:0:7::/64"}
    assert client_network(request_from("::ffff:203.0.113.7")) == "203.0.113.7"
