import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cities.access.actions import (
    accept_invitation,
    change_roles,
    invite_member,
    withdraw_invitation,
)
from cities.access.errors import (
    AlreadyMemberError,
    InvitationGoneError,
    LastManagerError,
    NoRoleError,
    NotMemberError,
    WrongPersonError,
)
from cities.access.handing import end_membership, leave_place
from cities.access.models import Invitation, Membership, Role
from cities.access.queries import members, people_here, workplaces
from cities.access.tokens import city_of_token, new_token, token_hash
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.factories import UserFactory, make_city, make_member, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def baltimore():
    return make_city("baltimore")


@pytest.fixture
def manager(baltimore):
    return make_member(baltimore, Role.MANAGER, email="manager@example.org", name="Marcus Green")


@pytest.fixture
def ana():
    return UserFactory(email="ana@example.org", name="")


def tags() -> list[str]:
    return [e.tag for e in Event.objects.order_by("created_at", "id")]


def link() -> str:
    """The token in the last letter."""
    message = Message.objects.filter(kind="invitation").latest("created_at")
    return open_body(message.sealed_body).split("/")[3]


def roles_of(user) -> set[str]:
    return set(Membership.objects.filter(user=user, ended_at__isnull=True).values_list("role", flat=True))


def test_an_invitation_is_audited_and_one_letter_sent_for_all_its_roles(baltimore, manager):
    with city_scope(baltimore):
        made = invite_member(
            email=" Ana@Example.org", name="Ana", roles=["staff", "finance"], actor=manager, language="es"
        )

        assert [(i.email, i.role) for i in made] == [
            ("ana@example.org", "staff"),
            ("ana@example.org", "finance"),
        ]
        assert tags() == ["member:invite", "member:invite"]
        (message,) = Message.objects.all()
        assert (message.address, message.language, message.data["roles"]) == (
            "ana@example.org",
            "es",
            ["staff", "finance"],
        )
        assert message.data["inviter"] == "Marcus Green"


def test_the_table_keeps_a_hash_of_the_token_only(baltimore, manager):
    with city_scope(baltimore):
        (invitation,) = invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        token = link()

        assert invitation.token_hash == token_hash(token)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(m::text, '') || string_agg(i::text, '') FROM cities_message m, cities_invitation i"
            )
            assert token not in cursor.fetchone()[0]


@pytest.mark.parametrize("roles", [[], ["officer"], ["staff", "mayor"]])
def test_a_city_invites_to_its_own_roles_only(baltimore, manager, roles):
    with city_scope(baltimore), pytest.raises(NoRoleError):
        invite_member(email="ana@example.org", roles=roles, actor=manager)


def test_the_center_invites_to_its_own_roles_only():
    officer = make_officer()

    with city_scope(CENTER_ID):
        with pytest.raises(NoRoleError):
            invite_member(email="ana@example.org", roles=["manager"], actor=officer)
        assert invite_member(email="ana@example.org", roles=["auditor"], actor=officer)


def test_a_member_is_not_invited_to_a_role_they_hold(baltimore, manager):
    with city_scope(baltimore):
        with pytest.raises(AlreadyMemberError):
            invite_member(email="manager@example.org", roles=["manager", "staff"], actor=manager)
        assert not Invitation.objects.exists()
        assert invite_member(email="manager@example.org", roles=["staff"], actor=manager)


def test_nobody_is_invited_twice_to_the_same_role_unless_the_first_is_too_old(baltimore, manager):
    with city_scope(baltimore):
        invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        with pytest.raises(AlreadyMemberError):
            invite_member(email="ana@example.org", roles=["staff"], actor=manager)

        Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
        invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        assert Invitation.objects.filter(withdrawn_at__isnull=True).count() == 1
        assert tags() == ["member:invite", "member:withdraw-invitation", "member:invite"]


def test_accepting_gives_all_roles_and_the_name_from_the_letter(baltimore, manager, ana):
    with city_scope(baltimore):
        invite_member(email="ana@example.org", name="Ana Díaz", roles=["staff", "finance"], actor=manager)

        accept_invitation(link(), actor=ana)

        assert roles_of(ana) == {"staff", "finance"}
        assert tags()[2:] == ["member:join", "member:join"]
        assert {i.accepted_by for i in Invitation.objects.all()} == {ana}
    ana.refresh_from_db()
    assert ana.name == "Ana Díaz"


