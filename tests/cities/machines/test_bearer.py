"""A token in use: where it opens something, where nothing, and how it ends."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from cities.access.actions import change_roles
from cities.access.handing import end_membership
from cities.access.models import Membership, Role, User
from cities.access.resets import ask_factor_reset
from cities.audit.models import Event
from cities.audit.sentences import sentence
from cities.audit.trail import record
from cities.machines.actions import end_tokens_of, revoke_token
from cities.machines.bearer import FOUNDING, MOST_FAILURES, PERSON_ONLY, SAFE, TEAMS, BearerMiddleware
from cities.machines.models import ApiToken, Scope
from cities.machines.spelling import new_secret
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.cities.machines.factories import bearer, make_living_token, token_for
from tests.factories import ApplicationFactory, UserFactory, make_city, make_member, make_officer
from tests.people import sign_in
from tests.queries import count_statements
from tests.routes import all_routes

pytestmark = pytest.mark.django_db

MEMBERS = "/api/v1/cities/baltimore/members/"
INVITATIONS = "/api/v1/cities/baltimore/invitations/"
FILES = {
    "grants:file-read",
    "grants:file-small",
    "grants:receipt-read",
    "grants:receipt-small",
    "grants:center-receipt-picture",
    "grants:center-receipt-picture-small",
    "projects:photo-read",
    "projects:photo-small",
}
"""Pages that answer with a file, to which the API leads."""


@pytest.fixture(autouse=True)
def _no_failures_yet():
    cache.clear()


@pytest.fixture
def city():
    return make_city("baltimore")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, name="Maya Lind")


def ask(secret, path, method="GET", body=None, **extra):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.generic(
        method, path, body or "", content_type="application/json", headers=bearer(secret), **extra
    )


def refusal(answer):
    return answer.status_code, answer.json().get("code")


def test_a_token_is_its_holder_without_cookie_and_csrf(city, manager):
    secret = token_for(manager, city)

    assert [row["name"] for row in ask(secret, MEMBERS).json()] == ["Maya Lind"]
    made = ask(secret, INVITATIONS, "POST", '{"email": "new@example.org", "roles": ["viewer"]}')
    assert made.status_code == 201
    assert settings.SESSION_COOKIE_NAME not in made.cookies


INVITE = '{"email": "new@example.org", "roles": ["viewer"]}'


def test_the_trail_says_which_token_acted_and_of_a_session_nothing(city, manager):
    secret = token_for(manager, city)
    client = sign_in(Client(), manager)
    assert ask(secret, INVITATIONS, "POST", INVITE).status_code == 201
    told = {"email": "old@example.org", "roles": ["viewer"]}
    assert client.post(INVITATIONS, told, content_type="application/json").status_code == 201

    by_session, by_program = client.get("/api/v1/cities/baltimore/audit/?kind=cities.invitation").json()[
        "results"
    ]
    token = ApiToken.objects.get()
    assert by_program["token"] == {"id": str(token.pk), "name": "Sheet"}
    assert by_program["words"].startswith("Maya Lind (by API token “Sheet”) ")
    assert by_session["token"] is None
    assert "token" not in by_session["words"]
    assert "Maya Lind (by API token “Sheet”)" in client.get("/baltimore/staff/audit/").text
    with city_scope(city):
        event = Event.objects.get(pk=by_session["id"])
        assert "token" not in event.data


def test_of_a_persons_own_token_the_trail_keeps_the_id_and_not_their_words(city):
    resident = UserFactory(name="Ana")
    secret = token_for(resident)
    with city_scope(city):
        sent = ApplicationFactory(applicant=resident, submitted=True)

    answer = ask(secret, f"/api/v1/cities/baltimore/applications/{sent.pk}/withdrawal/", "POST")

    assert answer.status_code == 200
    with city_scope(city):
        (event,) = Event.objects.filter(actor=resident)
    assert event.data["token"] == {"id": str(ApiToken.objects.get().pk), "name": ""}
    assert sentence(event.tag, "Ana", event.data).startswith("Ana (by an API token) ")


def test_what_comes_after_a_tokens_request_is_not_the_tokens(city, manager):
    ask(token_for(manager, city), INVITATIONS, "POST", INVITE)

    with city_scope(city):
        assert "token" not in record("city:change", actor=manager, subject=city).data


def test_a_token_wins_over_the_session_it_is_sent_with(city, manager):
    client = sign_in(Client(), manager)
    viewer = token_for(make_member(city, Role.VIEWER), city)

    assert client.get(MEMBERS).status_code == 200
    assert client.get(MEMBERS, headers=bearer(viewer)).status_code == 403
    assert client.get(MEMBERS, headers=bearer(new_secret())).status_code == 401


@pytest.mark.parametrize("header", ["", "P", "Basic bWF5YTpzZWNyZXQ=", "Token lyb_1", "Bearerx", "+pH^z"])
def test_a_header_of_another_scheme_neither_opens_nor_closes_anything(city, manager, header):
    """A city's proxy may ask for a name and password of its own; what it sent along is not for us."""
    other = {"Authorization": header}
    client = sign_in(Client(enforce_csrf_checks=True), manager)

    assert Client().get(MEMBERS, headers=other).status_code == 401
    assert client.get(MEMBERS, headers=other).status_code == 200
    unsigned = client.post(INVITATIONS, {}, content_type="application/json", headers=other)
    assert (unsigned.status_code, "CSRF" in unsigned.json()["detail"]) == (403, True)


