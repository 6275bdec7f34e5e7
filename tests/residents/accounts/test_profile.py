import json
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from cities.access.models import User
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.scopes import CENTER_ID, city_scope
from residents.accounts import notices
from residents.accounts.actions import AddressTakenError, UnknownLanguageError, change_email, change_profile
from tests.factories import UserFactory
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

ACCOUNT, EMAIL, CODE = "/me/account/", "/me/account/email/", "/me/account/email/code/"
FILLED = {"name": "Ana Díaz", "phone": "410 555 0101", "language": "es", "may_be_contacted": "on"}


@pytest.fixture
def ana():
    return UserFactory(email="ana@example.org", name="Ana")


@pytest.fixture
def me(client, ana):
    return sign_in(client, ana, second_factor=False)


def codes(kind: str = "email-change-code") -> list[str]:
    with city_scope(CENTER_ID):
        return [open_body(m.sealed_body) for m in Message.objects.filter(kind=kind).order_by("created_at")]


def trail() -> list[tuple]:
    with city_scope(CENTER_ID):
        return [(e.tag, e.actor.email, e.data) for e in Event.objects.order_by("created_at")]


def test_a_person_changes_name_language_and_consents(me, ana):
    response = me.post(ACCOUNT, FILLED)

    assert (response["Location"], response.cookies["django_language"].value) == (ACCOUNT, "es")
    ana.refresh_from_db()
    assert (ana.name, ana.phone, ana.language, ana.may_be_contacted, ana.may_share_story) == (
        "Ana Díaz",
        "410 555 0101",
        "es",
        True,
        False,
    )


def test_the_switch_holds_for_letters_too(me, ana):
    response = me.post("/i18n/setlang/", {"language": "es", "next": ACCOUNT})

    assert response["Location"] == ACCOUNT
    assert (response.cookies["django_language"].value, response.cookies["django_language"]["max-age"]) == (
        "es",
        365 * 24 * 60 * 60,
    )
    ana.refresh_from_db()
    assert ana.language == "es"
    assert trail() == [("person:change", "ana@example.org", {"fields": ["language"]})]


@pytest.mark.parametrize("language", ["fr", "", "es_MX"])
def test_the_switch_takes_no_language_that_letters_are_not_written_in(me, ana, language):
    assert me.post("/i18n/setlang/", {"language": language}).status_code == 302

    ana.refresh_from_db()
    assert ana.language == "en"


def test_the_switch_is_there_for_whoever_is_not_signed_in(client):
    response = client.post("/i18n/setlang/", {"language": "es"})

    assert (response.status_code, response.cookies["django_language"].value) == (302, "es")
    assert client.get("/i18n/setlang/").status_code == 302


@pytest.mark.parametrize("chosen", ["profile", "sign-in"])
def test_the_language_outlives_the_browser(client, ana, chosen):
    if chosen == "profile":
        response = sign_in(client, ana, second_factor=False).post(ACCOUNT, FILLED)
    else:
        client.post("/accounts/login/", {"email": ana.email})
        response = client.post("/accounts/login/code/", {"code": codes("sign-in-code")[-1]})

    assert response.cookies["django_language"]["max-age"] == 365 * 24 * 60 * 60


def test_each_language_is_offered_by_its_own_name(me):
    page = me.get(ACCOUNT, headers={"Accept-Language": "en"}).text

    assert "Español" in page.split("<main")[1]
    assert "Spanish" not in page


def test_no_language_is_taken_that_letters_are_not_written_in(me, ana):
    answer = me.patch("/api/v1/me/account/", {"language": "es_MX"}, content_type="application/json")

    assert (answer.status_code, list(answer.json())) == (400, ["language"])
    with city_scope(CENTER_ID), pytest.raises(UnknownLanguageError, match="languages of this site"):
        change_profile(ana.pk, actor=ana, language="es_MX")
    ana.refresh_from_db()
    assert ana.language == "en"


def test_the_trail_names_the_changed_fields_and_not_the_words(me):
    me.post(ACCOUNT, FILLED)
    me.post(ACCOUNT, FILLED)

    assert trail() == [
        ("person:change", "ana@example.org", {"fields": ["name", "phone", "language", "may_be_contacted"]})
    ]


def test_a_mistake_is_shown_and_what_was_typed_kept(me, ana):
    page = me.post(ACCOUNT, {**FILLED, "name": "x" * 121}).content.decode()

    assert "x" * 121 in page
    assert "usa-error-message" in page
    ana.refresh_from_db()
    assert ana.name == "Ana"


def test_the_address_changes_once_the_new_one_is_proved_and_the_old_one_is_told(me, ana):
    assert me.post(EMAIL, {"email": "New@example.org"})["Location"] == CODE
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"

    response = me.post(CODE, {"code": codes()[0]}, follow=True)

    assert b"From now on you sign in with new@example.org" in response.content
    ana.refresh_from_db()
    assert ana.email == "new@example.org"
    with city_scope(CENTER_ID):
        told = Message.objects.get(kind="email-changed")
        assert (told.address, told.data, told.recipient) == (
            "ana@example.org",
            {"to": "n…@example.org"},
            None,
        )
    assert trail()[0][0] == "person:change-email"


