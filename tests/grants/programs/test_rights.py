"""Every route of the Center × every person: officers write, auditors read, everybody else is kept out."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cities.access.actions import invite_member
from cities.access.models import Role
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.factories import UserFactory, make_member, make_officer
from tests.grants.programs.center import make_cohort
from tests.people import sign_in

pytestmark = pytest.mark.django_db

READ, WRITE = {"officer", "auditor"}, {"officer"}

PAGES = {
    "center-overview": {"GET": READ},
    "center-city-detail": {"GET": READ},
    "center-cohort-list": {"GET": READ},
    "center-cohort-detail": {"GET": READ},
    "center-people": {"GET": READ},
    "center-cohort-create": {"GET": WRITE, "POST": WRITE},
    "center-cohort-edit": {"GET": WRITE, "POST": WRITE},
    "center-cohort-add-city": {"POST": WRITE},
    "center-cohort-remove-city": {"GET": WRITE, "POST": WRITE},
    "center-city-create": {"GET": WRITE, "POST": WRITE},
    "center-city-edit": {"GET": WRITE, "POST": WRITE},
    "center-member-invite": {"GET": WRITE, "POST": WRITE},
    "center-member-edit": {"GET": WRITE, "POST": WRITE},
    "center-member-remove": {"GET": WRITE, "POST": WRITE},
    "center-invitation-withdraw": {"GET": WRITE, "POST": WRITE},
    "center-person-invite": {"GET": WRITE, "POST": WRITE},
    "center-person-edit": {"GET": WRITE, "POST": WRITE},
    "center-person-remove": {"GET": WRITE, "POST": WRITE},
    "center-person-invitation-withdraw": {"GET": WRITE, "POST": WRITE},
    "api-center-overview": {"GET": READ},
    "api-center-city-list": {"GET": READ, "POST": WRITE},
    "api-center-city-detail": {"GET": READ, "PATCH": WRITE},
    "api-center-cohort-list": {"GET": READ, "POST": WRITE},
    "api-center-cohort-detail": {"GET": READ, "PATCH": WRITE},
    "api-center-cohort-cities": {"POST": WRITE},
    "api-center-cohort-city": {"DELETE": WRITE},
    "api-center-member-list": {"GET": READ},
    "api-center-member-detail": {"PATCH": WRITE, "DELETE": WRITE},
    "api-center-invitation-list": {"GET": READ, "POST": WRITE},
    "api-center-invitation-detail": {"DELETE": WRITE},
    "api-center-person-list": {"GET": READ},
    "api-center-person-detail": {"PATCH": WRITE, "DELETE": WRITE},
    "api-center-person-invitation-list": {"GET": READ, "POST": WRITE},
    "api-center-person-invitation-detail": {"DELETE": WRITE},
}
EVERY_METHOD = ("GET", "POST", "PATCH", "DELETE")


@pytest.fixture
def world(officer, auditor, baltimore, manager, resident):
    """Something behind every address."""
    cohort = make_cohort(officer, "2024–26", baltimore)
    colleague = make_officer(Role.AUDITOR)
    staff = make_member(baltimore, Role.STAFF)
    invitations = {}
    for place, role in ((baltimore.pk, Role.VIEWER), (CENTER_ID, Role.AUDITOR)):
        with city_scope(place):
            (invitations[place],) = invite_member(email="new@example.org", roles=[role], actor=officer)

    def address(name):
        arguments = {
            "center-cohort-detail": {"pk": cohort.pk},
            "center-cohort-edit": {"pk": cohort.pk},
            "center-cohort-add-city": {"pk": cohort.pk},
            "center-cohort-cities": {"pk": cohort.pk},
            "center-cohort-remove-city": {"pk": cohort.pk, "slug": "baltimore"},
            "center-cohort-city": {"pk": cohort.pk, "slug": "baltimore"},
            "center-city-detail": {"slug": "baltimore"},
            "center-city-edit": {"slug": "baltimore"},
            "center-member-invite": {"slug": "baltimore"},
            "center-member-list": {"slug": "baltimore"},
            "center-invitation-list": {"slug": "baltimore"},
            "center-member-edit": {"slug": "baltimore", "pk": staff.pk},
            "center-member-remove": {"slug": "baltimore", "pk": staff.pk},
            "center-member-detail": {"slug": "baltimore", "pk": staff.pk},
            "center-invitation-withdraw": {"slug": "baltimore", "pk": invitations[baltimore.pk].pk},
            "center-invitation-detail": {"slug": "baltimore", "pk": invitations[baltimore.pk].pk},
            "center-person-edit": {"pk": colleague.pk},
            "center-person-remove": {"pk": colleague.pk},
            "center-person-detail": {"pk": colleague.pk},
            "center-person-invitation-withdraw": {"pk": invitations[CENTER_ID].pk},
            "center-person-invitation-detail": {"pk": invitations[CENTER_ID].pk},
        }
        return reverse(f"grants:{name}", kwargs=arguments.get(name.removeprefix("api-"), {}))

    people = {
        "officer": officer,
        "auditor": auditor,
        "manager": manager,
        "resident": resident,
        "removed officer": UserFactory(),
        "anonymous": None,
    }
    return people, address


def ask(client, name, method, address):
    """Ask, and take back what came of it, so that one set of rows serves every request."""
    with transaction.atomic():
        if name.startswith("api-") and method != "GET":
            response = client.generic(method, address, "{}", content_type="application/json")
        else:
            response = client.generic(method, address)
        transaction.set_rollback(True)
    return response


def outcome(response, name):
    """Say whether somebody was let in: a refusal for what was sent is no refusal of the person."""
    if response.status_code in {401, 403}:
        return False
    if not name.startswith("api-") and response.status_code == 302:
        return not response["Location"].startswith("/accounts/")
    return response.status_code in {200, 201, 204, 302, 400, 409, 422}


@pytest.mark.parametrize(
    "person", ["auditor", "manager", "resident", "removed officer", "anonymous", "officer"]
)
def test_each_person_may_do_exactly_what_the_table_says(world, person):
    people, address = world
    client = Client(raise_request_exception=False)
    if people[person] is not None:
        sign_in(client, people[person])

    wrong = []
    for name, allowed in PAGES.items():
        for method in EVERY_METHOD:
            response = ask(client, name, method, address(name))
            if response.status_code == 405:
                if method in allowed:
                    wrong.append(f"{method} {name}: 405")
                continue
            may = person in allowed.get(method, set())
            if outcome(response, name) != may or response.status_code >= 500:
                wrong.append(f"{method} {name}: {response.status_code} {response.get('Location', '')}")

    assert wrong == []


@pytest.mark.parametrize("person", ["officer", "auditor"])
def test_nobody_enters_without_the_second_factor(world, person):
    people, address = world
    client = sign_in(Client(), people[person], second_factor=False)

    for name, allowed in PAGES.items():
        for method in allowed:
            response = ask(client, name, method, address(name))
            if name.startswith("api-"):
                assert (response.status_code, response.json()["code"]) == (403, "second_factor")
            else:
                assert response["Location"].startswith("/accounts/")


def test_an_auditor_sees_no_button_of_an_officer(world):
    people, address = world
    reading = sign_in(Client(), people["auditor"])
    writing = sign_in(Client(), people["officer"])
    deeds = {
        "center-overview": "New city",
        "center-cohort-list": "New cohort",
        "center-cohort-detail": "Add to the cohort",
        "center-city-detail": "Change facts",
        "center-people": "Invite somebody",
    }

    for name, words in deeds.items():
        assert words not in reading.get(address(name)).text
        assert words in writing.get(address(name)).text


def test_a_role_that_ended_ends_at_once(world):
    from cities.access.models import Membership

    people, address = world
    client = sign_in(Client(), people["auditor"])
    assert client.get(address("center-overview")).status_code == 200

    with city_scope(CENTER_ID):
        Membership.objects.filter(user=people["auditor"]).delete()

    assert client.get(address("center-overview")).status_code == 403


def test_every_page_opens_in_spanish_too(world):
    people, address = world
    client = sign_in(Client(headers={"accept-language": "es"}), people["officer"])

    for name, allowed in PAGES.items():
        if "GET" in allowed and not name.startswith("api-"):
            page = client.get(address(name))
            assert (page.status_code, 'lang="es"' in page.text) == (200, True), name
