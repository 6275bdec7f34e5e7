"""A person sees where they are signed in, and ends it."""

import re

import pytest
from django.test import Client

from cities.access.models import OpenSession
from cities.audit.models import Event
from cities.tenancy.scopes import CENTER_ID, city_scope
from residents.accounts.sessions import SessionGoneError, end_session
from tests.factories import UserFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db

ACCOUNT, API = "/me/account/", "/api/v1/me/sessions/"
OTHERS = "/me/account/sessions/end-others/"


@pytest.fixture
def ana():
    return UserFactory(email="ana@example.org", name="Ana")


@pytest.fixture
def phone(ana):
    client = sign_in(Client(), ana, second_factor=False)
    session = client.session
    session["device"] = "Safari, iPhone"
    session.save()
    return client


@pytest.fixture
def laptop(ana):
    client = sign_in(Client(), ana, second_factor=False)
    session = client.session
    session["device"] = "Firefox, Linux"
    session.save()
    return client


def signed_in(client: Client) -> bool:
    return client.get(API).status_code == 200


def test_the_account_page_lists_the_sessions_and_marks_this_one(phone, laptop):
    page = laptop.get(ACCOUNT).text.split("<main")[1]

    assert page.index("Firefox, Linux") < page.index("This device") < page.index("Safari, iPhone")
    assert page.count("/end/") == 1


def test_ending_one_signs_that_device_out_at_once_and_no_other(phone, laptop):
    path = re.search(r"/me/account/sessions/[\w-]+/end/", laptop.get(ACCOUNT).text)[0]

    assert laptop.post(path)["Location"] == ACCOUNT

    assert (signed_in(phone), signed_in(laptop)) == (False, True)
    with city_scope(CENTER_ID):
        assert [(e.tag, e.data) for e in Event.objects.all()] == [("person:end-sessions", {"count": 1})]


def test_ending_all_others_keeps_the_one_that_asked(phone, laptop):
    laptop.post(OTHERS)

    assert (signed_in(phone), signed_in(laptop)) == (False, True)


def test_nobody_ends_the_session_of_somebody_else(ana, phone):
    eve = UserFactory(email="eve@example.org")
    theirs = OpenSession.objects.get(person=ana)

    with city_scope(CENTER_ID), pytest.raises(SessionGoneError):
        end_session(theirs.pk, actor=eve)
    sign_in(other := Client(), eve, second_factor=False)
    assert other.post(f"/me/account/sessions/{theirs.pk}/end/").status_code == 302
    assert other.delete(f"{API}{theirs.pk}/").status_code == 409

    assert signed_in(phone)


def test_the_api_lists_and_ends_them_too(ana, phone, laptop):
    rows = laptop.get(API).json()
    assert [(row["device"], row["is_this"]) for row in rows] == [
        ("Firefox, Linux", True),
        ("Safari, iPhone", False),
    ]

    assert laptop.delete(f"{API}{rows[1]['id']}/").status_code == 204
    assert not signed_in(phone)
    sign_in(phone, ana, second_factor=False)
    assert laptop.delete(API).status_code == 204

    assert (signed_in(phone), signed_in(laptop)) == (False, True)
