"""The resident's story over the API with a session, and its refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.models import Answer, Application, Attachment
from grants.cycles.models import Cycle
from tests.factories import make_city, make_member
from tests.grants.applications.forms import ANSWERS, filled, make_call, make_draft
from tests.grants.applications.uploads.making import geotagged, pdf, sent
from tests.people import sign_in
from tests.queries import count_statements

API = "/api/v1/cities/tilden/applications/"


@pytest.fixture
def call(city):
    with city_scope(city):
        return make_call(slug="spring")


@pytest.fixture
def draft(city, resident, call):
    with city_scope(city):
        return make_draft(resident, cycle=call)


@pytest.fixture
def me(client, resident):
    return sign_in(client, resident, second_factor=False)


def put(client, application, question, value, version=0):
    return client.put(
        f"{API}{application.pk}/answers/{question}/",
        {"value": value, "version": version},
        content_type="application/json",
    )


def post(client, path, body=None):
    return client.post(f"{API}{path}", body or {}, content_type="application/json")


def test_the_whole_story(me, call, city, files):
    started = post(me, "", {"call": "spring", "name": "Odessa Rhee"})
    assert started.status_code == 201
    path = f"{started.json()['id']}/"

    for key, value in ANSWERS.items():
        saved = me.put(
            f"{API}{path}answers/{key}/", {"value": value, "version": 0}, content_type="application/json"
        )
        assert (saved.status_code, saved.json()["version"], saved.json()["problems"]) == (200, 1, [])
    uploaded = me.post(f"{API}{path}files/", {"question": "photos", "file": sent(geotagged(), "garden.jpg")})
    assert uploaded.status_code == 201
    assert uploaded.json()["answer"] == {
        "question": "photos",
        "value": [uploaded.json()["id"]],
        "version": 1,
        "problems": [],
    }

    whole = me.get(f"{API}{path}").json()
    assert (whole["title"], whole["requested_cents"], whole["missing"], whole["findings"]) == (
        "Tilden Street garden",
        150_000,
        [],
        [],
    )
    assert [file["name"] for file in whole["files"]] == ["garden.jpg"]
    assert {section["key"]: section["state"] for section in whole["sections"]} == {
        "about": "done",
        "project": "done",
        "money": "done",
    }

    sent_in = post(me, f"{path}submission/", {"declaration": True}).json()
    assert sent_in["status"] == "submitted"
    assert sent_in["reference"].startswith("TIL-")
    assert [row["reference"] for row in me.get("/api/v1/me/applications/").json()] == [sent_in["reference"]]
    assert post(me, f"{path}withdrawal/").json()["status"] == "withdrawn"
    assert post(me, f"{path}reopening/").json()["status"] == "draft"


def test_a_file_is_removed(me, draft, files):
    uploaded = me.post(
        f"{API}{draft.pk}/files/", {"question": "photos", "file": sent(pdf(), "plan.pdf")}
    ).json()

    gone = me.delete(f"{API}{draft.pk}/files/{uploaded['id']}/")

    assert gone.json() == {"question": "photos", "value": None, "version": 2, "problems": []}
    assert me.delete(f"{API}{draft.pk}/files/{uploaded['id']}/").status_code == 404


def test_a_file_may_belong_to_a_row(me, draft, files):
    put(me, draft, "helpers", [{"_id": "r1", "name": "Ana"}])

    uploaded = me.post(
        f"{API}{draft.pk}/files/",
        {"question": "helpers", "row": "r1", "column": "proof", "file": sent(geotagged())},
    ).json()

    assert uploaded["answer"]["value"] == [{"_id": "r1", "name": "Ana", "proof": [uploaded["id"]]}]


@pytest.mark.django_db(transaction=True)
def test_a_refused_file_leaves_nothing(me, draft, files):
    refused = me.post(f"{API}{draft.pk}/files/", {"question": "photos", "file": sent(b"<svg/>", "x.svg")})

    assert (refused.status_code, refused.json()["code"]) == (422, "file_refused")
    assert "Please add a photo" in refused.json()["detail"]
    assert list(files.iterdir()) == []
    with city_scope(draft.city_id):
        assert Attachment.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_deadline_is_judged_before_the_file_is_read(me, draft, files):
    with city_scope(draft.city_id):
        Cycle.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    refused = me.post(f"{API}{draft.pk}/files/", {"question": "photos", "file": sent(geotagged())})

    assert (refused.status_code, refused.json()["code"]) == (422, "closed")
    assert list(files.iterdir()) == []


def test_a_saved_answer_with_an_error_says_so(me, draft):
    answer = put(me, draft, "amount", "a lot", 1).json()

    assert answer["value"] == {"typed": "a lot"}
    assert answer["problems"][0]["sentence"]


def test_the_second_writer_gets_409_with_both(me, draft):
    put(me, draft, "project_title", "From the kitchen", 1)

    told = put(me, draft, "project_title", "From the phone", 1)

    assert told.status_code == 409
    body = told.json()
    assert (body["code"], body["yours"], body["theirs"], body["version"]) == (
        "conflict",
        "From the phone",
        "From the kitchen",
        2,
    )
    assert put(me, draft, "project_title", "From the phone", 2).status_code == 200


def test_a_retry_is_a_success(me, draft):
    first, second = (put(me, draft, "project_title", "Once", 1) for _ in range(2))

    assert first.json() == second.json()
    assert second.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"value": "x"}, 400),
        ({"value": "x", "version": -1}, 400),
        ({"value": "x", "version": "one"}, 400),
        ({"value": {"a": 1}, "version": 1}, 422),
        ({"value": "x" * 20_001, "version": 1}, 422),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_without_a_trace(me, draft, body, status):
    refused = me.put(f"{API}{draft.pk}/answers/project_title/", body, content_type="application/json")

    assert refused.status_code == status
    with city_scope(draft.city_id):
        assert filled(draft).version_of("project_title") == 1


def test_an_unknown_question_is_404(me, draft):
    assert put(me, draft, "shoe_size", "9").status_code == 404


def test_sending_an_unfinished_draft_names_what_is_left(me, city, resident, call):
    with city_scope(city):
        draft = make_draft(resident, {}, cycle=call)

    refused = post(me, f"{draft.pk}/submission/", {"declaration": True})

    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete")
    assert [gap["question"] for gap in refused.json()["missing"]] == [
        "your_name",
        "project_title",
        "description",
        "amount",
    ]


def test_nothing_is_sent_without_the_declaration(me, draft):
    refused = post(me, f"{draft.pk}/submission/", {"declaration": False})

    assert (refused.status_code, refused.json()["field"]) == (422, "declaration")
    with city_scope(draft.city_id):
        assert Application.objects.get().status == "draft"


def test_an_unknown_call_is_404(me, call):
    assert post(me, "", {"call": "autumn"}).status_code == 404


ROUTES = [
    ("GET", ""), ("PUT", "answers/project_title/"), ("POST", "files/"), ("POST", "submission/"), ("POST", "withdrawal/"), ("POST", "reopening/"),
]  # fmt: skip


def call_route(client, method, path):
    if path.endswith("files/"):
        return client.post(path, {"question": "photos", "file": sent(geotagged())})
    return client.generic(
        method, path, b'{"value": "Mine", "version": 1, "declaration": true}', content_type="application/json"
    )


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_a_stranger_gets_401_and_another_resident_nothing(client, draft, neighbor, method, tail):
    path = f"{API}{draft.pk}/{tail}"

    assert call_route(client, method, path).status_code == 401

    sign_in(client, neighbor, second_factor=False)
    assert call_route(client, method, path).status_code in {403, 404}
    with city_scope(draft.city_id):
        assert Answer.objects.filter(written_by=neighbor).count() == 0
        assert Application.objects.get().status == "draft"


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_another_citys_staff_and_another_citys_address_get_404(client, draft, method, tail, files):
    marlow = make_city("marlow")
    sign_in(client, make_member(marlow, Role.MANAGER))

    assert (
        call_route(client, method, f"/api/v1/cities/marlow/applications/{draft.pk}/{tail}").status_code == 404
    )
    assert call_route(client, method, f"{API}{draft.pk}/{tail}").status_code in {403, 404}


@pytest.mark.parametrize("tail", ["answers/project_title/", "files/"])
def test_what_is_saved_signed_out_while_it_is_typed_stays_in_its_page(client, draft, tail):
    answer = call_route(client, "PUT", f"{API}{draft.pk}/{tail}")

    assert (answer.status_code, answer.json()["sign_in_url"]) == (401, "/accounts/login/")
    assert "kept_forms" not in client.session


def test_lists_hold_ones_own_only(client, draft, neighbor, city):
    with city_scope(city):
        theirs = make_draft(neighbor, {}, cycle=draft.cycle)
    sign_in(client, neighbor, second_factor=False)

    assert [row["id"] for row in client.get(API).json()] == [str(theirs.pk)]
    assert [row["id"] for row in client.get("/api/v1/me/applications/").json()] == [str(theirs.pk)]


@pytest.mark.django_db(transaction=True)
def test_autosave_takes_seven_statements_at_most(me, draft):
    put(me, draft, "description", "Warm up.", 1)

    with count_statements() as first:
        assert put(me, draft, "project_title", "New title", 1).status_code == 200
    for version in range(2, 6):
        put(me, draft, "project_title", f"Title {version}", version)
    with count_statements() as later:
        assert put(me, draft, "project_title", "Last title", 6).status_code == 200

    assert len(first) == len(later) <= 7, "\n".join(later)


@pytest.mark.django_db(transaction=True)
def test_sending_takes_eleven_statements_at_most_and_again_ten(me, draft):
    with count_statements() as first:
        assert post(me, f"{draft.pk}/submission/", {"declaration": True}).status_code == 200
    assert post(me, f"{draft.pk}/reopening/").status_code == 200
    with count_statements() as again:
        assert post(me, f"{draft.pk}/submission/", {"declaration": True}).status_code == 200

    assert len(first) <= 11, "\n".join(first)
    assert len(again) <= 10, "\n".join(again)


def test_the_application_is_read_in_ten_statements_at_most(me, draft):
    with count_statements() as statements:
        assert me.get(f"{API}{draft.pk}/").status_code == 200

    assert len(statements) <= 10
