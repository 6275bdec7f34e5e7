import threading
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory

from cities.access.clients import client_address, client_block, client_network
from cities.access.models import User
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.scopes import CENTER_ID, city_scope
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


def newest_code() -> str:
    with city_scope(CENTER_ID):
        return open_body(Message.objects.latest("created_at").sealed_body)


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


class AtSignIn:
    """One code to an address, asked for at sign-in."""

    def __init__(self, address):
        self.browser = Client()
        self.browser.post("/accounts/login/", {"email": address})

    def tried(self, code="BBBB-BBBB"):
        return self.browser.post("/accounts/login/code/", {"code": code})


class ForANewAddress(AtSignIn):
    """One code to an address that somebody signed in wants to have."""

    def __init__(self, address):
        self.browser = sign_in(Client(), UserFactory(), second_factor=False)
        self.browser.post("/me/account/email/", {"email": address})

    def tried(self, code="BBBB-BBBB"):
        return self.browser.post("/me/account/email/code/", {"code": code})


WAYS = [AtSignIn, ForANewAddress]
WRONG = "This code is not right"
ONCE_ONLY = "each code can be tried only once"


@pytest.fixture
def two_failures(monkeypatch):
    monkeypatch.setattr(limits, "FAILURES_ANYWHERE", Limit("failures-anywhere", 2, MINUTE))


@pytest.mark.parametrize("ways", [*permutations(WAYS)])
def test_wrong_codes_have_one_budget_for_the_whole_site(two_failures, caplog, ways):
    first, last = (way(f"p{n}@example.org") for n, way in enumerate(ways))

    assert WRONG in first.tried().text
    assert ALARM not in caplog.messages
    assert WRONG in last.tried().text
    assert caplog.messages.count(ALARM) == 1

    for code in (first, last):
        assert ONCE_ONLY in code.tried().text
        assert ONCE_ONLY in code.tried(newest_code()).text
    for way in ways:
        another = way("p3@example.org")
        assert WRONG in another.tried().text
        assert ONCE_ONLY in another.tried(newest_code()).text
    assert caplog.messages.count(ALARM) == 1


@pytest.mark.parametrize("way", WAYS)
def test_whoever_uses_the_budget_up_locks_out_nobody_who_types_the_code_right_at_once(two_failures, way):
    for n in range(2):
        AtSignIn(f"p{n}@example.org").tried()

    assert way("ana@example.org").tried(newest_code()).status_code == 302
    assert User.objects.filter(email="ana@example.org").exists()


def test_once_the_budget_grows_back_a_code_has_its_other_tries_again(two_failures):
    codes = [AtSignIn(f"p{n}@example.org") for n in range(2)]
    assert [WRONG in code.tried().text for code in codes] == [True, True]
    assert ONCE_ONLY in codes[1].tried(newest_code()).text

    time_passes(minutes=1)

    assert codes[1].tried(newest_code()).status_code == 302


def test_tries_of_one_ipv6_block_have_a_limit_of_their_own():
    passed = [
        passes(count_try, request_from(f"2001:db8:0:{n:x}::1"), f"code-{n}", f"p{n}@example.org")
        for n in range(620)
    ]

    assert passed == [True] * 600 + [False] * 20
    count_try(request_from("2001:db8:1::1"), "code", "ana@example.org")
    count_try(request_from("203.0.113.7"), "code-of-ben", "ben@example.org")


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


def test_a_customer_can_not_hop_between_the_networks_of_an_ipv6_block():
    blocks = {client_block(request_from(f"2001:db8:0:{n:x}::1")) for n in range(1, 20)}

    assert blocks == {"2001:db8::/48"}
    assert [client_block(request_from(peer)) for peer in ("203.0.113.7", "::ffff:203.0.113.7", "")] == [
        None
    ] * 3
