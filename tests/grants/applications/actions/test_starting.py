from datetime import timedelta

import pytest
from django.utils import timezone

from grants.applications.actions import start_application, submit_application
from grants.applications.errors import DeadlinePassedError, NotEligibleError, NotOpenError
from grants.applications.models import Application
from grants.cycles.models import Cycle
from grants.cycles.states import Status as CycleStatus
from tests.factories import UserFactory
from tests.grants.applications.forms import make_call, make_draft

RESIDENT_RULE = {
    "key": "in_city",
    "label": "Is the place in the city?",
    "type": "yes_no",
    "options": [],
    "must": {"words": "The place must be in the city.", "test": {"op": "eq", "value": True}},
    "stops": True,
}


def test_a_new_draft_knows_its_call_and_its_person(in_city, resident):
    cycle = make_call(name="Spring call")

    application = start_application(cycle.pk, actor=resident)

    stored = Application.objects.get()
    assert stored == application
    assert (stored.status, stored.applicant, stored.cycle_name, stored.city_slug) == (
        "draft",
        resident,
        "Spring call",
        "tilden",
    )
    assert (stored.closes_at, stored.applicant_name, stored.question_count) == (
        cycle.closes_at,
        "Odessa Rhee",
        9,
    )


def test_an_account_without_a_name_takes_the_one_that_is_typed_at_the_start(in_city):
    nameless = UserFactory(name="", email="ana@example.org")

    start_application(make_call().pk, actor=nameless, applicant_name=" Ana   Díaz ")

    nameless.refresh_from_db()
    assert (nameless.name, nameless.get_short_name()) == ("Ana Díaz", "Ana")


@pytest.mark.parametrize(("name", "typed"), [("Odessa Rhee", "Somebody Else"), ("", ""), ("", "x" * 150)])
def test_a_name_that_is_known_stays_and_none_is_made_up(in_city, name, typed):
    person = UserFactory(name=name)

    start_application(make_call().pk, actor=person, applicant_name=typed)

    person.refresh_from_db()
    assert person.name == (name or typed[:120])


def test_starting_again_returns_the_same_draft(in_city, resident):
    cycle = make_call()

    first = start_application(cycle.pk, actor=resident)
    second = start_application(cycle.pk, actor=resident)

    assert first.pk == second.pk
    assert Application.objects.count() == 1


def test_another_draft_is_made_on_request(in_city, resident):
    begun = make_draft(resident)

    another = start_application(begun.cycle_id, actor=resident, another=True)

    assert another.pk != begun.pk
    assert Application.objects.count() == 2


def test_another_that_is_asked_for_again_after_a_lost_answer_is_the_same_one(in_city, resident):
    begun = make_draft(resident)

    first = start_application(begun.cycle_id, actor=resident, another=True)
    second = start_application(begun.cycle_id, actor=resident, another=True)

    assert first.pk == second.pk
    assert Application.objects.count() == 2


def test_after_sending_one_a_new_draft_is_started(in_city, resident):
    cycle = make_call()
    sent = make_draft(resident, cycle=cycle)
    submit_application(sent.pk, actor=resident)

    assert start_application(cycle.pk, actor=resident).pk != sent.pk


def test_two_people_have_a_draft_each(in_city, resident, neighbor):
    cycle = make_call()

    assert start_application(cycle.pk, actor=resident) != start_application(cycle.pk, actor=neighbor)


def test_what_the_self_check_was_told_is_kept(in_city, resident):
    cycle = make_call(eligibility=[RESIDENT_RULE])

    application = start_application(
        cycle.pk, actor=resident, eligibility_answers={"in_city": "yes", "made_up": "x"}
    )

    assert application.eligibility_answers == {"in_city": True}


def test_who_does_not_fit_is_told_the_rule(in_city, resident):
    cycle = make_call(eligibility=[RESIDENT_RULE])

    with pytest.raises(NotEligibleError, match="The place must be in the city"):
        start_application(cycle.pk, actor=resident, eligibility_answers={"in_city": "no"})

    assert Application.objects.count() == 0


def test_a_call_that_is_not_open_yet_says_when(in_city, resident):
    cycle = make_call(opens_at=timezone.now() + timedelta(days=1))

    with pytest.raises(NotOpenError, match="This call opens on"):
        start_application(cycle.pk, actor=resident)


def test_a_closed_call_says_so(in_city, resident):
    cycle = make_call(
        opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(seconds=1)
    )

    with pytest.raises(DeadlinePassedError, match=r"This call closed on .*Central Time"):
        start_application(cycle.pk, actor=resident)


def test_an_unpublished_call_is_not_there(in_city, resident):
    cycle = make_call(status=CycleStatus.DRAFT)

    with pytest.raises(Cycle.DoesNotExist):
        start_application(cycle.pk, actor=resident)
