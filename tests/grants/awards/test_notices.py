"""What people read: letters, the trail, and what waits on a manager."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from cities.audit.sentences import has_sentence
from cities.interface.waiting import waiting_for
from cities.outbox.models import Message
from grants.applications.models import Conflict
from grants.awards.actions import decline_application, decline_award, rescind_award, undo_decline
from grants.awards.models import Award
from grants.awards.picks import Picks
from grants.awards.ranking import Ranking
from grants.awards.waiting import waiting_awards
from residents.notices.registry import write_letter
from tests.queries import count_statements

from .factories import make_application, make_award, make_colleague


@pytest.fixture
def letters(in_city, manager):
    """One letter of each kind."""
    make_award(is_accepted=True)
    decline_award((one := make_award()).pk, reason="We moved.", actor=one.applicant)
    rescind_award(make_award().pk, reason="The lot was sold.", actor=manager)
    application = make_application()
    decline_application(application.pk, reason="No permit.", actor=manager)
    undo_decline(application.pk, actor=manager)
    return {
        message.kind: write_letter(message) for message in Message.objects.select_related("city", "recipient")
    }


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("award-offered", ["$1,200", "You asked for $1,500", "/answer/"]),
        ("award-confirmed", ["Rosa Vega", "keep every receipt"]),
        ("award-accepted", ["accepted the award of $1,200", "/staff/awards/"]),
        ("award-declined", ["We moved.", "available again"]),
        ("award-rescinded", ["The lot was sold."]),
        ("application-declined", ["No permit.", "312 555 0100"]),
        ("application-decline-undone", ["It will decide about it again."]),
    ],
)
def test_each_letter_says_what_matters(letters, kind, words):
    for one in words:
        assert one in letters[kind].subject + letters[kind].text
    assert "{" not in letters[kind].text


@pytest.mark.parametrize(
    "tag",
    [
        "award:offer",
        "award:accept",
        "award:decline",
        "award:rescind",
        "application:decline",
        "application:undo-decline",
    ],
)
def test_each_deed_reads_as_a_sentence_in_the_trail(tag):
    assert has_sentence(tag)


def waits(person, city):
    return {item.label: item.count for item in waiting_for(person, city) if "staff/awards" in item.url}


def test_a_manager_is_told_of_decisions_and_of_offers_that_nobody_answered_in_time(in_city, manager):
    make_application(scored_count=3, assigned_count=3)
    make_application(scored_count=2, assigned_count=3)
    today, long_ago = timezone.localdate(timezone=in_city.zone), timezone.now() - timedelta(days=15)
    for days in [
        {"answer_by_on": today - timedelta(days=1)},
        {"answer_by_on": today},
        {"answer_by_on": today + timedelta(days=9), "offered_at": long_ago},
        {"answer_by_on": None, "offered_at": long_ago},
        {"answer_by_on": None},
    ]:
        Award.objects.filter(pk=make_award().pk).update(**days)

    assert waits(manager, in_city) == {
        "decision to make, all scores are in": 1,
        "offers that nobody answered in time": 2,
    }


def test_decisions_wait_call_by_call_and_each_line_leads_to_what_it_counts(in_city, manager):
    first = make_application(scored_count=3, assigned_count=3, requested_cents=100)
    make_application(scored_count=1, assigned_count=1, requested_cents=200, form_version=first.form_version)
    second = make_application(scored_count=3, assigned_count=3, form_version__cycle__slug="second")

    with count_statements() as asked:
        lines = [item for item in waiting_awards(manager, in_city) if item.count]

    assert {(line.note, line.count) for line in lines} == {(first.cycle.name, 2), (second.cycle.name, 1)}
    for line in lines:
        query = dict(parse_qsl(urlsplit(line.url).query))
        ranking = Ranking(manager, in_city, query, Picks())
        assert (ranking.cycle.name, len(ranking.rows)) == (line.note, line.count)
    assert len(asked) == 3


def test_what_a_conflict_hides_does_not_wait(in_city, manager):
    application = make_application(scored_count=3, assigned_count=3)
    Conflict.objects.create(application=application, person=manager, kind="family", declared_by=manager)

    assert waits(manager, in_city) == {}


def test_decisions_wait_on_managers_alone(in_city):
    make_application(scored_count=3, assigned_count=3)

    assert waits(make_colleague("finance"), in_city) == {}
