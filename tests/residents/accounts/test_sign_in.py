import re
import threading
import time
from datetime import timedelta
from statistics import median

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from cities.access.models import User
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.outbox.tasks import send
from cities.tenancy.scopes import CENTER_ID, city_scope
from residents.accounts.limits import CODES_PER_MAILBOX_A_DAY, consume
from tests.factories import UserFactory
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

LOGIN, CODE = "/accounts/login/", "/accounts/login/code/"


def ask(client: Client, email: str = "ana@example.org", **extra):
    return client.post(LOGIN, {"email": email}, **extra)


def newest_code() -> str:
    with city_scope(CENTER_ID):
        return open_body(Message.objects.latest("created_at").sealed_body)


def queued() -> list[Message]:
    with city_scope(CENTER_ID):
        return list(Message.objects.order_by("created_at"))


def test_a_first_code_makes_the_account_and_only_once_it_is_proved(client):
    response = ask(client, "Ana@Example.org ")
    assert (response.status_code, response["Location"]) == (302, CODE)
    assert not User.objects.exists()

    response = client.post(CODE, {"code": newest_code()})

    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert [(user.email, user.has_usable_password()) for user in User.objects.all()] == [
        ("ana@example.org", False)
    ]
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_a_known_person_signs_in_with_a_code_typed_small_and_without_its_hyphen(client):
    person = UserFactory(email="ana@example.org")
    ask(client)

    client.post(CODE, {"code": f" {newest_code().replace('-', '').lower()} "})

    assert client.session["_auth_user_id"] == str(person.pk)
    assert User.objects.count() == 1


def test_the_account_speaks_the_language_of_the_page(client):
    ask(client, headers={"accept-language": "es"})
    client.post(CODE, {"code": newest_code()}, headers={"accept-language": "es"})

    assert User.objects.get().language == "es"
    assert queued()[0].language == "es"


def test_the_code_is_allauths_long_default():
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", code_for(Client()))


def code_for(client: Client, email: str = "ana@example.org") -> str:
    assert ask(client, email).status_code == 302
    return newest_code()


