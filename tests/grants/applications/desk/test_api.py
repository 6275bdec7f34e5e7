from uuid import uuid4

import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.desk import actions
from grants.applications.desk.actions import seen
from grants.applications.models import Answer, Application
from grants.applications.states import Status
from tests.factories import make_member
from tests.people import sign_in

pytestmark = pytest.mark.django_db
API = "/api/v1/cities/baltimore/desk/applications/"


def post(client, address, data):
    return client.post(address, data, content_type="application/json")


def ticket(application) -> str:
    return seen(application.status, application.screened_at, application.submitted_at)


def test_the_queue_comes_with_totals_and_cursors(client, desk):
    for number in range(51):
        desk.submitted(requested_cents=100, title=f"t{number}")
    sign_in(client, desk.staff)

    first = client.get(API, {"sort": "title"}).json()
    second = client.get(API, {"sort": "title", "after": first["after"]}).json()

    assert (first["count"], first["requested_cents"], first["currency"], len(first["results"])) == (
        51,
        5_100,
        "USD",
        50,
    )
    assert (len(second["results"]), second["after"]) == (1, "")
    assert first["before"] == ""
    assert second["before"]
    assert first["results"][0]["seen"].startswith("submitted.")


def test_the_same_filters_hold(client, desk):
    desk.submitted(title="Ours", applicant_name="José García")
    desk.submitted(title="Theirs")

    found = sign_in(client, desk.staff).get(API, {"q": "garcia"}).json()

    assert [row["title"] for row in found["results"]] == ["Ours"]


def test_one_application_with_its_answers(client, desk):
    application = desk.submitted()
    with city_scope(desk.city):
        Answer.objects.create(
            application=application,
            question="your_name",
            value="Odessa Rhee",
            version=1,
            written_by=application.applicant,
        )

    found = sign_in(client, desk.staff).get(f"{API}{application.pk}/").json()

    assert found["answers"]["your_name"] == "Odessa Rhee"
    assert (found["status"], found["seen"]) == ("submitted", ticket(application))


def test_screening_and_undoing(client, desk):
    application = desk.submitted()
    sign_in(client, desk.staff)

    done = post(
        client,
        f"{API}{application.pk}/screening/",
        {"decision": "ineligible", "seen": ticket(application), "reason": "Late."},
    )
    undone = post(
        client, f"{API}{application.pk}/screening/", {"decision": "submitted", "seen": done.json()["seen"]}
    )

    assert (done.status_code, done.json()["status"]) == (200, "ineligible")
    assert (undone.status_code, undone.json()["status"]) == (200, "submitted")


def test_who_was_slower_gets_409(client, desk):
    application = desk.submitted()
    sign_in(client, desk.staff)
    old = ticket(application)
    post(client, f"{API}{application.pk}/screening/", {"decision": "eligible", "seen": old})

    response = post(
        client,
        f"{API}{application.pk}/screening/",
        {"decision": "ineligible", "seen": old, "reason": "Late."},
    )

    assert response.status_code == 409
    assert "Somebody was faster" in response.json()["detail"]


def test_a_missing_reason_is_422_and_names_its_field(client, desk):
    application = desk.submitted()

    response = post(
        sign_in(client, desk.staff),
        f"{API}{application.pk}/screening/",
        {"decision": "ineligible", "seen": ticket(application)},
    )

    assert (response.status_code, response.json()["field"]) == (422, "reason")


@pytest.mark.parametrize("body", [{}, {"decision": "draft", "seen": "x"}, {"decision": "eligible"}, []])
def test_a_spoilt_body_is_400(client, desk, body):
    application = desk.submitted()

    assert post(sign_in(client, desk.staff), f"{API}{application.pk}/screening/", body).status_code == 400
    assert desk.now(application).status == Status.SUBMITTED


