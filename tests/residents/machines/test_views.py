"""The person's own page of tokens."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from cities.access.models import Role
from cities.machines.models import ApiToken
from cities.machines.spelling import is_well_formed
from tests.cities.machines.factories import bearer, make_living_token
from tests.factories import UserFactory, make_city, make_member
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LIST, NEW = "/me/account/tokens/", "/me/account/tokens/new/"
TOLD = {"name": "Budget sheet", "scope": "read", "days": "90"}


@pytest.fixture
def city():
    return make_city("baltimore")


@pytest.fixture
def manager(city, client):
    person = make_member(city, Role.MANAGER)
    sign_in(client, person)
    return person


def shown(page):
    (secret,) = set(re.findall(r"lyb_\w{49}", page.content.decode()))
    return secret


def test_a_token_is_shown_once_and_works(client, city, manager):
    assert "In its first hour a token that may change things may also invite people" in client.get(NEW).text

    made = client.post(NEW, {**TOLD, "place": str(city.pk)})

    assert made["Cache-Control"].count("no-store") == 1
    secret = shown(made)
    assert is_well_formed(secret)
    assert Client().get("/api/v1/cities/baltimore/members/", headers=bearer(secret)).status_code == 200
    listed = client.get(LIST).content.decode()
    assert "Budget sheet" in listed
    assert "lyb_" not in listed
    assert secret not in str(dict(client.session))


def test_a_resident_makes_one_for_their_own_things(client):
    sign_in(client, UserFactory(), second_factor=False)
    assert "invite people" not in client.get(NEW).text
    assert "You have no tokens" in client.get(LIST).content.decode()

    secret = shown(client.post(NEW, {**TOLD, "place": "me"}))

    assert Client().get("/api/v1/me/applications/", headers=bearer(secret)).json() == []
    assert ApiToken.objects.get().place is None


def test_a_revoked_token_is_off_the_page_and_opens_nothing(client, city, manager):
    secret = shown(client.post(NEW, {**TOLD, "place": str(city.pk)}))
    path = f"{LIST}{ApiToken.objects.get().pk}/revoke/"

    assert "Budget sheet" in client.get(path).content.decode()
    assert client.post(path)["Location"] == LIST

    assert Client().get("/api/v1/cities/baltimore/members/", headers=bearer(secret)).status_code == 401
    assert "You have no tokens" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"place": "dallas"}, {"scope": "all"}, {"days": "366"}, {"days": "-1"}]
)
def test_what_cannot_be_is_not_made(client, manager, city, wrong):
    make_city("dallas")

    page = client.post(NEW, {**TOLD, "place": str(city.pk), **wrong})

    assert "lyb_" not in page.content.decode()
    assert ApiToken.objects.count() == 0


def test_only_places_where_one_works_are_offered(client, city, manager):
    other = make_city("dallas")

    page = client.get(NEW).content.decode()

    assert str(city.pk) in page
    assert str(other.pk) not in page


def test_a_desk_gives_its_second_step_first(client, city):
    sign_in(client, make_member(city, Role.STAFF), second_factor=False)

    answer = client.post(NEW, {**TOLD, "place": "me"})

    assert answer["Location"].startswith("/accounts/factor/required/")
    assert ApiToken.objects.count() == 0


def test_whoever_has_a_second_step_gives_it_once_more_first(client, manager):
    TOTP.activate(manager, SECRET)
    assert client.get(NEW)["Location"].startswith("/accounts/factor/again/")
    asked = client.post(NEW, {**TOLD, "place": "me"})
    assert ApiToken.objects.count() == 0

    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    made = client.post(asked["Location"], {"code": code})

    assert is_well_formed(shown(made))
    assert ApiToken.objects.get().has_second_factor


def test_another_persons_token_is_not_there(client, manager):
    token, _secret = make_living_token(UserFactory())

    for answer in (client.get(f"{LIST}{token.pk}/revoke/"), client.post(f"{LIST}{token.pk}/revoke/")):
        assert answer.status_code == 404
    token.refresh_from_db()
    assert token.ended_at is None


def test_the_list_asks_as_often_for_three_as_for_one(client, manager):
    make_living_token(manager)
    client.get(LIST)
    with count_statements() as one:
        client.get(LIST)
    make_living_token(manager)
    make_living_token(manager)
    with count_statements() as three:
        client.get(LIST)

    assert len(one) == len(three)


def test_the_account_page_leads_there(client, manager):
    assert f'href="{LIST}"' in client.get("/me/account/").content.decode()
