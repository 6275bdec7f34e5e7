import json

import pytest
from django.test import Client

from cities.access.actions import invite_member
from cities.access.models import Invitation, Membership, Role
from cities.access.queries import ticket_of
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.factories import UserFactory, make_city, make_member
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

TEAM, API = "/baltimore/staff/setup/team/", "/api/v1/cities/baltimore/"


@pytest.fixture
def baltimore():
    return make_city("baltimore")


@pytest.fixture
def manager(baltimore):
    return make_member(baltimore, Role.MANAGER, email="manager@example.org", name="Marcus Green")


@pytest.fixture
def desk(client, manager):
    return sign_in(client, manager)


def roles_of(city, user) -> set[str]:
    with city_scope(city):
        return set(Membership.objects.filter(user=user, ended_at__isnull=True).values_list("role", flat=True))


def token_in(city) -> str:
    with city_scope(city):
        return open_body(Message.objects.filter(kind="invitation").latest("created_at").sealed_body)


def call(client, method, path, body=None):
    return client.generic(
        method, API + path, json.dumps(body) if body else "", content_type="application/json"
    )


def test_the_team_page_shows_people_and_open_invitations(desk, baltimore, manager):
    make_member(baltimore, Role.STAFF, Role.FINANCE, name="Sofia Reyes")
    make_member(make_city("dallas"), Role.STAFF, name="Foreign Person")
    with city_scope(baltimore):
        invite_member(email="ana@example.org", roles=["viewer"], actor=manager)

    page = desk.get(TEAM).content.decode()

    assert "Sofia Reyes" in page
    assert "Staff, Finance" in page
    assert "ana@example.org" in page
    assert "Foreign Person" not in page


def test_the_team_page_takes_as_many_statements_for_three_as_for_one(desk, baltimore, manager):
    def statements() -> int:
        with count_statements() as found:
            assert desk.get(TEAM).status_code == 200
        return len(found)

    with city_scope(baltimore):
        invite_member(email="a@example.org", roles=["viewer"], actor=manager)
    one = statements()
    for n in range(2):
        make_member(baltimore, Role.STAFF)
        with city_scope(baltimore):
            invite_member(email=f"b{n}@example.org", roles=["viewer"], actor=manager)

    assert statements() == one <= 10


def test_a_manager_invites_through_the_page(desk, baltimore):
    response = desk.post(f"{TEAM}invite/", {"email": "ana@example.org", "roles": ["staff"], "language": "en"})

    assert response["Location"] == TEAM
    with city_scope(baltimore):
        assert Invitation.objects.get().email == "ana@example.org"


