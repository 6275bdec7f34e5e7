"""The same deeds over the API: same rules, same trails, refusals as sentences with their field."""

import pytest
from django.urls import reverse

from cities.access.actions import invite_member
from cities.access.models import Invitation, Role
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.factories import make_member, make_officer
from tests.grants.programs.center import (
    NEVER,
    cohorts,
    events,
    failing_at_the_last_write,
    make_cohort,
    members_of,
    roles_of,
)

# Deeds in a city run in steps: without a transaction around the test a refusal takes back its own step only.
pytestmark = pytest.mark.django_db(transaction=True)

NEW_CITY = {"name": "Marlow Falls", "slug": "marlow-falls", "region": "OH", "languages": ["en", "es"]}


def url(name, **kwargs):
    return reverse(f"grants:api-center-{name}", kwargs=kwargs)


@pytest.fixture
def api(as_officer):
    def ask(method, name, body=None, **kwargs):
        address = url(name, **kwargs)
        if method == "get":
            return as_officer.get(address, body)
        return getattr(as_officer, method)(address, body or {}, content_type="application/json")

    return ask


# -- Cohorts ----------------------------------------------------------------------------------------


def test_cohorts_are_made_listed_changed_and_shown(api, baltimore):
    made = api(
        "post", "cohort-list", {"name": "2024–26", "starts_on": "2024-05-06", "grant_cents": 10_000_000}
    )
    assert made.status_code == 201
    key = made.json()["id"]

    joined = api("post", "cohort-cities", {"city": "baltimore"}, pk=key)
    changed = api("patch", "cohort-detail", {"ends_on": "2026-12-31"}, pk=key)

    assert [city["slug"] for city in joined.json()["cities"]] == ["baltimore"]
    assert (changed.json()["name"], changed.json()["ends_on"]) == ("2024–26", "2026-12-31")
    (row,) = api("get", "cohort-list").json()
    assert (row["name"], row["city_count"], row["grant_cents"]) == ("2024–26", 1, 10_000_000)
    assert events() == ["cohort:create", "cohort:join", "cohort:change"]


def test_a_refused_cohort_is_a_sentence_with_its_field(api, officer):
    make_cohort(officer)

    taken = api("post", "cohort-list", {"name": "2024–26"})
    backwards = api("post", "cohort-list", {"name": "x", "starts_on": "2026-01-02", "ends_on": "2026-01-01"})

    assert (taken.status_code, taken.json()) == (
        409,
        {"detail": "There is a cohort of this name already.", "field": "name"},
    )
    assert (backwards.status_code, backwards.json()["field"]) == (422, "ends_on")
    assert cohorts() == ["2024–26"]


def test_a_city_joins_by_web_name_or_id_once_and_leaves_once(api, officer, baltimore, dallas):
    cohort = make_cohort(officer)

    assert api("post", "cohort-cities", {"city": str(dallas.pk)}, pk=cohort.pk).status_code == 201
    assert api("post", "cohort-cities", {"city": "dallas"}, pk=cohort.pk).status_code == 409
    assert api("post", "cohort-cities", {"city": "atlantis"}, pk=cohort.pk).status_code == 400
    assert api("delete", "cohort-city", pk=cohort.pk, slug="dallas").status_code == 204
    assert api("delete", "cohort-city", pk=cohort.pk, slug="dallas").status_code == 409
    assert members_of(cohort) == []


def test_a_cohort_that_is_not_there_is_not_found(api, baltimore):
    assert api("get", "cohort-detail", pk=NEVER).status_code == 404
    assert api("patch", "cohort-detail", pk=NEVER).status_code == 404
    assert api("post", "cohort-cities", {"city": "baltimore"}, pk=NEVER).status_code == 404
    assert api("delete", "cohort-city", pk=NEVER, slug="baltimore").status_code == 404


def test_a_cohort_that_fails_at_the_end_leaves_nothing(api, officer, baltimore, dallas):
    cohort = make_cohort(officer, "2024–26", baltimore)

    with failing_at_the_last_write():
        answers = [
            api("post", "cohort-list", {"name": "Lost"}),
            api("patch", "cohort-detail", {"name": "Lost"}, pk=cohort.pk),
            api("post", "cohort-cities", {"city": "dallas"}, pk=cohort.pk),
            api("delete", "cohort-city", pk=cohort.pk, slug="baltimore"),
        ]

    assert [answer.json()["detail"] for answer in answers] == ["The roof fell in."] * 4
    assert (cohorts(), members_of(cohort)) == (["2024–26"], ["baltimore"])
    assert events() == ["cohort:create", "cohort:join"]