def test_a_wrong_code_is_refused_three_times_then_a_new_one_is_needed(client):
    code = code_for(client)

    for _ in range(2):
        response = client.post(CODE, {"code": "BBBB-BBBB"})
        assert b"This code is not right" in response.content
    response = client.post(CODE, {"code": "BBBB-BBBB"})
    assert response["Location"] == LOGIN
    response = client.post(CODE, {"code": code})

    assert response["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_code_works_for_ten_minutes(client, time_machine):
    began = timezone.now()
    time_machine.move_to(began, tick=False)
    code = code_for(client)
    message = queued()[0]
    assert message.expires_at == began + timedelta(seconds=600)

    time_machine.move_to(began + timedelta(seconds=601), tick=False)
    response = client.post(CODE, {"code": code})

    assert response["Location"] == LOGIN
    assert not User.objects.exists()


def test_a_code_works_only_in_the_browser_that_asked_for_it(client):
    code = code_for(client)

    response = Client().post(CODE, {"code": code})

    assert response["Location"] == LOGIN
    assert not User.objects.exists()


def test_a_new_code_replaces_the_old_one(client):
    old, new = code_for(client), code_for(client)

    client.post(CODE, {"code": old})
    assert "_auth_user_id" not in client.session
    client.post(CODE, {"code": new})
    assert "_auth_user_id" in client.session


def test_the_code_lies_readable_nowhere_in_the_database(client):
    code = code_for(client)

    with city_scope(CENTER_ID), connection.cursor() as cursor:
        cursor.execute("SELECT sealed_body || data::text || key FROM cities_message")
        message = cursor.fetchone()[0]
    assert code not in message
    assert code not in str(dict(client.session))


def test_a_sent_codes_text_is_erased_and_the_mail_shows_it(client):
    code = code_for(client)
    (message,) = queued()

    send(str(message.city_id), str(message.pk), 0)

    assert code in mail.outbox[0].body
    assert "minutes" in mail.outbox[0].body
    assert queued()[0].sealed_body == ""


def test_no_link_in_the_mail_signs_anybody_in(client):
    code_for(client)
    (message,) = queued()

    send(str(message.city_id), str(message.pk), 0)

    assert "http" not in mail.outbox[0].body
    assert "href" not in mail.outbox[0].alternatives[0][0]


def test_the_session_is_a_new_one_after_signing_in(client):
    code = code_for(client)
    before, token = client.session.session_key, client.cookies.get("csrftoken")

    client.post(CODE, {"code": code})

    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert client.cookies["csrftoken"] != token


def test_signing_in_leads_back_to_where_one_was_going(client):
    response = client.post(LOGIN, {"email": "ana@example.org", "next": "/baltimore/apply/"})
    assert response["Location"] == f"{CODE}?next=%2Fbaltimore%2Fapply%2F"

    response = client.post(CODE, {"code": newest_code(), "next": "/baltimore/apply/"})

    assert response["Location"] == "/baltimore/apply/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, evil):
    code = code_for(client)

    response = client.post(CODE, {"code": code, "next": evil})

    assert response["Location"] == "/me/"


def test_a_closed_account_is_told_so_only_after_the_code_is_proved(client):
    UserFactory(email="ana@example.org", is_active=False)
    code = code_for(client)

    response = client.post(CODE, {"code": code}, follow=True)

    assert b"This account was closed" in response.content
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("typed", ["", "ana", "ana@", "ana@example", "ana@example.org" * 30])
def test_a_mistyped_address_is_explained_and_kept(client, typed):
    response = ask(client, typed)

    assert response.status_code == 200
    assert b"e-mail address" in response.content
    assert f'value="{typed}"'.encode() in response.content or not typed
    assert queued() == []


def test_a_flooded_mailbox_gets_no_more_codes(client):
    statuses = [ask(Client()).status_code for _ in range(6)]

    assert statuses == [302] * 4 + [200] * 2
    assert len(queued()) == 4
    assert b"We sent several codes" in ask(client).content


def test_a_mailbox_that_had_its_day_says_so_and_leads_to_the_code_that_still_waits(client):
    ask(client)
    for _ in range(CODES_PER_MAILBOX_A_DAY.uses - 1):
        consume((CODES_PER_MAILBOX_A_DAY, ("ana@example.org",)))

    page = client.post(LOGIN, {"email": "ana@example.org", "next": "/me/inbox/"}).text

    assert "We sent many codes to this address today. Please use the newest one, or wait an hour." in page
    assert f'href="{CODE}?next=%2Fme%2Finbox%2F"' in page
    client.post(CODE, {"code": newest_code()})
    assert "_auth_user_id" in client.session


def test_without_a_code_that_waits_nothing_leads_to_its_page(client):
    assert f'href="{CODE}' not in client.get(LOGIN).text


def test_the_forwarded_header_does_not_dodge_a_limit():
    for n in range(6):
        ask(Client(), REMOTE_ADDR="203.0.113.7", headers={"x-forwarded-for": f"198.51.100.{n}"})

    assert len(queued()) == 4


def test_a_flood_of_one_address_does_not_lock_out_its_owner():
    for _ in range(20):
        ask(Client(), REMOTE_ADDR="203.0.113.7")
    owner = Client(REMOTE_ADDR="198.51.100.1")

    owner.post(CODE, {"code": code_for(owner)})

    assert "_auth_user_id" in owner.session


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_parallel_tries_three_are_compared(client):
    code = code_for(client)
    cookie = client.cookies["sessionid"].value
    answers, start = [], threading.Barrier(20)

    def tries():
        browser = Client(REMOTE_ADDR="203.0.113.5")
        browser.cookies["sessionid"] = cookie
        start.wait()
        for _ in range(5):
            answers.append(browser.post(CODE, {"code": "BBBB-BBBB"}).content)
        connection.close()

    threads = [threading.Thread(target=tries) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 100
    assert 1 <= len([a for a in answers if b"This code is not right" in a]) <= 3
    browser = Client(REMOTE_ADDR="198.51.100.1")
    browser.cookies["sessionid"] = cookie
    browser.post(CODE, {"code": code})
    assert "_auth_user_id" not in browser.session


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_account():
    browsers = [Client(REMOTE_ADDR=f"203.0.113.{n}") for n in range(2)]
    codes = [code_for(browser) for browser in browsers]
    start = threading.Barrier(2)

    def prove(browser, code):
        start.wait()
        browser.post(CODE, {"code": code})
        connection.close()

    threads = [threading.Thread(target=prove, args=pair) for pair in zip(browsers, codes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.count() == 1
    assert [b.session["_auth_user_id"] for b in browsers] == [str(User.objects.get().pk)] * 2


def test_signing_out_ends_the_session_and_asks_first_when_it_was_a_link(client):
    client.post(CODE, {"code": code_for(client)})

    assert b"Do you want to sign out?" in client.get("/accounts/logout/").content
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("page", [LOGIN, CODE, "/accounts/logout/"])
def test_posting_needs_a_csrf_token(page):
    assert Client(enforce_csrf_checks=True).post(page, {"email": "a@example.org"}).status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        "signup/",
        "password/reset/",
        "password/change/",
        "password/set/",
        "email/",
        "confirm-email/",
        "inactive/",
        "login/code/request/",
    ],
)
def test_nothing_else_of_the_library_is_mounted(client, page):
    assert client.get(f"/accounts/{page}").status_code == 404


def test_a_signed_in_person_is_sent_on(client):
    client.post(CODE, {"code": code_for(client)})

    assert client.get(LOGIN)["Location"] == "/me/"
    assert client.get(f"{LOGIN}?next=/baltimore/")["Location"] == "/baltimore/"
    assert client.get(CODE)["Location"] == "/me/"


TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"')


def visit(email: str, client_number: int) -> list[tuple]:
    """Go through the whole of the sign-in up to, but not with, the right code; note everything seen."""
    browser = Client(REMOTE_ADDR=f"10.{client_number // 250}.{client_number % 250}.1")
    seen = []
    for request in (
        lambda: browser.get(LOGIN),
        lambda: browser.post(LOGIN, {"email": email}),
        lambda: browser.get(CODE),
        lambda: browser.post(CODE, {"code": ""}),
        lambda: browser.post(CODE, {"code": "BBBB-BBBB"}),
    ):
        with count_statements() as statements:
            response = request()
        body = TOKENS.sub(b"", response.content).replace(email.encode(), b"ADDRESS")
        headers = sorted(
            (name, value)
            for name, value in response.items()
            if name not in {"Content-Length", "Expires", "Last-Modified", "Content-Security-Policy"}
        )
        seen.append((response.status_code, body, headers, sorted(response.cookies), len(statements)))
    return seen


def test_known_and_unknown_addresses_differ_in_nothing():
    """Two hundred requests: bytes, statuses, headers, cookies, statements, and what is queued."""
    for n in range(20):
        UserFactory(email=f"known{n:03}@example.org")

    visits, seconds = {}, {"known": [], "other": []}
    for n in range(20):
        for number, who in ((2 * n, "known"), (2 * n + 1, "other")):
            began = time.perf_counter()
            visits[who, n] = visit(f"{who}{n:03}@example.org", number)
            seconds[who].append(time.perf_counter() - began)

    first = visits["known", 0]
    assert sum(len(seen) for seen in visits.values()) == 200
    for who, seen in visits.items():
        assert seen == first, who
    with city_scope(CENTER_ID):
        rows = Message.objects.values_list("kind", "priority", "language", "data", "recipient", "attempts")
        assert len(rows) == 40
        assert len({str(row) for row in rows}) == 1
        assert {len(m.sealed_body) for m in Message.objects.all()} == {
            len(Message.objects.first().sealed_body)
        }
    assert User.objects.count() == 20
    assert 0.67 < median(seconds["known"]) / median(seconds["other"]) < 1.5


def test_a_person_gets_pages_in_their_language_unless_the_browser_chose_one(client):
    UserFactory(email="ana@example.org", language="es")

    response = client.post(CODE, {"code": code_for(client)})
    assert response.cookies["django_language"].value == "es"
    other = Client(REMOTE_ADDR="203.0.113.9")
    other.cookies["django_language"] = "en"
    response = other.post(CODE, {"code": code_for(other)})
    assert "django_language" not in response.cookies


def test_no_statement_before_the_proof_looks_for_a_person(client):
    UserFactory(email="ana@example.org")

    with count_statements() as statements:
        visit("ana@example.org", 1)

    # A session is read with whoever has signed in in it; nobody is looked for by the address that was typed.
    sessions = [s for s in statements if 'FROM "cities_opensession"' in s]
    assert [s for s in statements if "cities_user" in s and s not in sessions] == []
    assert [s for s in sessions if "ana@example.org" in s] == []