def test_a_refused_invitation_says_why_and_keeps_what_was_typed(desk, baltimore):
    response = desk.post(
        f"{TEAM}invite/", {"email": "manager@example.org", "roles": ["manager"], "language": "en"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "This person has this role already." in page
    assert 'value="manager@example.org"' in page
    assert (
        b"Choose at least one role"
        in desk.post(f"{TEAM}invite/", {"email": "x@example.org", "language": "en"}).content
    )


def test_a_manager_changes_and_ends_roles_through_the_pages(desk, baltimore):
    ana = make_member(baltimore, Role.STAFF)

    assert desk.post(f"{TEAM}{ana.pk}/", {"roles": ["finance", "viewer"]})["Location"] == TEAM
    assert roles_of(baltimore, ana) == {"finance", "viewer"}
    assert b"End the access of" in desk.get(f"{TEAM}{ana.pk}/end/").content
    assert roles_of(baltimore, ana) == {"finance", "viewer"}
    assert desk.post(f"{TEAM}{ana.pk}/end/")["Location"] == TEAM
    assert roles_of(baltimore, ana) == set()
    assert desk.get(f"{TEAM}{ana.pk}/").status_code == 404


def test_an_old_page_of_roles_ends_no_role_that_a_colleague_gave(desk, baltimore):
    ben = make_member(baltimore, Role.STAFF)
    page = f"{TEAM}{ben.pk}/"
    seen = desk.get(page).context["seen"]
    given = {"roles": ["staff", "finance"], "seen": seen}
    first = [desk.post(page, given) for _ in range(2)]

    second = desk.post(page, {"roles": ["staff", "viewer"], "seen": seen})

    assert [answer.status_code for answer in (*first, second)] == [302, 302, 409]
    assert "they are Staff, Finance now" in second.text
    assert second.context["form"].data.getlist("roles") == ["staff", "viewer"]
    assert roles_of(baltimore, ben) == {"staff", "finance"}
    desk.post(page, {"roles": ["staff", "viewer"], "seen": second.context["seen"]})
    assert roles_of(baltimore, ben) == {"staff", "viewer"}


def test_the_api_gives_a_ticket_of_the_roles_and_refuses_an_old_one(desk, baltimore):
    ben = make_member(baltimore, Role.STAFF)
    seen = call(desk, "GET", f"members/{ben.pk}/").json()["seen"]

    answers = [
        call(desk, "PATCH", f"members/{ben.pk}/", body)
        for body in (
            {"roles": ["staff", "finance"], "seen": seen},
            {"roles": ["staff"], "seen": seen},
            {"roles": ["viewer"]},
        )
    ]

    assert [answer.status_code for answer in answers] == [200, 409, 200]
    assert roles_of(baltimore, ben) == {"viewer"}


def test_an_open_window_shows_nothing_more_once_the_access_has_ended(desk, baltimore, manager):
    ana = make_member(baltimore, Role.MANAGER)
    window = sign_in(Client(), ana)
    assert window.get(TEAM).status_code == 200

    desk.post(f"{TEAM}{ana.pk}/end/")

    assert window.get(TEAM).status_code == 403


def test_the_last_manager_is_told_why_they_must_stay(desk, baltimore, manager):
    response = desk.post(f"{TEAM}{manager.pk}/end/", follow=True)

    assert b"A city needs at least one manager" in response.content
    assert (
        b"A city needs at least one manager"
        in desk.post(f"{TEAM}{manager.pk}/", {"roles": ["viewer"]}).content
    )


def test_a_manager_withdraws_an_invitation_after_being_asked(desk, baltimore, manager):
    with city_scope(baltimore):
        (invitation,) = invite_member(email="ana@example.org", roles=["viewer"], actor=manager)
    page = f"{TEAM}invitations/{invitation.pk}/withdraw/"

    assert b"Withdraw the invitation to ana@example.org?" in desk.get(page).content
    assert desk.post(page)["Location"] == TEAM
    assert b"ana@example.org" not in desk.get(TEAM).content.split(b"</main>")[0].split(b"Open invitations")[1]
    assert b"was used or withdrawn already" in desk.post(page, follow=True).content


@pytest.mark.parametrize("role", [Role.STAFF, Role.FINANCE, Role.APPROVER, Role.REVIEWER, Role.VIEWER])
def test_only_managers_see_or_change_the_team(client, baltimore, manager, role):
    ana = make_member(baltimore, role)
    with city_scope(baltimore):
        (invitation,) = invite_member(email="x@example.org", roles=["viewer"], actor=manager)
    sign_in(client, ana)

    for page in (
        "",
        "invite/",
        f"{manager.pk}/",
        f"{manager.pk}/end/",
        f"invitations/{invitation.pk}/withdraw/",
    ):
        assert client.get(TEAM + page).status_code == 403
        assert client.post(TEAM + page).status_code in {403, 405}
    for method, path in [("get", "members/"), ("get", "invitations/"), ("post", "invitations/"), ("get", f"members/{manager.pk}/"), ("patch", f"members/{manager.pk}/"),
                         ("delete", f"members/{manager.pk}/"), ("delete", f"invitations/{invitation.pk}/")]:  # fmt: skip
        assert call(client, method, path, {}).status_code == 403


def test_people_of_another_city_are_not_found(desk, baltimore):
    stranger = make_member(make_city("dallas"), Role.STAFF)

    assert desk.get(f"{TEAM}{stranger.pk}/").status_code == 404
    assert desk.post(f"{TEAM}{stranger.pk}/end/").status_code == 404
    assert call(desk, "delete", f"members/{stranger.pk}/").status_code == 404


def test_the_api_lists_invites_changes_and_ends(desk, baltimore, manager):
    ana = make_member(baltimore, Role.STAFF, name="Ana", email="ana@example.org")

    listed = call(desk, "get", "members/").json()
    seen = ticket_of(["staff"])
    row = {"id": str(ana.pk), "name": "Ana", "email": "ana@example.org", "roles": ["staff"], "seen": seen}
    assert row in listed
    made = call(desk, "post", "invitations/", {"email": "ben@example.org", "roles": ["staff", "viewer"]})
    assert (made.status_code, [row["role"] for row in made.json()]) == (201, ["staff", "viewer"])
    assert len(call(desk, "get", "invitations/").json()) == 2
    assert call(desk, "patch", f"members/{ana.pk}/", {"roles": ["viewer"]}).json()["roles"] == ["viewer"]
    assert call(desk, "delete", f"members/{ana.pk}/").status_code == 204
    assert call(desk, "delete", f"members/{ana.pk}/").status_code == 404
    assert call(desk, "delete", f"invitations/{made.json()[0]['id']}/").status_code == 204
    assert call(desk, "delete", f"invitations/{made.json()[0]['id']}/").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"roles": ["staff"]}, "email"),
        ({"email": "x", "roles": ["staff"]}, "email"),
        ({"email": "a@example.org", "roles": ["officer"]}, "roles"),
    ],
)
def test_the_api_names_what_is_wrong(desk, baltimore, body, field):
    answer = call(desk, "post", "invitations/", body)

    assert answer.status_code == 400
    assert field in answer.json()


