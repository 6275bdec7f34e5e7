import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cities.access.models import Role
from cities.audit.models import Event
from cities.audit.trail import IMPORTER
from cities.tenancy.scopes import city_scope
from grants.cycles.actions import create_cycle_from_call
from grants.cycles.calls import read_call
from grants.cycles.models import Cycle
from grants.cycles.states import Status
from tests.factories import ApplicationFactory, UserFactory, make_city, make_member, question
from tests.grants.cycles.call_data import call_data
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return make_city("tilden", timezone="America/Chicago")


@pytest.fixture
def manager(city, client):
    user = make_member(city, Role.MANAGER)
    sign_in(client, user)
    return user


def make(city, **fields):
    with city_scope(city):
        cycle = create_cycle_from_call(read_call(call_data()), actor=IMPORTER)
        Cycle.objects.filter(pk=cycle.pk).update(**fields)
        return Cycle.objects.get(pk=cycle.pk)


def again(city, cycle):
    with city_scope(city):
        return Cycle.objects.get(pk=cycle.pk)


def address(city, name, cycle=None):
    return reverse(f"grants:{name}", kwargs={"city": city.slug, **({"pk": cycle.pk} if cycle else {})})


def send(client, method, path, data=None):
    response = client.generic(method, path, json.dumps(data or {}), content_type="application/json")
    return response.status_code, json.loads(response.content)


ROUTES = [
    ("api-cycle-list", "GET"), ("api-cycle-list", "POST"), ("api-cycle-detail", "GET"), ("api-cycle-detail", "PATCH"), ("api-cycle-publish", "POST"),
    ("api-cycle-withdraw", "POST"), ("api-cycle-archive", "POST"), ("api-cycle-copy", "POST"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "method"), ROUTES)
def test_the_desk_reads_managers_change_others_are_refused(city, client, name, method):
    cycle = make(city)
    path = address(city, name, None if name == "api-cycle-list" else cycle)
    data = {"name": "Copy", "year": 2028}

    found = {}
    for role in (None, Role.REVIEWER, Role.VIEWER, Role.STAFF):
        sign_in(client, make_member(city, role) if role else UserFactory())
        found[role] = send(client, method, path, data)[0]
    client.logout()
    anonymous = send(client, method, path, data)[0]

    reads = 200 if method == "GET" else 403
    assert found == {None: 403, Role.REVIEWER: 403, Role.VIEWER: reads, Role.STAFF: reads}
    assert anonymous == 401


@pytest.mark.parametrize(("name", "method"), [route for route in ROUTES if route[0] != "api-cycle-list"])
def test_another_citys_call_is_not_found(city, manager, client, name, method):
    elsewhere = make_city("elsewhere")
    cycle = make(elsewhere)

    assert send(client, method, address(city, name, cycle), {"name": "Copy", "year": 2028})[0] == 404
    assert send(client, method, address(elsewhere, name, cycle), {"name": "Copy", "year": 2028})[0] == 403


def test_calls_are_listed_and_described(city, manager, client):
    cycle = make(city)

    listed = send(client, "GET", address(city, "api-cycle-list"))[1]
    described = send(client, "GET", address(city, "api-cycle-detail", cycle))[1]

    assert [row["id"] for row in listed] == [str(cycle.pk)]
    assert described["budget"] == cycle.budget
    assert described["closes_at"] == "2026-05-01T04:59:59Z"
    assert [section["key"] for section in described["form"]["sections"]] == ["project", "budget", "documents"]
    assert "Say how much money you plan to give out." in described["missing"]


def test_a_call_is_made_from_a_name(city, manager, client):
    status, made = send(
        client, "POST", address(city, "api-cycle-list"), {"name": "Spring 2027", "year": 2027}
    )

    assert (status, made["status"], made["slug"]) == (201, "draft", "spring-2027")


def test_a_call_is_made_from_the_call_format(city, manager, client):
    status, made = send(client, "POST", address(city, "api-cycle-list"), {"call": call_data()})

    assert (status, made["name"]) == (201, "Better Blocks 2026")


def test_days_of_a_call_are_read_on_the_citys_clocks_whatever_zone_it_names(city, manager, client):
    elsewhere = {**call_data()["city"], "timezone": "America/New_York"}

    send(client, "POST", address(city, "api-cycle-list"), {"call": {**call_data(), "city": elsewhere}})

    with city_scope(city):
        assert Cycle.objects.get().closes_at == datetime(2026, 5, 1, 4, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"call": {**call_data(), "city": {**call_data()["city"], "currency": "MXN"}}},
        {"name": "Without a year"},
        {"call": []},
        {"call": call_data(closes_at="soon")},
        {"call": {**call_data(), "city": {**call_data()["city"], "slug": "elsewhere"}}},
    ],
)
def test_a_call_that_is_none_is_refused_and_nothing_is_made(city, manager, client, data):
    assert send(client, "POST", address(city, "api-cycle-list"), data)[0] == 400
    with city_scope(city):
        assert not Cycle.objects.exists()


