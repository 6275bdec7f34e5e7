import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cities.access import kept_forms
from cities.access.models import OpenSession, Role
from cities.access.sessions import key_hash
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.factories import UserFactory, make_city, make_member
from tests.people import sign_in

pytestmark = pytest.mark.django_db

INVITE = "/baltimore/staff/setup/team/invite/"
TYPED = {"email": "new@example.org", "roles": ["staff", "viewer"], "language": "en", "name": "A <b>name</b>"}


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def baltimore():
    return make_city("baltimore")


@pytest.fixture
def manager(baltimore):
    return make_member(baltimore, Role.MANAGER, email="manager@example.org")


def enter(client: Client, email: str, after: str = "/accounts/kept/"):
    """Sign in by code, as a person would, and give the second step that a manager needs on these pages too."""
    client.post("/accounts/login/", {"email": email})
    with city_scope(CENTER_ID):
        code = open_body(Message.objects.filter(kind="sign-in-code").latest("created_at").sealed_body)
    response = client.post("/accounts/login/code/", {"code": code, "next": after})
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa"}]
    session.save()
    return response


def lose_session(client: Client) -> None:
    """What happens on the server when a session runs out."""
    OpenSession.objects.filter(key_hash=key_hash(client.cookies["sessionid"].value)).delete()


def send_form(page: str) -> tuple[str, dict[str, list[str]]]:
    """The address and the fields of the form behind "Send it now"."""
    action = re.search(r'action="(/accounts/kept/\w+/send/)"', page)[1]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<textarea name="(\w+)"[^>]*>\n([^<]*)</textarea>', page):
        fields.setdefault(name, []).append(value.replace("&lt;", "<").replace("&gt;", ">"))
    return action, fields


def test_a_form_posted_signed_out_is_shown_and_sent_after_signing_in(client, baltimore, manager):
    response = client.post(INVITE, TYPED)
    assert response["Location"] == "/accounts/login/?next=%2Faccounts%2Fkept%2F"
    assert b"We kept what you typed for one hour" in client.get(response["Location"]).content

    enter(client, manager.email)
    page = client.get("/accounts/kept/").content.decode()
    assert "new@example.org" in page
    assert "A &lt;b&gt;name" in page
    _action, fields = send_form(page)
    assert fields == {
        "email": ["new@example.org"],
        "roles": ["staff", "viewer"],
        "language": ["en"],
        "name": ["A <b>name</b>"],
    }


def test_sending_posts_the_same_form_to_where_it_was_going_once(client, baltimore, manager):
    client.post(INVITE, TYPED)
    enter(client, manager.email)
    action, fields = send_form(client.get("/accounts/kept/").content.decode())

    response = client.post(action, fields)
    assert (response.status_code, response["Location"]) == (307, INVITE)
    response = client.post(response["Location"], fields, follow=True)

    assert b"The invitation is on its way to new@example.org" in response.content
    assert client.post(action, fields).status_code == 404
    assert b"Nothing is waiting here" in client.get("/accounts/kept/").content


def test_what_somebody_typed_is_never_shown_to_another_person_in_the_same_browser(client, baltimore, manager):
    enter(client, manager.email)
    lose_session(client)
    client.post(INVITE, TYPED)

    enter(client, "other@example.org")
    page = client.get("/accounts/kept/").content

    assert b"Nothing is waiting here" in page
    assert b"new@example.org" not in page


def test_the_same_person_sees_it_again(client, baltimore, manager):
    enter(client, manager.email)
    lose_session(client)
    client.post(INVITE, TYPED)

    enter(client, manager.email)

    assert b"new@example.org" in client.get("/accounts/kept/").content


def test_another_person_can_not_send_or_discard_it(client, baltimore, manager):
    enter(client, manager.email)
    lose_session(client)
    client.post(INVITE, TYPED)
    (key,) = client.session["kept_forms"]
    enter(client, "other@example.org")

    assert client.post(f"/accounts/kept/{key}/send/").status_code == 404
    assert client.post(f"/accounts/kept/{key}/discard/").status_code == 404
    assert cache.get(f"kept-form:{key}")


def test_another_browser_sees_nothing(client, baltimore, manager):
    client.post(INVITE, TYPED)
    (key,) = client.session["kept_forms"]

    other = Client()
    enter(other, manager.email)

    assert b"Nothing is waiting here" in other.get("/accounts/kept/").content
    assert other.post(f"/accounts/kept/{key}/send/").status_code == 404