def test_an_invitation_is_for_its_address_only(baltimore, manager):
    with city_scope(baltimore):
        invite_member(email="ana@example.org", roles=["staff"], actor=manager)

        with pytest.raises(WrongPersonError):
            accept_invitation(link(), actor=UserFactory(email="thief@example.org"))


def test_an_invitation_is_accepted_once(baltimore, manager, ana):
    with city_scope(baltimore):
        invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        accept_invitation(link(), actor=ana)
        end_membership(ana.pk, actor=manager)

        with pytest.raises(InvitationGoneError):
            accept_invitation(link(), actor=ana)
        assert roles_of(ana) == set()


def test_an_old_invitation_is_over(baltimore, manager, ana):
    with city_scope(baltimore):
        invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        with pytest.raises(InvitationGoneError):
            accept_invitation(link(), actor=ana)


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 64, new_token(CENTER_ID)], ids=["empty", "short", "long", "new"]
)
def test_a_made_up_token_opens_nothing(baltimore, ana, token):
    with city_scope(baltimore), pytest.raises(InvitationGoneError):
        accept_invitation(token, actor=ana)


def test_a_token_of_another_city_opens_nothing_here(baltimore, manager, ana):
    with city_scope(baltimore):
        invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        token = link()

    with city_scope(make_city("dallas")), pytest.raises(InvitationGoneError):
        accept_invitation(token, actor=ana)
    assert city_of_token(token) == baltimore.pk


def test_a_withdrawn_invitation_is_over(baltimore, manager, ana):
    with city_scope(baltimore):
        (invitation,) = invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        withdraw_invitation(invitation.pk, actor=manager)

        assert tags() == ["member:invite", "member:withdraw-invitation"]
        with pytest.raises(InvitationGoneError):
            withdraw_invitation(invitation.pk, actor=manager)
        with pytest.raises(InvitationGoneError):
            accept_invitation(link(), actor=ana)


def test_roles_are_changed_audited_and_told(baltimore, manager):
    ana = make_member(baltimore, Role.STAFF, Role.VIEWER)

    with city_scope(baltimore):
        assert change_roles(ana.pk, roles=["staff", "finance"], actor=manager) == {Role.STAFF, Role.FINANCE}

        assert roles_of(ana) == {"staff", "finance"}
        assert tags() == ["member:end", "member:join"]
        message = Message.objects.get(kind="roles-changed")
        assert (message.recipient, message.data["roles"]) == (ana, ["finance", "staff"])


def test_changing_nothing_tells_nobody(baltimore, manager):
    ana = make_member(baltimore, Role.STAFF)

    with city_scope(baltimore):
        change_roles(ana.pk, roles=["staff"], actor=manager)

        assert tags() == []
        assert not Message.objects.exists()


def test_the_last_manager_keeps_the_role(baltimore, manager):
    with city_scope(baltimore):
        with pytest.raises(LastManagerError):
            change_roles(manager.pk, roles=["viewer"], actor=manager)
        with pytest.raises(LastManagerError):
            end_membership(manager.pk, actor=manager)
        assert change_roles(manager.pk, roles=["manager", "staff"], actor=manager)


def test_one_of_two_managers_may_go(baltimore, manager):
    other = make_member(baltimore, Role.MANAGER)

    with city_scope(baltimore):
        end_membership(manager.pk, actor=manager)
        assert [m.user for m in members()] == [other]


def test_an_officer_may_remove_the_last_manager(baltimore, manager):
    officer = make_officer()

    with city_scope(baltimore):
        end_membership(manager.pk, actor=officer, by_center=True)

        assert members() == []
        assert Event.objects.get().actor == officer


def test_somebody_who_is_no_manager_any_more_changes_nothing(baltimore, manager):
    """The right was read before the lock: a manager may have been removed in between."""
    former = UserFactory()

    with city_scope(baltimore):
        with pytest.raises(NotMemberError):
            end_membership(manager.pk, actor=former)
        with pytest.raises(NotMemberError):
            change_roles(manager.pk, roles=["viewer"], actor=former)