def test_an_invalid_call_names_its_errors_by_place(city, manager, client):
    _status, answer = send(
        client, "POST", address(city, "api-cycle-list"), {"call": call_data(closes_at="soon")}
    )

    assert answer["call"][0]["place"] == "/cycle/closes_at"


def test_several_parts_are_changed_in_one_deed(city, manager, client):
    cycle = make(city)
    budget = {**cycle.budget, "disallowed": ["Rent"]}

    status, answer = send(
        client,
        "PATCH",
        address(city, "api-cycle-detail", cycle),
        {"closes_at": "2027-04-30", "planned_pool_cents": 900_000, "budget": budget},
    )

    assert (status, answer["closes_at"], answer["planned_pool_cents"]) == (
        200,
        "2027-05-01T04:59:59Z",
        900_000,
    )
    assert again(city, cycle).budget == budget
    with city_scope(city):
        assert set(Event.objects.filter(actor=manager).values_list("tag", flat=True)) == {
            "cycle:change",
            "cycle:change-budget",
        }


def test_of_several_parts_none_is_changed_when_one_is_refused(city, manager, client):
    cycle = make(city)
    rubric = {**cycle.rubric, "minimum_total": 500}

    status, answer = send(
        client, "PATCH", address(city, "api-cycle-detail", cycle), {"name": "Renamed", "rubric": rubric}
    )

    assert (status, answer["field"], answer["place"]) == (422, "rubric", "minimum_total")
    assert again(city, cycle).name == "Better Blocks 2026"
    with city_scope(city):
        assert not Event.objects.filter(actor=manager).exists()


def test_every_part_is_sent_back_as_it_was_described(city, manager, client):
    cycle = make(city)
    parts = ("eligibility", "budget", "attachments", "rubric", "award_terms", "workshop", "form")
    described = send(client, "GET", address(city, "api-cycle-detail", cycle))[1]

    status, answer = send(
        client, "PATCH", address(city, "api-cycle-detail", cycle), {part: described[part] for part in parts}
    )

    assert status == 200, answer
    assert {part: answer[part] for part in parts} == {part: described[part] for part in parts}
    with city_scope(city):
        assert not Event.objects.filter(actor=manager).exists()


def with_words(words):
    """A form whose only question says this in Spanish."""
    asked = {"key": "name", "label": "Name", "type": "short_text", "translations": {"es": words}}
    return {"sections": [{"key": "you", "title": "You", "questions": [asked]}]}


def test_words_in_another_language_are_kept(city, manager, client):
    cycle, words = make(city), {"label": "Nombre", "help": "El suyo.", "options": []}

    status, answer = send(
        client, "PATCH", address(city, "api-cycle-detail", cycle), {"form": with_words(words)}
    )

    assert status == 200, answer
    assert answer["form"]["sections"][0]["questions"][0]["translations"] == {"es": words}


def test_a_number_among_words_is_kept_as_a_word(city, manager, client):
    """Else the page joins it with others, and breaks for who reads that language."""
    cycle = make(city)

    _status, answer = send(
        client, "PATCH", address(city, "api-cycle-detail", cycle), {"form": with_words({"help": 5})}
    )

    assert answer["form"]["sections"][0]["questions"][0]["translations"] == {"es": {"help": "5"}}


@pytest.mark.parametrize(
    "data",
    [
        {"budget": {"columns": ["requested"]}},
        {
            "budget": {
                "columns": [],
                "categories": [],
                "disallowed": [],
                "match_required": None,
                "vendor_quotes_over": None,
            }
        },
        {"eligibility": [{"key": "Bad Key"}]},
        {"form": with_words({"help": ["5"]})},
        {"form": with_words({"label": ["Nombre"]})},
        {"form": with_words({"options": "Sí"})},
        {"form": with_words("Nombre")},
        {"closes_at": "2027-04-30T17:00:00"},
        {"closes_at": "tomorrow"},
        {"planned_pool_cents": -1},
        {"planned_pool_cents": "much"},
        {"rubric": "none"},
        {"form": {"sections": [{"key": "x"}]}},
        {"year": 1},
    ],
)
def test_a_part_of_the_wrong_shape_is_refused(city, manager, client, data):
    cycle = make(city)

    assert send(client, "PATCH", address(city, "api-cycle-detail", cycle), data)[0] == 400
    with city_scope(city):
        assert not Event.objects.filter(actor=manager).exists()