def test_a_revoked_token_fails_at_its_next_request(city, manager):
    secret = token_for(manager, city)
    assert ask(secret, MEMBERS).status_code == 200

    with city_scope(city):
        revoke_token(ApiToken.objects.get().pk, actor=manager)

    refused = ask(secret, MEMBERS)
    assert refusal(refused) == (401, "token")
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_fails(city, manager):
    _token, secret = make_living_token(
        manager,
        city,
        created_at=timezone.now() - timedelta(days=90),
        expires_at=timezone.now() - timedelta(seconds=1),
    )

    assert refusal(ask(secret, MEMBERS)) == (401, "token")


def test_a_reading_token_changes_nothing(city, manager):
    secret = token_for(manager, city, scope=Scope.READ)

    assert ask(secret, MEMBERS).status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert refusal(ask(secret, INVITATIONS, method, "{}")) == (403, "token_scope")


def test_a_token_of_one_city_finds_no_other_though_its_holder_works_there(city, manager):
    other = make_city("dallas")
    with city_scope(other):
        Membership.objects.create(user=manager, role=Role.MANAGER)
    secret = token_for(manager, city)

    assert refusal(ask(secret, "/api/v1/cities/dallas/members/")) == (404, "token_place")
    assert refusal(ask(secret, "/api/v1/cities/nowhere/members/")) == (404, "token_place")
    assert refusal(ask(secret, "/api/v1/me/applications/")) == (403, "token_place")
    assert refusal(ask(secret, "/api/v1/center/disbursements/")) == (403, "token_place")
    assert ask(token_for(manager, other), "/api/v1/cities/dallas/members/").status_code == 200


def test_a_token_of_the_center_stays_there(city):
    center = City.objects.get(pk=CENTER_ID)
    secret = token_for(make_officer(Role.OFFICER), center)

    assert ask(secret, "/api/v1/center/disbursements/").status_code == 200
    assert refusal(ask(secret, MEMBERS)) == (403, "token_place")
    assert refusal(ask(secret, "/api/v1/me/applications/")) == (403, "token_place")


def test_ones_own_token_carries_no_role(city, manager):
    with city_scope(CENTER_ID):
        Membership.objects.create(user=manager, role=Role.OFFICER)
    secret = token_for(manager)

    assert ask(secret, "/api/v1/me/applications/").json() == []
    assert ask(secret, MEMBERS).status_code == 403
    assert refusal(ask(secret, "/api/v1/center/disbursements/")) == (403, "token_place")


def test_what_is_open_to_all_is_open_to_tokens(city, manager):
    secret = token_for(manager, city)

    for path in ("/api/v1/calls/", "/api/v1/schema/", "/api/v1/cities/baltimore/calls/"):
        assert ask(secret, path).status_code == 200, path


def test_a_token_has_the_role_of_the_moment(city, manager):
    member = make_member(city, Role.MANAGER)
    secret = token_for(member, city)
    assert ask(secret, MEMBERS).status_code == 200

    with city_scope(city):
        change_roles(member.pk, roles=["viewer"], actor=manager)

    assert ask(secret, MEMBERS).status_code == 403
    assert ask(secret, "/api/v1/cities/baltimore/cycles/").status_code == 200


def test_a_token_dies_with_the_membership_and_does_not_come_back(city, manager):
    member = make_member(city, Role.STAFF)
    secret, own = token_for(member, city), token_for(member)

    with city_scope(city):
        end_membership(member.pk, actor=manager)
        Membership.objects.create(user=member, role=Role.STAFF)

    assert refusal(ask(secret, "/api/v1/cities/baltimore/cycles/")) == (401, "token")
    assert ask(own, "/api/v1/me/applications/").status_code == 200


def test_a_token_without_any_role_left_fails_though_nobody_ended_it(city):
    member = make_member(city, Role.STAFF)
    secret = token_for(member, city)

    with city_scope(city):
        Membership.objects.filter(user=member).update(ended_at=timezone.now())

    assert refusal(ask(secret, "/api/v1/cities/baltimore/cycles/")) == (401, "token")


