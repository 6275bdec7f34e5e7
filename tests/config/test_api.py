"""What every API view shares: bodies that nothing could read or keep, and refusals."""

import json

import pytest
from django.db import connection
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.models import Answer
from tests.factories import UserFactory, make_city, make_member
from tests.grants.applications.forms import make_call, make_draft
from tests.people import sign_in

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "deep list": '{"value": ' + "[" * 100_000 + "]" * 100_000 + ', "version": 0}',
    "deep object": '{"value": ' + '{"a":' * 20_000 + "1" + "}" * 20_000 + ', "version": 0}',
    "deeper than anybody needs": '{"value": ' + "[" * 70 + "]" * 70 + ', "version": 0}',
    "beyond all numbers": '{"value": 1e999, "version": 0}',
    "below all numbers": '{"value": {"a": [-1e999]}, "version": 0}',
    "NaN": '{"value": NaN, "version": 0}',
    "thousands of digits": '{"value": ' + "9" * 5_000 + ', "version": 0}',
    "half an object": '{"value": ',
    "not UTF-8": b'{"value": "\xff", "version": 0}',
}


UNWRITABLE = "This has a character that we can't save. Delete it and type the text again."


@pytest.fixture
def draft():
    city, resident = make_city("tilden"), UserFactory()
    with city_scope(city):
        return make_draft(resident, cycle=make_call())


def put_raw(draft, body: str | bytes):
    client = sign_in(Client(raise_request_exception=False), draft.applicant)
    path = f"/api/v1/cities/tilden/applications/{draft.pk}/answers/project_title/"
    return client.put(path, body, content_type="application/json")


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_that_nothing_could_read_or_keep_is_a_400_with_a_sentence(draft, name):
    answer = put_raw(draft, UNREADABLE[name])

    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
@pytest.mark.parametrize("value", ['"{}"', '["{}"]', '{{"{}": 1}}', '{{"a": [{{"b": "{}"}}]}}'])
def test_text_that_no_database_could_hold_is_refused_wherever_it_stands(draft, text, value):
    """Some of these go into jsonb as they are: a call's form, its options and limits, words in another language."""
    value = value.format(text)
    applicant, manager = draft.applicant, make_member(draft.city, Role.MANAGER)
    at = "/api/v1/cities/tilden/"
    asked = f'{{"key": "name", "label": "Name", "type": "single_choice", "options": [{value}], "min": {value}, "translations": {value}}}'
    form = f'{{"sections": [{{"key": "you", "title": "You", "questions": [{asked}]}}]}}'
    tried = [
        (applicant, "PUT", f"{at}applications/{draft.pk}/answers/project_title/", f'{{"value": {value}, "version": 0}}'),
        (applicant, "POST", f"{at}applications/", f'{{"call": "tilden-2026", "eligibility": {{"a": {value}}}}}'),
        (manager, "PATCH", f"{at}cycles/{draft.cycle_id}/", f'{{"form": {form}}}'),
        (manager, "PATCH", f"{at}cycles/{draft.cycle_id}/", f'{{"translations": {{"es": {value}}}}}'),
        (manager, "POST", f"{at}cycles/", f'{{"call": {value}}}'),
        (manager, "POST", f"{at}documents/", f'{{"kind": "applications", "parameters": {value}}}'),
        (manager, "PATCH", at, f'{{"name": {value}}}'),
    ]  # fmt: skip

    for person, method, path, body in tried:
        client = sign_in(Client(raise_request_exception=False), person)
        answer = client.generic(method, path, body, content_type="application/json")
        assert (answer.status_code, answer.json()) == (400, {"detail": UNWRITABLE}), path


def test_what_is_merely_long_or_strange_is_read(draft):
    with city_scope(draft.city_id):
        version = Answer.objects.filter(question="project_title").count()

    answer = put_raw(draft, json.dumps({"value": "🌳 “Tilden” \\u0000 " + "x" * 20, "version": version}))

    assert (answer.status_code, answer.json()["version"]) == (200, version + 1)


def test_a_refusal_of_a_view_in_steps_leaves_what_stands_around_it_alone(draft):
    """Such a view has no transaction of its own to roll back; one that it finds is somebody else's."""
    client = sign_in(Client(), draft.applicant)

    refused = client.post("/api/v1/me/account/email/code/", {"code": "x"}, content_type="application/json")

    assert (refused.status_code, refused.json()) == (422, {"detail": "Please ask for a new code."})
    assert not connection.needs_rollback


def test_the_schema_asks_for_a_session_exactly_where_the_rule_does():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    needs_none = {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method, operation in methods.items()
        if {} in operation["security"]
    }

    assert needs_none == {
        "GET /api/v1/calls/",
        "GET /api/v1/cities/{city}/calls/",
        "GET /api/v1/cities/{city}/calls/{slug}/",
        "POST /api/v1/cities/{city}/calls/{slug}/check/",
        "GET /api/v1/cities/{city}/projects/",
        "GET /api/v1/cities/{city}/projects/{id}/",
    }


# -- Where nothing is, and what can't be read ---------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["/api/v1/cities/tilden/members/abc/", "/api/v1/nothing/", "/api/v2/", "/api/v1/me/nothing/"]
)
def test_where_nothing_is_a_program_reads_json_and_a_person_a_page(path):
    answer = Client().get(path)
    page = Client().get("/nothing/at/all/")

    assert (answer.status_code, answer.json()) == (404, {"detail": "There is nothing at this address."})
    assert (page.status_code, "<html" in page.text) == (404, True)


def test_a_body_that_is_too_large_is_refused_in_json(draft):
    answer = put_raw(draft, '{"value": "' + "x" * 2_600_000 + '", "version": 0}')

    assert (answer.status_code, answer.json()) == (413, {"detail": "This is too large to send at once."})


def test_what_cannot_be_read_at_all_is_refused_in_json(settings):
    settings.ALLOWED_HOSTS = ["here.example"]

    answer = Client(headers={"host": "elsewhere.example"}).get("/api/v1/calls/")

    assert (answer.status_code, answer.json()) == (400, {"detail": "This request can’t be read."})


def test_the_schema_names_the_refusals_that_operations_share():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    answers = {
        f"{method.upper()} {path}": operation["responses"]
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }

    unreadable, refused = ({"$ref": f"#/components/responses/{name}"} for name in ("Unreadable", "Refused"))
    changed = answers["PATCH /api/v1/cities/{city}/members/{id}/"]
    assert [changed[status] for status in ("400", "401", "403", "404")] == [unreadable, *[refused] * 3]
    assert set(answers["GET /api/v1/calls/"]) == {"200"}
    assert set(schema["components"]["responses"]) == {"Unreadable", "Refused"}