# -- Cities -----------------------------------------------------------------------------------------


def test_a_city_is_founded_in_steps_and_gone_on_with_when_sent_again(api, officer):
    cohort = make_cohort(officer)
    body = {**NEW_CITY, "cohort": str(cohort.pk), "manager_email": "mae@marlow.example"}

    first = api("post", "city-list", body)
    again = api("post", "city-list", body)

    city = City.objects.get(slug="marlow-falls")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {
        "id": str(city.pk), "slug": "marlow-falls", "is_new": True, "joined": True, "invited": "mae@marlow.example", "left_undone": [],
    }  # fmt: skip
    assert again.json() == {**first.json(), "is_new": False}
    assert (city.timezone, city.currency) == ("America/New_York", "USD")
    assert members_of(cohort) == ["marlow-falls"]
    assert events(city.pk) == ["city:found", "member:invite"]


@pytest.mark.parametrize(
    ("changes", "field", "status"),
    [
        ({"slug": "center"}, "slug", 422),
        ({"slug": "baltimore"}, "slug", 409),
        ({"timezone": "America/Atlantis"}, "timezone", 422),
        ({"latitude": 4.0}, "longitude", 422),
    ],
)
def test_a_refused_city_is_a_sentence_with_its_field(api, baltimore, changes, field, status):
    answer = api("post", "city-list", {**NEW_CITY, **changes})

    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert City.objects.cities().count() == 1


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"latitude": 99}, {"languages": ["tlh"]}, {"cohort": NEVER}, {"cohort": "x"}]
)
def test_what_has_the_wrong_shape_is_refused_before_anything_is_written(api, changes):
    answer = api("post", "city-list", {**NEW_CITY, **changes})

    assert (answer.status_code, list(answer.json())) == (400, list(changes))
    assert not City.objects.cities().exists()


def test_a_citys_facts_are_changed_and_shown_by_web_name_or_id(api, baltimore):
    changed = api("patch", "city-detail", {"region": "Maryland"}, slug="baltimore")

    shown = api("get", "city-detail", slug=str(baltimore.pk))
    assert changed.json()["figures"]["region"] == shown.json()["figures"]["region"] == "Maryland"
    assert shown.json()["trail"]["unsealed"] == 1
    assert events(baltimore.pk) == ["city:change"]


def test_a_city_that_fails_at_the_end_leaves_nothing(api, baltimore):
    with failing_at_the_last_write():
        founded = api("post", "city-list", NEW_CITY)
        changed = api("patch", "city-detail", {"name": "Lost"}, slug="baltimore")

    assert (founded.status_code, changed.status_code) == (422, 422)
    assert list(City.objects.cities().values_list("name", flat=True)) == ["Baltimore"]


def test_the_list_takes_the_filter_and_order_of_the_page(api, officer, baltimore, dallas):
    make_cohort(officer, "2024–26", baltimore)

    by_name = api("get", "city-list", {"sort": "-city"}).json()
    open_ones = api("get", "city-list", {"call": "open"}).json()
    totals = api("get", "overview", {"state": "MD"}).json()

    assert [row["slug"] for row in by_name] == ["dallas", "baltimore"]
    assert [cohort["name"] for cohort in by_name[1]["cohorts"]] == ["2024–26"]
    assert open_ones == []
    assert (totals["cities"], totals["asked_cents"]) == (1, {"USD": 0})


# -- People -----------------------------------------------------------------------------------------


def test_members_of_a_city_are_listed_changed_and_removed(api, baltimore, manager):
    (row,) = api("get", "member-list", slug="baltimore").json()
    assert (row["id"], row["email"], row["roles"]) == (str(manager.pk), manager.email, ["manager"])

    changed = api("patch", "member-detail", {"roles": ["staff", "manager"]}, slug="baltimore", pk=manager.pk)
    removed = api("delete", "member-detail", slug="baltimore", pk=manager.pk)

    assert changed.json()["roles"] == ["manager", "staff"]
    assert removed.status_code == 204
    assert roles_of(manager, baltimore.pk) == set()
    assert events(baltimore.pk) == ["member:join", "member:end", "member:end"]
    assert events() == []