def test_all_tokens_of_a_person_end_at_once(city, manager):
    secrets = [token_for(manager, city), token_for(manager)]
    others = token_for(make_member(city, Role.MANAGER), city)

    assert end_tokens_of(manager.pk) == 2

    assert [
        ask(secrets[0], MEMBERS).status_code,
        ask(secrets[1], "/api/v1/me/applications/").status_code,
    ] == [401, 401]
    assert ask(others, MEMBERS).status_code == 200


def test_a_token_of_a_closed_account_fails(city, manager):
    secret = token_for(manager, city)

    User.objects.filter(pk=manager.pk).update(is_active=False)

    assert refusal(ask(secret, MEMBERS)) == (401, "token")


def test_a_token_made_without_a_second_step_ends_where_a_desk_begins(city):
    outsider = make_member(city, Role.REVIEWER)
    secret, own = (token_for(outsider, place, second_factor=False) for place in (city, None))
    assert ask(secret, "/api/v1/cities/baltimore/review/").status_code == 200

    with city_scope(city):
        Membership.objects.create(user=outsider, role=Role.STAFF)

    assert refusal(ask(secret, "/api/v1/cities/baltimore/review/")) == (403, "second_factor")
    assert refusal(ask(own, "/api/v1/me/applications/")) == (403, "second_factor")


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", ""), ("POST", "email/"), ("POST", "email/code/")],
)
def test_no_token_changes_who_somebody_is(method, path):
    secret = token_for(UserFactory())

    assert ask(secret, "/api/v1/me/account/").status_code == 200
    assert refusal(ask(secret, f"/api/v1/me/account/{path}", method, "{}")) == (403, "token_scope")


@pytest.mark.parametrize("path", ["", f"{CENTER_ID}/"])
def test_no_token_ends_a_session(path):
    person = UserFactory()
    sign_in(browser := Client(), person, second_factor=False)
    secret = token_for(person)

    assert ask(secret, "/api/v1/me/sessions/").status_code == 200
    assert refusal(ask(secret, f"/api/v1/me/sessions/{path}", "DELETE")) == (403, "token_scope")
    assert browser.get("/me/account/").status_code == 200


def test_no_token_answers_a_lost_second_step(city, manager):
    lost = make_member(city, Role.STAFF)
    officer = make_officer()
    with city_scope(city):
        reset = ask_factor_reset(lost.pk, reason="new phone", actor=lost)
    base = f"factor-resets/{reset.pk}/"
    of_the_city, of_the_center = token_for(manager, city), token_for(officer, City.objects.get(pk=CENTER_ID))

    for secret, place in [(of_the_city, "cities/baltimore"), (of_the_center, "center")]:
        answer = ask(secret, f"/api/v1/{place}/{base}", "POST", '{"answer": "approve"}')
        assert refusal(answer) == (403, "token_scope")
        assert ask(secret, f"/api/v1/{place}/factor-resets/").status_code == 200
    with city_scope(city):
        reset.refresh_from_db()
    assert reset.approved_at is None


def test_every_writing_route_of_account_sessions_and_reset_answers_is_among_those():
    about = ("account", "sessions", "factor-resets/<")
    writing = [
        r.path for r in all_routes() if r.is_api and any(a in r.path for a in about) and set(r.methods) - SAFE
    ]

    assert len(writing) == 7
    assert all(path.startswith(PERSON_ONLY) for path in writing)


LATER = timedelta(minutes=61)
LETS_IN = [
    ("POST", "cities/baltimore/invitations/"),
    ("DELETE", f"cities/baltimore/invitations/{CENTER_ID}/"),
    ("PATCH", f"cities/baltimore/members/{CENTER_ID}/"),
    ("DELETE", f"cities/baltimore/members/{CENTER_ID}/"),
    ("POST", "center/cities/"),
    ("POST", "center/cities/baltimore/invitations/"),
    ("DELETE", f"center/cities/baltimore/invitations/{CENTER_ID}/"),
    ("PATCH", f"center/cities/baltimore/members/{CENTER_ID}/"),
    ("POST", "center/people/invitations/"),
    ("DELETE", f"center/people/invitations/{CENTER_ID}/"),
    ("PATCH", f"center/people/{CENTER_ID}/"),
    ("POST", "cities/baltimore/deputies/"),
    ("DELETE", f"cities/baltimore/deputies/{CENTER_ID}/"),
    ("POST", f"center/deputies/{CENTER_ID}/approval/"),
    ("DELETE", f"center/deputies/{CENTER_ID}/"),
]