def test_many_are_screened_or_none(client, desk):
    first, second = desk.submitted(), desk.submitted()
    sign_in(client, desk.staff)
    stale = {"id": str(second.pk), "seen": "eligible.1"}

    refused = post(
        client,
        f"{API}screenings/",
        {"decision": "eligible", "applications": [{"id": str(first.pk), "seen": ticket(first)}, stale]},
    )
    assert refused.status_code == 409
    assert desk.now(first).status == Status.SUBMITTED

    done = post(
        client,
        f"{API}screenings/",
        {
            "decision": "eligible",
            "applications": [{"id": str(one.pk), "seen": ticket(one)} for one in (first, second)],
        },
    )
    assert [one["status"] for one in done.json()] == ["eligible", "eligible"]


def test_the_applicant_reads_no_notes_about_their_own_application_though_they_work_here(client, desk):
    application = desk.submitted(applicant=desk.staff)
    with city_scope(desk.city):
        actions.add_note(application.pk, text="CANARY doubts", actor=desk.manager)
    page = f"/baltimore/staff/applications/{application.pk}/"

    own, colleagues = (
        [
            sign_in(client, person).get(address).content.decode()
            for address in (page, f"{API}{application.pk}/")
        ]
        for person in (desk.staff, desk.manager)
    )

    assert ["CANARY doubts" in text for text in own] == [False, False]
    assert ["CANARY doubts" in text for text in colleagues] == [True, True]
    assert "Notes and history" in own[0]


def test_a_note_is_kept(client, desk):
    application = desk.submitted()

    response = post(sign_in(client, desk.staff), f"{API}{application.pk}/notes/", {"text": "Hm"})

    assert (response.status_code, response.json()["text"]) == (201, "Hm")
    assert desk.now(application).note_count == 1


class LastWriteFailedError(Exception):
    pass


def test_a_deed_that_fails_at_its_end_leaves_nothing_through_the_api(client, desk, monkeypatch):
    application = desk.submitted()
    real = actions.notices.application_screened

    def fail(*args, **kwargs):
        real(*args, **kwargs)
        raise LastWriteFailedError

    monkeypatch.setattr(actions.notices, "application_screened", fail)
    client.raise_request_exception = False

    response = post(
        sign_in(client, desk.staff),
        f"{API}{application.pk}/screening/",
        {"decision": "eligible", "seen": ticket(application)},
    )

    assert response.status_code == 500
    assert desk.now(application).status == Status.SUBMITTED


WRITERS = {Role.MANAGER, Role.STAFF}
READERS = WRITERS | {Role.FINANCE, Role.APPROVER, Role.VIEWER}


@pytest.mark.parametrize(
    "role", [Role.MANAGER, Role.STAFF, Role.FINANCE, Role.APPROVER, Role.VIEWER, Role.REVIEWER]
)
def test_rights_are_those_of_the_pages(client, desk, role):
    application = desk.submitted()
    sign_in(client, make_member(desk.city, role))
    one = f"{API}{application.pk}/"

    assert client.get(API).status_code == (200 if role in READERS else 403)
    assert client.get(one).status_code == (200 if role in READERS else 403)
    assert post(client, f"{one}notes/", {"text": "Hm"}).status_code == (201 if role in WRITERS else 403)
    assert post(
        client, f"{one}screening/", {"decision": "eligible", "seen": ticket(application)}
    ).status_code == (200 if role in WRITERS else 403)


def test_drafts_strangers_and_other_cities(client, desk, elsewhere):
    draft = desk.draft()
    with city_scope(elsewhere.city):
        foreign = Application.objects.get()

    assert client.get(API).status_code == 401
    sign_in(client, desk.manager)
    assert client.get(f"{API}{draft.pk}/").status_code == 404
    assert client.get(f"{API}{foreign.pk}/").status_code == 404
    assert client.get(f"{API}{uuid4()}/").status_code == 404
    assert client.get(API.replace("baltimore", "dallas")).status_code == 403
    assert (
        post(client, f"{API}{foreign.pk}/screening/", {"decision": "eligible", "seen": "x"}).status_code
        == 404
    )