def test_a_person_without_a_role_here_is_no_member(baltimore, manager):
    stranger = make_member(make_city("dallas"), Role.STAFF)

    with city_scope(baltimore):
        with pytest.raises(NotMemberError):
            end_membership(stranger.pk, actor=manager)
        assert set(people_here()) == {manager}


def test_ended_memberships_are_kept_and_the_roles_end_at_once(baltimore, manager):
    ana = make_member(baltimore, Role.STAFF)
    assert [place.url for place in workplaces(ana)] == ["/baltimore/staff/"]

    with city_scope(baltimore):
        end_membership(ana.pk, actor=manager)
        assert Membership.objects.filter(user=ana).count() == 1
    assert workplaces(ana) == []


@pytest.mark.parametrize("by_themselves", [True, False])
def test_whoever_leaves_takes_along_what_invites_them_back_and_whom_they_invited(
    baltimore, manager, ana, by_themselves
):
    tokens = []
    with city_scope(baltimore):
        Membership.objects.create(user=ana, role=Role.MANAGER)
        for email, inviter in [
            ("ana@example.org", manager),
            ("b@example.org", ana),
            ("c@example.org", manager),
        ]:
            invite_member(email=email, roles=["staff"], actor=inviter)
            tokens.append(link())

        if by_themselves:
            leave_place(actor=ana)
        else:
            end_membership(ana.pk, actor=manager)

        for token, person in [(tokens[0], ana), (tokens[1], UserFactory(email="b@example.org"))]:
            with pytest.raises(InvitationGoneError):
                accept_invitation(token, actor=person)
        assert roles_of(ana) == set()
        assert accept_invitation(tokens[2], actor=UserFactory(email="c@example.org"))
        assert tags().count("member:withdraw-invitation") == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_is_accepted_as_the_access_ends_gives_nothing():
    city = make_city("baltimore")
    manager, ana = make_member(city, Role.MANAGER), make_member(city, Role.VIEWER, email="ana@example.org")
    with city_scope(city):
        invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        token = link()
    accepted, ended = threading.Event(), threading.Event()

    def end():
        accepted.wait()
        with city_scope(city):
            end_membership(ana.pk, actor=manager)
        connection.close()
        ended.set()

    thread = threading.Thread(target=end)
    thread.start()
    with city_scope(city):
        accept_invitation(token, actor=ana)
        accepted.set()
        assert not ended.wait(0.5)
    thread.join()

    with city_scope(city):
        assert roles_of(ana) == set()


def test_a_failure_after_the_last_write_leaves_nothing(baltimore, manager, monkeypatch):
    from cities.access import notices

    def fails(*_args, **_kwargs):
        raise RuntimeError

    ana = make_member(baltimore, Role.STAFF)
    monkeypatch.setattr(notices, "invited", fails)
    monkeypatch.setattr(notices, "roles_changed", fails)

    with city_scope(baltimore):
        for deed in (
            lambda: invite_member(email="x@example.org", roles=["staff"], actor=manager),
            lambda: change_roles(ana.pk, roles=["viewer"], actor=manager),
            lambda: end_membership(ana.pk, actor=manager),
        ):
            with pytest.raises(RuntimeError):
                deed()
        assert roles_of(ana) == {"staff"}
        assert not Invitation.objects.exists()
        assert tags() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_managers_can_not_remove_each_other_at_once():
    city = make_city("baltimore")
    one, two = make_member(city, Role.MANAGER), make_member(city, Role.MANAGER)
    start, refused = threading.Barrier(2), []

    def remove(actor, other):
        start.wait()
        try:
            with city_scope(city):
                end_membership(other.pk, actor=actor)
        except NotMemberError as error:
            refused.append(error)
        connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in [(one, two), (two, one)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    with city_scope(city):
        assert len(members()) == 1


def test_a_workplace_names_the_center_first(baltimore):
    person = make_member(baltimore, Role.STAFF, Role.FINANCE)
    with city_scope(CENTER_ID):
        Membership.objects.create(user=person, role=Role.OFFICER)

    assert [(place.url, place.roles) for place in workplaces(person)] == [
        ("/center/", {Role.OFFICER}),
        ("/baltimore/staff/", {Role.STAFF, Role.FINANCE}),
    ]


def test_an_outside_reviewer_has_no_desk(baltimore):
    assert workplaces(make_member(baltimore, Role.REVIEWER)) == []