def test_the_api_refuses_with_a_sentence(desk, baltimore, manager):
    answer = call(desk, "delete", f"members/{manager.pk}/")

    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "A city needs at least one manager. Make somebody else a manager first.",
    )
    assert roles_of(baltimore, manager) == {"manager"}


def invited(baltimore, manager, email="ana@example.org", roles=("staff",)) -> str:
    with city_scope(baltimore):
        invite_member(email=email, roles=list(roles), actor=manager)
    return token_in(baltimore)


def test_a_stranger_with_the_link_reads_it_and_is_sent_to_prove_the_address(client, baltimore, manager):
    link = invited(baltimore, manager)

    page = client.get(link).content.decode()
    assert "Join Baltimore" in page
    assert "Marcus Green invites you" in page
    response = client.post(link)
    assert response["Location"].startswith("/accounts/login/?next=%2Faccounts%2Finvitations%2F")
    assert 'value="ana@example.org"' in client.get(response["Location"]).content.decode()


def test_a_new_colleague_signs_in_accepts_and_is_asked_for_a_second_step(client, baltimore, manager):
    link = invited(baltimore, manager)
    client.post("/accounts/login/", {"email": "ana@example.org", "next": link})
    with city_scope(CENTER_ID):
        code = open_body(Message.objects.get(kind="sign-in-code").sealed_body)
    assert client.post("/accounts/login/code/", {"code": code, "next": link})["Location"] == link

    response = client.post(link)

    assert response["Location"] == "/baltimore/staff/"
    assert client.get(TEAM)["Location"].startswith("/accounts/factor/required/")


def test_an_outside_reviewer_is_led_to_their_own_page(client, baltimore, manager):
    link = invited(baltimore, manager, roles=["reviewer"])
    sign_in(client, UserFactory(email="ana@example.org"))

    assert client.post(link)["Location"] == "/baltimore/review/"


def test_somebody_else_with_the_link_gets_nothing(client, baltimore, manager):
    link = invited(baltimore, manager)
    thief = UserFactory(email="thief@example.org")
    sign_in(client, thief)

    assert b"You are signed in with another address" in client.get(link).content
    assert b"was sent to another address" in client.post(link).content
    assert roles_of(baltimore, thief) == set()


def test_a_used_link_says_so(client, baltimore, manager):
    link = invited(baltimore, manager)
    sign_in(client, UserFactory(email="ana@example.org"))
    client.post(link)

    assert b"This invitation is over" in client.get(link).content
    assert b"This invitation is over" in client.post(link).content


@pytest.mark.parametrize("token", ["x", "A" * 64, "💥"])
def test_a_made_up_link_is_not_found(token):
    assert Client().get(f"/accounts/invitations/{token}/").status_code == 404


def test_a_link_with_another_secret_is_over(client, baltimore):
    from cities.access.tokens import new_token

    assert (
        b"This invitation is over" in client.get(f"/accounts/invitations/{new_token(baltimore.pk)}/").content
    )