def test_the_next_person_to_sign_in_after_a_stranger_left_sees_nothing(client, baltimore, manager):
    """Nobody had signed in here before: what was posted belongs to the first who does, and to no second."""
    client.post(INVITE, TYPED)
    enter(client, "first@example.org")
    assert b"new@example.org" in client.get("/accounts/kept/").content
    client.post("/accounts/logout/")

    enter(client, "second@example.org")

    assert b"Nothing is waiting here" in client.get("/accounts/kept/").content


def test_it_lies_encrypted_for_one_hour(client, baltimore):
    client.post(INVITE, TYPED)
    (key,) = client.session["kept_forms"]

    sealed = cache.get(f"kept-form:{key}")

    assert "new@example.org" not in str(sealed)
    assert "new@example.org" not in str(dict(client.session))
    assert 3500 < cache._cache.get_client().ttl(cache.make_key(f"kept-form:{key}")) <= 3600


def test_the_csrf_token_is_not_kept(client, baltimore):
    client.post(INVITE, {**TYPED, "csrfmiddlewaretoken": "secret-token"})
    (key,) = client.session["kept_forms"]

    assert "csrfmiddlewaretoken" not in dict(kept_forms._open(key).fields)


def test_files_are_not_kept_and_the_page_says_so(client, baltimore, manager):
    client.post(INVITE, {**TYPED, "photo": SimpleUploadedFile("garden.jpg", b"x")})

    enter(client, manager.email)

    assert (
        b"Files can\xe2\x80\x99t be kept. Please attach them again: garden.jpg"
        in client.get("/accounts/kept/").content
    )


def test_too_much_is_not_kept_and_the_visitor_is_told(client, baltimore):
    response = client.post(INVITE, {**TYPED, "name": "x" * 200_000})

    assert response["Location"] == f"/accounts/login/?next={INVITE}".replace("next=/", "next=%2F").replace(
        "more/staff/setup/team/invite/", "more%2Fstaff%2Fsetup%2Fteam%2Finvite%2F"
    )
    assert "kept_forms" not in client.session
    assert b"too much to keep" in client.get(response["Location"]).content


def test_strangers_can_not_fill_the_memory(baltimore, monkeypatch):
    monkeypatch.setitem(kept_forms.MOST_AN_HOUR, "client", 3)

    kept = [
        bool(browser.post(INVITE, TYPED)["Location"].endswith("kept%2F"))
        for browser in [Client() for _ in range(5)]
    ]

    assert kept == [True] * 3 + [False] * 2


def test_a_browser_keeps_its_newest_five(client, baltimore, manager):
    for n in range(7):
        client.post(INVITE, {**TYPED, "email": f"person{n}@example.org"})

    enter(client, manager.email)

    assert re.findall(
        r"person(\d)@example.org</textarea>", client.get("/accounts/kept/").content.decode()
    ) == ["6", "5", "4", "3", "2"]


def test_valkey_being_away_still_leads_to_the_sign_in_page(client, baltimore, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    assert client.post(INVITE, TYPED)["Location"].startswith("/accounts/login/")


def test_an_empty_form_is_not_kept(client, baltimore):
    client.post(INVITE, {"csrfmiddlewaretoken": "x"})

    assert "kept_forms" not in client.session


def test_looking_at_a_page_keeps_nothing(client, baltimore):
    assert "kept%2F" not in client.get(f"{INVITE}?email=x")["Location"]
    assert "kept_forms" not in client.session


def test_what_the_page_itself_filled_in_is_sent_on_and_not_shown(client, baltimore, manager):
    own = {"v.project_title": "31", "q.helpers._rows": "r77", "next": "/n3xt/", "seen": "s33n"}
    client.post(INVITE, TYPED | own)
    enter(client, manager.email)

    page = client.get("/accounts/kept/").content.decode()
    shown = page[page.index("<dl") : page.index("</dl>")]

    assert "new@example.org" in shown
    assert [value for value in own.values() if value in shown] == []
    assert [value for value in own.values() if f">\n{value}</textarea>" not in page] == []


def test_discarding_forgets_it(client, baltimore, manager):
    client.post(INVITE, TYPED)
    enter(client, manager.email)
    (key,) = client.session["kept_forms"]

    assert b"Thrown away" in client.post(f"/accounts/kept/{key}/discard/", follow=True).content
    assert cache.get(f"kept-form:{key}") is None


def test_codes_and_addresses_typed_at_sign_in_are_not_kept(client):
    client.post("/accounts/factor/app/", {"code": "123456"})

    assert "kept_forms" not in client.session


def test_a_kept_form_with_an_unknown_person_cookie_is_shown_to_nobody(client, baltimore):
    client.cookies["lyb_person"] = "made-up"
    client.post(INVITE, TYPED)
    sign_in(client, UserFactory())

    assert b"Nothing is waiting here" in client.get("/accounts/kept/").content
