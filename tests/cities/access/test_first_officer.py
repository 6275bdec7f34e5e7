"""The first officer of an installation, whom nobody there can invite."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cities.access import rules
from cities.access.actions import appoint_officer
from cities.access.errors import OfficerExistsError
from cities.access.models import Membership, Role, User
from cities.audit.models import Event
from cities.audit.trail import OPERATOR
from cities.outbox.models import Message
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from tests.factories import UserFactory, make_city, make_member, make_officer

pytestmark = pytest.mark.django_db


def officers() -> list[str]:
    with city_scope(CENTER_ID):
        standing = Membership.objects.filter(role=Role.OFFICER, ended_at__isnull=True)
        return sorted(standing.values_list("user__email", flat=True))


def test_the_operator_makes_the_first_officer_who_then_opens_the_centers_door(capsys):
    call_command("create_officer", " Olivia@Example.org", name="Olivia Carter")

    officer = User.objects.get(email="olivia@example.org")
    assert rules.center_roles(officer) == {Role.OFFICER}
    with center_scope(officer):
        assert Membership.objects.count() == 1
    assert "olivia@example.org is an officer of the Center." in capsys.readouterr().out


def test_it_is_audited_and_told_in_the_centers_tenant():
    call_command("create_officer", "olivia@example.org")

    with city_scope(CENTER_ID):
        event = Event.objects.get()
        assert (event.tag, event.actor_name, event.data["role"]) == (
            "member:join",
            "operator’s command",
            "officer",
        )
        assert Message.objects.get().address == "olivia@example.org"


def test_somebody_who_has_an_account_keeps_it():
    ana = make_member(make_city(), Role.STAFF, email="ana@example.org", name="Ana")

    call_command("create_officer", "ana@example.org", name="Somebody Else")

    assert officers() == ["ana@example.org"]
    assert User.objects.get().name == ana.name


def test_where_there_is_an_officer_the_command_says_who_invites():
    make_officer(email="olivia@example.org")

    with pytest.raises(CommandError, match="The Center has an officer, who invites all others"):
        call_command("create_officer", "mallory@example.org")

    assert officers() == ["olivia@example.org"]
    assert not User.objects.filter(email="mallory@example.org").exists()


def test_another_one_can_be_asked_for_when_no_officer_can_sign_in():
    make_officer(email="olivia@example.org")

    call_command("create_officer", "nina@example.org", another=True)

    assert officers() == ["nina@example.org", "olivia@example.org"]


def test_the_same_officer_twice_and_no_address_are_refused():
    make_officer(email="olivia@example.org")

    with pytest.raises(CommandError, match="This person has this role already"):
        call_command("create_officer", "olivia@example.org", another=True)
    with pytest.raises(CommandError, match="Write a full e-mail address"):
        call_command("create_officer", "no address", another=True)


def test_an_officer_whose_access_has_ended_is_none():
    with city_scope(CENTER_ID):
        gone = UserFactory(email="gone@example.org")
        membership = Membership.objects.create(user=gone, role=Role.OFFICER)
        Membership.objects.filter(pk=membership.pk).update(ended_at=membership.created_at)

    call_command("create_officer", "olivia@example.org")

    assert officers() == ["olivia@example.org"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_first_officers_at_once_one_is_refused():
    refused = []

    def appoint(email):
        try:
            with city_scope(CENTER_ID):
                appoint_officer(email=email, actor=OPERATOR)
        except OfficerExistsError as error:
            refused.append(error)
        connection.close()

    threads = [threading.Thread(target=appoint, args=[f"{name}@example.org"]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert len(officers()) == 1