def test_somebody_of_another_city_is_not_found_in_this_one(api, baltimore, dallas):
    stranger = make_member(dallas, Role.MANAGER)

    assert (
        api("patch", "member-detail", {"roles": ["staff"]}, slug="baltimore", pk=stranger.pk).status_code
        == 404
    )
    assert api("delete", "member-detail", slug="baltimore", pk=stranger.pk).status_code == 404
    assert roles_of(stranger, dallas.pk) == {Role.MANAGER}


def test_an_invitation_is_made_listed_and_withdrawn(api, baltimore, dallas):
    made = api(
        "post", "invitation-list", {"email": "sam@baltimore.example", "roles": ["staff"]}, slug="baltimore"
    )
    (row,) = api("get", "invitation-list", slug="baltimore").json()

    assert made.status_code == 201
    assert made.json() == [row]
    assert (row["email"], row["role"], row["is_over"]) == ("sam@baltimore.example", "staff", False)
    assert api("delete", "invitation-detail", slug="dallas", pk=row["id"]).status_code == 404
    assert api("delete", "invitation-detail", slug="baltimore", pk=row["id"]).status_code == 204
    assert api("delete", "invitation-detail", slug="baltimore", pk=row["id"]).status_code == 409
    assert api("get", "invitation-list", slug="baltimore").json() == []


def test_a_role_of_the_wrong_place_is_refused(api, baltimore):
    in_city = api(
        "post", "invitation-list", {"email": "x@example.org", "roles": ["officer"]}, slug="baltimore"
    )
    at_center = api("post", "person-invitation-list", {"email": "x@example.org", "roles": ["manager"]})

    for answer in (in_city, at_center):
        assert (answer.status_code, answer.json()["field"]) == (422, "roles")


def test_the_people_of_the_center_are_their_own_list(api, officer, manager):
    colleague = make_officer(Role.AUDITOR)

    assert {row["email"] for row in api("get", "person-list").json()} == {officer.email, colleague.email}
    assert api("patch", "person-detail", {"roles": ["officer"]}, pk=colleague.pk).json()["roles"] == [
        "officer"
    ]
    assert api("delete", "person-detail", pk=colleague.pk).status_code == 204
    assert api("delete", "person-detail", pk=manager.pk).status_code == 404


def test_the_last_officer_stays(api, officer):
    removed = api("delete", "person-detail", pk=officer.pk)
    changed = api("patch", "person-detail", {"roles": ["auditor"]}, pk=officer.pk)

    assert (removed.status_code, changed.status_code) == (422, 422)
    assert (
        removed.json()["detail"]
        == "The Center needs at least one officer. Make somebody else an officer first."
    )
    assert roles_of(officer, CENTER_ID) == {Role.OFFICER}


def test_an_invitation_to_the_center_is_made_and_withdrawn(api):
    (row,) = api(
        "post", "person-invitation-list", {"email": "al@center.example", "roles": ["auditor"]}
    ).json()

    assert [each["id"] for each in api("get", "person-invitation-list").json()] == [row["id"]]
    assert api("delete", "person-invitation-detail", pk=row["id"]).status_code == 204
    assert events() == ["member:invite", "member:withdraw-invitation"]


def test_access_that_fails_at_the_end_leaves_everything_as_it_was(api, officer, baltimore, manager):
    with city_scope(baltimore):
        (invitation,) = invite_member(email="sam@baltimore.example", roles=["staff"], actor=officer)

    with failing_at_the_last_write():
        answers = [
            api("post", "invitation-list", {"email": "x@example.org", "roles": ["staff"]}, slug="baltimore"),
            api("delete", "invitation-detail", slug="baltimore", pk=invitation.pk),
            api("patch", "member-detail", {"roles": ["staff"]}, slug="baltimore", pk=manager.pk),
            api("delete", "member-detail", slug="baltimore", pk=manager.pk),
        ]

    assert [answer.json()["detail"] for answer in answers] == ["The roof fell in."] * 4
    assert roles_of(manager, baltimore.pk) == {Role.MANAGER}
    with city_scope(baltimore):
        assert [row.withdrawn_at for row in Invitation.objects.all()] == [None]


def test_the_api_refuses_a_post_from_a_foreign_page(officer):
    from django.test import Client

    from tests.people import sign_in

    client = sign_in(Client(enforce_csrf_checks=True), officer)

    answer = client.post(url("cohort-list"), {"name": "x"}, content_type="application/json")

    assert answer.status_code == 403
    assert cohorts() == []