def test_a_wrong_code_changes_nothing_and_three_are_the_end(me, ana):
    me.post(EMAIL, {"email": "new@example.org"})

    for _ in range(3):
        assert b"This code is not right" in me.post(CODE, {"code": "BBBB-BBBB"}).content
    assert b"wrong too often" in me.post(CODE, {"code": codes()[0]}).content
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"


def test_an_old_code_is_over(me, ana, time_machine):
    me.post(EMAIL, {"email": "new@example.org"})
    session = me.session
    session["email_change"] = {
        **session["email_change"],
        "at": time.time() - timedelta(minutes=11).total_seconds(),
    }
    session.save()

    assert me.post(CODE, {"code": codes()[0]})["Location"] == EMAIL


def test_asking_tells_nothing_about_other_accounts(me):
    UserFactory(email="known@example.org")

    def ask(email):
        with count_statements() as statements:
            response = me.post(EMAIL, {"email": email})
        return response.status_code, response["Location"], len(statements)

    assert ask("known@example.org") == ask("other@example.org")
    assert len(codes()) == 2


def test_an_address_of_another_account_is_refused_to_whoever_proved_it(me, ana):
    UserFactory(email="known@example.org")
    me.post(EMAIL, {"email": "known@example.org"})

    assert b"Another account uses this address" in me.post(CODE, {"code": codes()[0]}).content
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"


def test_a_mailbox_can_not_be_flooded_through_this_page_either(me):
    answers = [me.post(EMAIL, {"email": "victim@example.org"}).status_code for _ in range(6)]

    assert answers == [302] * 4 + [200] * 2


def test_whoever_has_a_second_step_gives_it_before_changing_the_address(me, ana):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(ana, secret)

    assert me.get(EMAIL)["Location"].startswith("/accounts/factor/again/")
    answer = me.post(
        "/api/v1/me/account/email/", '{"email": "new@example.org"}', content_type="application/json"
    )
    assert answer.status_code == 403
    me.post(
        "/accounts/factor/again/", {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))}
    )
    assert me.get(EMAIL).status_code == 200


def test_the_code_of_one_person_is_not_taken_from_another_in_the_same_browser(me, ana):
    me.post(EMAIL, {"email": "new@example.org"})
    session = me.session
    session["email_change"] = {**session["email_change"], "for": str(UserFactory().pk)}
    session.save()

    assert me.post(CODE, {"code": codes()[0]})["Location"] == EMAIL


@pytest.mark.parametrize("page", [ACCOUNT, EMAIL, CODE, "/me/inbox/"])
def test_the_pages_are_for_the_signed_in(client, page):
    assert client.get(page)["Location"].startswith("/accounts/login/?next=")


def call(client, method, path, body=None):
    return client.generic(
        method,
        f"/api/v1/me/account/{path}",
        json.dumps(body) if body else "",
        content_type="application/json",
    )


def test_the_api_reads_and_changes_the_account(me, ana):
    assert call(me, "GET", "").json() == {
        "id": str(ana.pk), "email": "ana@example.org", "name": "Ana", "phone": "", "language": "en",
        "may_be_contacted": False, "may_share_story": False,
    }  # fmt: skip

    answer = call(me, "PATCH", "", {"may_share_story": True, "email": "thief@example.org"})

    assert (answer.status_code, answer.json()["may_share_story"], answer.json()["email"]) == (
        200,
        True,
        "ana@example.org",
    )
    ana.refresh_from_db()
    assert (ana.may_share_story, ana.email) == (True, "ana@example.org")


def test_the_api_changes_the_address_by_code(me, ana):
    assert call(me, "POST", "email/", {"email": "new@example.org"}).status_code == 202
    assert call(me, "POST", "email/code/", {"code": "BBBB-BBBB"}).status_code == 422

    answer = call(me, "POST", "email/code/", {"code": codes()[0]})

    assert (answer.status_code, answer.json()["email"]) == (200, "new@example.org")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("PATCH", ""), ("POST", "email/"), ("POST", "email/code/")]
)
def test_the_api_is_for_the_signed_in(method, path):
    assert call(Client(), method, path, {}).status_code == 401


def test_the_account_page_takes_few_statements(me):
    with count_statements() as statements:
        me.get(ACCOUNT)

    assert len(statements) <= 6


def test_a_failure_after_the_last_write_leaves_nothing(ana, monkeypatch):
    def fails(*_args):
        raise RuntimeError

    monkeypatch.setattr(notices, "email_changed", fails)

    with city_scope(CENTER_ID):
        with pytest.raises(RuntimeError):
            change_email(ana.pk, email="new@example.org", actor=ana)
        assert not Event.objects.exists()
    assert User.objects.get(pk=ana.pk).email == "ana@example.org"


def test_changing_to_the_same_address_does_nothing(ana):
    with city_scope(CENTER_ID):
        change_email(ana.pk, email="ANA@example.org", actor=ana)
        change_profile(ana.pk, actor=ana, name="Ana")

        assert not Event.objects.exists()


def test_an_address_that_differs_in_case_only_is_taken(ana):
    UserFactory(email="known@example.org")

    with city_scope(CENTER_ID), pytest.raises(AddressTakenError):
        change_email(ana.pk, email="Known@Example.org", actor=ana)