@pytest.mark.parametrize("name", ["opens_at", "closes_at", "decision_on", "project_ends_on"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2101-06-01T23:00:00-05:00"])
def test_a_date_of_another_time_is_refused_in_a_sentence(city, manager, client, name, day):
    cycle = make(city)
    day = day if name.endswith("_at") else day[:10]

    status, answer = send(client, "PATCH", address(city, "api-cycle-detail", cycle), {name: day})

    assert (status, answer) == (400, {name: ["Choose a year from 2000 to 2100."]})


@pytest.mark.parametrize(
    "day", ["soon", "", "2027-04-10T18:00", "0001-01-01T00:00:00+00:00", "9999-12-31", "2027-02-30"]
)
def test_a_workshop_is_a_day_or_an_instant_of_our_time(city, manager, client, day):
    cycle = make(city)
    workshop = {"required": True, "dates": ["2027-04-10", "2027-04-10T18:00:00-05:00", day]}

    status, answer = send(client, "PATCH", address(city, "api-cycle-detail", cycle), {"workshop": workshop})

    assert (status, list(answer["workshop"]["dates"])) == (400, ["2"])


def test_a_call_file_of_another_time_is_refused_in_a_sentence(city, manager, client):
    data = call_data()
    data["cycle"]["closes_at"] = "9999-12-31"

    status, answer = send(client, "POST", address(city, "api-cycle-list"), {"call": data})

    assert status == 400
    assert "years 2000 to 2100" in json.dumps(answer)


def test_the_form_is_changed_and_a_second_editor_told(city, manager, client):
    from cities.tenancy.tickets import fingerprint

    cycle = make(city)
    with city_scope(city):
        form = cycle.forms.get()
    seen = fingerprint(form.definition, form.summary_keys)
    sections = [{"key": "project", "title": "Project", "questions": [question("project_title")]}]

    first = send(
        client,
        "PATCH",
        address(city, "api-cycle-detail", cycle),
        {"form": {"sections": sections, "seen": seen}},
    )
    second = send(
        client,
        "PATCH",
        address(city, "api-cycle-detail", cycle),
        {"form": {"sections": sections, "seen": seen}},
    )

    assert first[0] == 200
    assert [q["key"] for q in first[1]["form"]["sections"][0]["questions"]] == ["project_title"]
    assert second[0] == 409


def test_a_form_that_somebody_answers_is_refused_in_words(city, manager, client):
    cycle = make(city)
    with city_scope(city):
        ApplicationFactory(form_version=cycle.forms.get())

    status, answer = send(
        client, "PATCH", address(city, "api-cycle-detail", cycle), {"form": {"sections": []}}
    )

    assert status == 422
    assert "people have begun to answer" in answer["detail"]


def test_a_whole_call_is_sent_back_with_a_later_close_while_people_apply(city, manager, client):
    cycle = make(city)
    with city_scope(city):
        ApplicationFactory(form_version=cycle.forms.get())
    described = send(client, "GET", address(city, "api-cycle-detail", cycle))[1]

    status, answer = send(
        client, "PATCH", address(city, "api-cycle-detail", cycle), {**described, "closes_at": "2027-04-30"}
    )

    assert status == 200, answer
    assert answer["closes_at"] == "2027-05-01T04:59:59Z"
    assert answer["form"] == described["form"]
    with city_scope(city):
        assert list(Event.objects.filter(actor=manager).values_list("tag", flat=True)) == ["cycle:change"]


def test_publishing_too_early_lists_what_is_missing(city, manager, client):
    status, answer = send(client, "POST", address(city, "api-cycle-publish", make(city)))

    assert status == 422
    assert "Say how much money you plan to give out." in answer["missing"]


def test_a_call_is_published_taken_back_archived_and_copied(city, manager, client):
    cycle = make(
        city,
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=datetime(2099, 1, 1, tzinfo=UTC),
        planned_pool_cents=1,
    )

    statuses = [
        send(client, "POST", address(city, f"api-cycle-{deed}", cycle))[1]["status"]
        for deed in ("publish", "withdraw", "archive")
    ]
    status, copied = send(
        client, "POST", address(city, "api-cycle-copy", cycle), {"name": "Next year", "year": 2028}
    )

    assert statuses == [Status.PUBLISHED, Status.DRAFT, Status.ARCHIVED]
    assert (status, copied["name"], copied["status"]) == (201, "Next year", "draft")
    assert "closes" in copied["left_blank"]


def test_the_description_of_the_api_names_these_routes(client):
    import yaml

    schema = yaml.safe_load(client.get("/api/v1/schema/").content)

    paths = [
        path
        for path in schema["paths"]
        if path.startswith(("/api/v1/cities/{city}/cycles", "/api/v1/cities/{city}/summary"))
    ]
    assert len(paths) == 7
