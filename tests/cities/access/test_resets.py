"""A lost second step: who may ask, who may approve, and what then ends."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from cities.access.errors import ResetAnsweredError, ResetError
from cities.access.models import FactorReset, Membership, OpenSession, Role
from cities.access.resets import (
    approve_factor_reset,
    ask_factor_reset,
    officers_to_answer,
    only_the_center,
    open_resets,
    place_to_ask,
    refuse_factor_reset,
    works_only_here,
)
from cities.access.signals import person_signed_out_everywhere
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from tests.factories import make_city, make_member, make_officer
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city("baltimore")


@pytest.fixture
def marcus(city):
    return make_member(city, Role.MANAGER, name="Marcus")


@pytest.fixture
def second(city):
    return make_member(city, Role.MANAGER, name="Second")


@pytest.fixture
def sofia(city):
    person = make_member(city, Role.STAFF, name="Sofia")
    Authenticator.objects.create(user=person, type="totp", data={})
    return person


@pytest.fixture
def asked(city, marcus, sofia):
    with city_scope(city):
        return ask_factor_reset(sofia.pk, reason="new phone", actor=marcus)


def also_in_dallas(person) -> None:
    with city_scope(make_city("dallas")):
        Membership.objects.create(user=person, role=Role.VIEWER)


def kinds() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def has_factor(person) -> bool:
    return Authenticator.objects.filter(user=person).exists()


def test_approving_takes_off_the_factors_ends_the_sessions_and_tells_the_person(city, sofia, second, asked):
    sign_in(browser := Client(), sofia)
    told = []
    person_signed_out_everywhere.connect(hear := lambda **news: told.append(news["person_id"]))

    with city_scope(city):
        approve_factor_reset(asked.pk, actor=second)

        assert kinds() == ["factor-reset-asked", "factor-reset-done"]
        assert {message.recipient_id for message in Message.objects.all()} == {sofia.pk}
        assert [e.tag for e in Event.objects.order_by("created_at")] == [
            "factor:ask-reset",
            "factor:approve-reset",
        ]
    person_signed_out_everywhere.disconnect(hear)
    assert told == [sofia.pk]
    assert not has_factor(sofia)
    assert not OpenSession.objects.filter(person=sofia).exists()
    assert browser.get("/baltimore/staff/")["Location"].startswith("/accounts/login/")


def test_nobody_approves_what_they_asked_for(city, sofia, marcus, asked):
    with city_scope(city), pytest.raises(ResetError):
        approve_factor_reset(asked.pk, actor=marcus)

    assert has_factor(sofia)


def test_nobody_approves_what_is_about_themselves(city, marcus, second):
    with city_scope(city):
        reset = ask_factor_reset(second.pk, reason="lost", actor=marcus)

        with pytest.raises(ResetError):
            approve_factor_reset(reset.pk, actor=second)


def test_a_manager_does_not_approve_for_somebody_who_also_works_elsewhere(city, sofia, second, asked):
    also_in_dallas(sofia)

    with city_scope(city), pytest.raises(ResetError):
        approve_factor_reset(asked.pk, actor=second)
    assert has_factor(sofia)

    with city_scope(city):
        approve_factor_reset(asked.pk, actor=make_officer_here(), by_center=True)
    assert not has_factor(sofia)


def make_officer_here():
    """The officer was made before the scope opened."""
    from cities.access.models import User

    return User.objects.get(email="officer@example.org")


@pytest.fixture(autouse=True)
def officer():
    return make_officer(email="officer@example.org")


def approve_by_hand(reset, approver, held_by) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        FactorReset.objects.filter(pk=reset.pk).update(approved_by=approver, approved_at=timezone.now())
    assert refused.value.__cause__.diag.constraint_name == held_by


def test_the_database_refuses_the_wrong_approver_by_itself(city, sofia, marcus, second, asked):
    stranger = make_member(make_city("dallas"), Role.MANAGER)

    with city_scope(city):
        about_a_manager = ask_factor_reset(second.pk, reason="lost", actor=marcus)
        approve_by_hand(asked, marcus, "factor_reset_by_another")
        approve_by_hand(about_a_manager, second, "factor_reset_by_another")
        approve_by_hand(asked, sofia, "factor_reset_judge")
        approve_by_hand(asked, stranger, "factor_reset_judge")


def test_the_database_lets_no_officer_approve_for_themselves(city, marcus, officer):
    with city_scope(CENTER_ID):
        reset = FactorReset.objects.create(person=officer, asked_by=marcus, reason="lost")

        approve_by_hand(reset, officer, "factor_reset_by_another")


def test_the_database_refuses_a_manager_for_somebody_who_works_elsewhere(city, sofia, second, asked):
    also_in_dallas(sofia)

    with city_scope(city):
        approve_by_hand(asked, second, "factor_reset_judge")


def test_the_definer_function_answers_for_the_open_city_only(city, sofia):
    with city_scope(city):
        assert works_only_here(sofia.pk)
    with city_scope(make_city("dallas")):
        assert not works_only_here(sofia.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT works_only_here(%s)", [sofia.pk])
        assert cursor.fetchone() == (False,)


def test_a_question_is_asked_once_with_a_reason_and_answered_once(city, sofia, marcus, second, asked):
    with city_scope(city):
        with pytest.raises(ResetAnsweredError):
            ask_factor_reset(sofia.pk, reason="again", actor=second)
        with pytest.raises(RuleError):
            ask_factor_reset(marcus.pk, reason=" ", actor=second)
        refuse_factor_reset(asked.pk, actor=second)
        with pytest.raises(ResetAnsweredError):
            approve_factor_reset(asked.pk, actor=second)

    assert has_factor(sofia)


def test_ones_own_question_goes_to_the_one_city_or_to_the_center(city, sofia):
    assert place_to_ask(sofia) == city.pk

    also_in_dallas(sofia)

    assert place_to_ask(sofia) == CENTER_ID


def told_of(reset) -> list[str]:
    """Who got the letter for officers, in the place that is open."""
    letters = Message.objects.filter(kind="factor-reset-for-center", subject_id=reset.pk)
    return sorted(letters.values_list("recipient__email", flat=True))


@pytest.mark.parametrize(
    ("case", "is_for_center"),
    [
        (("staff", "asked by a manager", 2, "here alone"), False),
        (("staff", "asked by a manager", 2, "also elsewhere"), True),
        (("staff", "asked by a manager", 1, "here alone"), True),
        (("staff", "asked by themselves", 1, "here alone"), False),
        (("manager", "asked by themselves", 1, "here alone"), True),
        (("manager", "asked by themselves", 2, "here alone"), False),
    ],
)
def test_officers_are_told_once_of_what_nobody_else_can_answer(city, officer, case, is_for_center):
    role, asked_by, managers, where = case
    make_officer(email="second@example.org")
    leading = [make_member(city, Role.MANAGER) for _ in range(managers)]
    person = leading[0] if role == "manager" else make_member(city, Role.STAFF)
    if where == "also elsewhere":
        also_in_dallas(person)
    actor = leading[0] if asked_by == "asked by a manager" else person

    with city_scope(city):
        reset = ask_factor_reset(person.pk, reason="lost", actor=actor)
        assert told_of(reset) == (["officer@example.org", "second@example.org"] if is_for_center else [])
    with center_scope(officer):
        assert open_resets().filter(only_the_center()).count() == is_for_center


def test_what_asks_for_somebody_who_left_waits_for_the_center(city, sofia, second, asked, officer):
    with city_scope(city):
        assert officers_to_answer(asked) == []
        Membership.objects.filter(user=sofia).update(ended_at=timezone.now())
        assert officers_to_answer(asked) == [officer]

    with center_scope(officer):
        assert open_resets().filter(only_the_center()).get() == asked


def test_an_officers_own_question_is_told_to_the_others(officer):
    make_officer(email="second@example.org")

    with city_scope(CENTER_ID):
        reset = ask_factor_reset(officer.pk, reason="lost", actor=officer)

        assert told_of(reset) == ["second@example.org"]


def test_officers_are_named_for_an_open_question_of_the_open_city_only(city, sofia, asked, officer):
    with city_scope(make_city("dallas")):
        assert officers_to_answer(asked) == []
    with city_scope(city):
        assert officers_to_answer(asked) == [officer]
        refuse_factor_reset(asked.pk, actor=officer)
        assert officers_to_answer(asked) == []


def test_the_centers_list_says_what_only_the_center_can_answer(city, sofia, second, asked, officer):
    sign_in(client := Client(), officer)
    before = client.get("/center/second-steps/").text

    also_in_dallas(sofia)

    assert "A second manager, too" in before
    assert "Only the Center" in client.get("/center/second-steps/").text


def test_pages_lead_from_the_member_to_the_answer(city, marcus, second, sofia):
    sign_in(first := Client(), marcus)
    sign_in(other := Client(), second)
    base = f"/baltimore/staff/setup/team/{sofia.pk}"
    assert "second-step/" in first.get(f"{base}/").text

    assert first.post(f"{base}/second-step/", {"reason": "new phone"}).status_code == 302
    with city_scope(city):
        reset = FactorReset.objects.get()
    path = f"/baltimore/staff/setup/team/second-steps/{reset.pk}/"

    assert path in other.get("/baltimore/staff/setup/team/").text
    assert first.post(path, {"answer": "approve"}).status_code == 403
    assert "new phone" in other.get(path).text
    assert other.post(path, {"answer": "approve"}).status_code == 302
    assert not has_factor(sofia)
    assert other.get(path).status_code == 404


def test_the_center_answers_in_the_citys_chain(city, sofia, asked, officer):
    also_in_dallas(sofia)
    sign_in(client := Client(), officer)

    assert str(asked.pk) in client.get("/center/second-steps/").text
    assert client.post(f"/center/second-steps/{asked.pk}/", {"answer": "approve"}).status_code == 302

    assert not has_factor(sofia)
    with city_scope(city):
        assert Event.objects.filter(tag="factor:approve-reset", actor=officer).count() == 1
