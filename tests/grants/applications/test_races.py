"""Two requests in the same instant, on real connections."""

from threading import Barrier, Thread
from threading import Event as Signal
from time import sleep

import pytest
from django.db import connection

from cities.access.models import Role
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.applications.actions import save_answer, start_application, submit_application
from grants.applications.models import Answer, Application
from grants.cycles.actions import withdraw_publication
from grants.cycles.errors import FormInUseError
from tests.factories import UserFactory, make_city, make_member
from tests.grants.applications.forms import make_call, make_draft

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*deeds):
    """Do all of these in one instant, each in its own thread and city scope. Returns what came of each."""
    gate, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(number, city, deed):
        try:
            with city_scope(city):
                gate.wait(timeout=10)
                results[number] = deed()
        except RuleError as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number, city, deed)) for number, (city, deed) in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def city():
    return make_city("tilden", name="Tilden")


@pytest.fixture
def resident():
    return UserFactory(name="Odessa Rhee")


def test_sending_twice_at_once_is_one_application(city, resident):
    with city_scope(city):
        draft = make_draft(resident)

    results = at_once(*[(city, lambda: submit_application(draft.pk, actor=resident))] * 2)

    assert len({form.application.reference for form in results}) == 1
    with city_scope(city):
        assert Event.objects.filter(tag="application:submit").count() == 1
        assert Message.objects.filter(kind="application-submitted").count() == 1


def test_many_who_send_at_once_get_numbers_without_gaps(city):
    with city_scope(city):
        cycle = make_call()
        drafts = [make_draft(UserFactory(), cycle=cycle) for _ in range(6)]

    results = at_once(
        *[(city, lambda draft=draft: submit_application(draft.pk, actor=draft.applicant)) for draft in drafts]
    )

    assert sorted(int(form.application.reference[-4:]) for form in results) == [1, 2, 3, 4, 5, 6]


def test_two_writers_of_one_answer_one_is_told(city, resident):
    with city_scope(city):
        draft = make_draft(resident, {})

    results = at_once(
        *[
            (city, lambda text=text: save_answer(draft.pk, "project_title", text, version=0, actor=resident))
            for text in ("Kitchen", "Phone")
        ]
    )

    refused = [result for result in results if isinstance(result, RuleError)]
    assert len(refused) == 1
    with city_scope(city):
        answer = Answer.objects.get()
    assert {refused[0].extra["yours"], answer.value} == {"Kitchen", "Phone"}


def test_two_clicks_on_start_make_one_draft(city, resident):
    with city_scope(city):
        cycle = make_call()

    at_once(*[(city, lambda: start_application(cycle.pk, actor=resident))] * 2)

    with city_scope(city):
        assert Application.objects.count() == 1


def test_a_call_is_not_taken_back_under_a_draft_that_is_being_started(city, resident):
    manager, is_started = make_member(city, Role.MANAGER), Signal()
    with city_scope(city):
        cycle = make_call()

    def start():
        draft = start_application(cycle.pk, actor=resident)
        is_started.set()
        sleep(0.5)  # the draft isn't committed yet
        return draft

    def take_back():
        is_started.wait(timeout=10)
        return withdraw_publication(cycle.pk, actor=manager)

    started, refused = at_once((city, start), (city, take_back))

    assert isinstance(started, Application)
    assert isinstance(refused, FormInUseError)
