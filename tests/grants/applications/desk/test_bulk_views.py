"""Screening many at once, through the pages."""

import re
from uuid import uuid4

import pytest

from cities.tenancy.scopes import city_scope
from grants.applications.desk.actions import screen_application, seen
from grants.applications.desk.states import Decision
from grants.applications.models import Application
from grants.applications.states import Status
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def ticket(application) -> str:
    return seen(application.status, application.screened_at, application.submitted_at)


BULK = "/baltimore/staff/applications/screening/"


def chosen(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', page)


def test_bulk_screening_first_says_what_will_happen_to_how_many(client, desk):
    willing = [desk.submitted() for _ in range(2)]
    withdrawn = desk.submitted(status="withdrawn", reference="BAL-2026-0900")

    page = (
        sign_in(client, desk.manager)
        .post(BULK, {"decision": "eligible", "selected": [one.pk for one in [*willing, withdrawn]]})
        .content.decode()
    )

    assert "Mark 2 applications ready for review?" in page
    assert "BAL-2026-0900" in page
    assert "Withdrawn" in page
    assert len(chosen(page)) == 2
    assert {desk.now(one).status for one in willing} == {Status.SUBMITTED}


def test_bulk_screening_once_confirmed_changes_them_all(client, desk):
    some = [desk.submitted() for _ in range(3)]
    sign_in(client, desk.manager)
    page = client.post(
        BULK, {"decision": "ineligible", "selected": [one.pk for one in some], "address": "?sort=title"}
    ).content.decode()

    response = client.post(
        BULK,
        {
            "decision": "ineligible",
            "confirmed": "1",
            "chosen": chosen(page),
            "reason": "The area ends at Fourth Street.",
            "address": "?sort=title",
        },
    )

    assert response.headers["Location"] == "/baltimore/staff/applications/?sort=title"
    assert {(desk.now(one).status, desk.now(one).screening_reason) for one in some} == {
        ("ineligible", "The area ends at Fourth Street.")
    }


def test_bulk_screening_that_meets_a_change_changes_nothing_and_shows_the_present(client, desk):
    first, second = desk.submitted(), desk.submitted(reference="BAL-2026-0901")
    sign_in(client, desk.manager)
    page = client.post(BULK, {"decision": "eligible", "selected": [first.pk, second.pk]}).content.decode()
    with city_scope(desk.city):
        screen_application(
            second.pk, decision=Decision.INELIGIBLE, actor=desk.staff, seen_as=ticket(second), reason="Late."
        )

    response = client.post(BULK, {"decision": "eligible", "confirmed": "1", "chosen": chosen(page)})

    assert response.status_code == 409
    assert "Nothing was changed, because of BAL-2026-0901" in response.content.decode()
    assert desk.now(first).status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("gone", "words"), [(1, "1 picked application has"), (2, "2 picked applications have")]
)
def test_bulk_screening_says_how_many_have_left_the_desk(client, desk, gone, words):
    here, left = desk.submitted(), [desk.draft(reference=f"BAL-2026-090{n}") for n in range(gone)]

    page = (
        sign_in(client, desk.manager)
        .post(BULK, {"decision": "eligible", "selected": [one.pk for one in [here, *left]]})
        .content.decode()
    )

    assert f"{words} left the desk." in page
    assert len(chosen(page)) == 1


def test_bulk_turning_down_without_a_reason_changes_nothing(client, desk):
    application = desk.submitted()
    sign_in(client, desk.manager)

    page = client.post(
        BULK,
        {
            "decision": "ineligible",
            "confirmed": "1",
            "chosen": [f"{application.pk}:{ticket(application)}"],
            "reason": "",
        },
    ).content.decode()

    assert "Please give a reason" in page
    assert desk.now(application).status == Status.SUBMITTED


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "eligible"},
        {"decision": "junk", "selected": [str(uuid4())]},
        {"decision": "eligible", "selected": ["junk"]},
    ],
)
def test_bulk_screening_of_nothing_leads_back(client, desk, data):
    response = sign_in(client, desk.manager).post(BULK, data)

    assert response.headers["Location"] == "/baltimore/staff/applications/"


def test_bulk_screening_touches_no_other_city(client, desk, elsewhere):
    with city_scope(elsewhere.city):
        foreign = Application.objects.get()
    sign_in(client, desk.manager)

    page = client.post(BULK, {"decision": "eligible", "selected": [foreign.pk]}).content.decode()
    client.post(
        BULK, {"decision": "eligible", "confirmed": "1", "chosen": [f"{foreign.pk}:{ticket(foreign)}"]}
    )

    assert "CANARY" not in page
    assert elsewhere.now(foreign).status == Status.SUBMITTED


def test_an_address_elsewhere_is_not_followed(client, desk):
    response = sign_in(client, desk.manager).post(
        BULK, {"decision": "eligible", "address": "//evil.example/"}
    )

    assert response.headers["Location"] == "/baltimore/staff/applications/"