@pytest.mark.parametrize(("method", "path"), LETS_IN)
def test_a_token_lets_people_in_only_while_it_is_as_fresh_as_its_second_step(city, manager, method, path):
    """What it opened would stay open when it is revoked."""
    at_center = path.startswith("center")
    person, place = (make_officer(), City.objects.get(pk=CENTER_ID)) if at_center else (manager, city)
    secret = token_for(person, place)
    assert ask(secret, f"/api/v1/{path}", method, "{}").json().get("code") != "token_age"

    ApiToken.objects.update(created_at=timezone.now() - LATER)

    assert refusal(ask(secret, f"/api/v1/{path}", method, "{}")) == (403, "token_age")


def test_an_older_token_reads_the_team_and_changes_what_is_no_team(city, manager):
    _token, secret = make_living_token(
        manager, city, has_second_factor=True, created_at=timezone.now() - LATER
    )

    assert ask(secret, MEMBERS).status_code == 200
    assert ask(secret, INVITATIONS).status_code == 200
    assert ask(secret, "/api/v1/cities/baltimore/", "PATCH", "{}").status_code == 200


def test_every_writing_route_of_teams_is_among_those():
    about = ("members/", "invitations/", "center/people/", "deputies/")
    writing = [
        r.path for r in all_routes() if r.is_api and any(a in r.path for a in about) and set(r.methods) - SAFE
    ]

    assert len(writing) == 13
    assert all(path.startswith(TEAMS) for path in writing)
    assert "POST" in next(r.methods for r in all_routes() if r.path == FOUNDING)


def test_a_token_is_nobody_on_every_page(city):
    """Rules would let an officer and manager in; the header must be as good as absent."""
    someone = make_officer(Role.OFFICER)
    with city_scope(city):
        Membership.objects.create(user=someone, role=Role.MANAGER)
    secrets = [token_for(someone, place) for place in (city, City.objects.get(pk=CENTER_ID), None)]
    seen, asked = [], 0
    middleware = BearerMiddleware(lambda request: seen.append(getattr(request, "token", None)))

    for route in all_routes():
        if route.is_api or route.name in FILES:
            continue
        for method in route.methods:
            for secret in secrets:
                middleware(_request(route, method, secret))
                asked += 1

    assert asked > 300
    assert seen == [None] * asked


def _request(route, method, secret):
    path = re.sub(r"<uuid:\w+>", str(CENTER_ID), route.path).replace("<slug:city>", "baltimore")
    return RequestFactory().generic(method, "/" + re.sub(r"<[^>]+>", "word", path), headers=bearer(secret))


@pytest.mark.parametrize("path", ["/me/", "/me/account/tokens/", "/baltimore/staff/", "/center/"])
def test_a_page_sends_a_token_to_sign_in(city, manager, path):
    answer = ask(token_for(manager, city), path)

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_only_files_are_marked_as_pages_for_tokens():
    assert {r.name for r in all_routes() if getattr(r.view, "takes_tokens", False)} == FILES


@pytest.mark.parametrize("place", ["?token={}", "?access_token={}", "?Authorization=Bearer%20{}"])
def test_a_token_in_the_address_opens_nothing(city, manager, place):
    assert Client().get(MEMBERS + place.format(token_for(manager, city))).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x y", "Bearer lyb_", "bearer é", "Bearer " + "a" * 5000]
)
def test_what_is_no_token_is_refused_without_asking_the_database(city, header, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert refusal(Client().get(MEMBERS, headers={"Authorization": header})) == (401, "token")


def test_many_wrong_tokens_are_slowed_down_and_the_right_one_is_not(city, manager):
    secret = token_for(manager, city)
    statuses = [ask(new_secret(), MEMBERS).status_code for _ in range(MOST_FAILURES + 1)]

    assert statuses == [401] * MOST_FAILURES + [429]
    assert ask(secret, MEMBERS).status_code == 200
    assert ask(new_secret(), MEMBERS, REMOTE_ADDR="203.0.113.9").status_code == 401


def test_the_day_of_last_use_is_written_once_a_day(city, manager):
    token, secret = make_living_token(manager, city, has_second_factor=True)
    ask(secret, MEMBERS)
    token.refresh_from_db()
    assert token.last_used_on == timezone.now().date()

    with count_statements() as statements:
        ask(secret, MEMBERS)
    assert [s for s in statements if "UPDATE" in s] == []


def test_a_use_that_is_refused_later_is_a_use(city, manager):
    token, secret = make_living_token(manager, city, has_second_factor=True)

    assert ask(secret, INVITATIONS, "POST", '{"email": "no"}').status_code == 400

    token.refresh_from_db()
    assert token.last_used_on == timezone.now().date()


def test_the_schema_says_how_tokens_are_sent():
    schema = Client().get("/api/v1/schema/?format=json").json()

    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {"token": []} in schema["paths"]["/api/v1/cities/{city}/members/"]["get"]["security"]
    assert b"Authorization: Bearer" in Client().get("/api/docs/").content
