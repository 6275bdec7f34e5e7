"""A score stands by the rubric and the version of the application that it was given for."""

from copy import deepcopy
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cities.access.models import Membership
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope
from grants.applications.actions import reopen_application, withdraw_application
from grants.applications.models import Application
from grants.cycles.actions import update_rubric
from grants.cycles.errors import RubricInUseError
from grants.cycles.models import Cycle
from grants.reviews.models import Review
from grants.reviews.states import Status
from residents.notices.registry import write_letter
from tests.people import sign_in

from .factories import FULL, RUBRIC

pytestmark = pytest.mark.django_db


def changed(**parts):
    return {**deepcopy(RUBRIC), **parts}


def reworded():
    rubric = deepcopy(RUBRIC)
    rubric["criteria"][0] |= {"label": "Good for the block", "guidance": "Who gains?"}
    return {**rubric, "reviewers": "Neighbors"}


def reweighed():
    rubric = deepcopy(RUBRIC)
    rubric["criteria"][0]["max_points"] = 40
    return rubric


MEASURES = {
    "points": reweighed(),
    "a criterion gone": changed(criteria=RUBRIC["criteria"][:2]),
    "a gate more": changed(gates=[*RUBRIC["gates"], {"key": "map", "label": "Has a map?"}]),
    "a bonus gone": changed(bonus=[]),
    "the minimum": changed(minimum_total=50),
}


@pytest.fixture
def sent(panel, application):
    """One sent review, one begun, and one that nobody opened; the summary is true."""
    review = panel.review(application, panel.robert, sent=True, recommended_cents=90_000)
    panel.review(application, panel.rosa, scores=FULL["scores"], version=1)
    panel.review(application, panel.staff, cleared_at=None)
    with city_scope(panel.city):
        Application.objects.filter(pk=application.pk).update(
            assigned_count=3, scored_count=1, score_mean=Decimal("47.5"), recommended_cents=90_000
        )
    return review


def reopen(panel, application):
    """Withdrawn and opened again by its applicant, while the call is open."""
    with city_scope(panel.city):
        withdraw_application(application.pk, actor=application.applicant)
        return reopen_application(application.pk, actor=application.applicant)


# -- The rubric ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", MEASURES)
def test_what_scores_are_measured_by_stays_once_one_was_sent(panel, sent, what):
    cycle = sent.application.cycle_id

    with city_scope(panel.city), pytest.raises(RubricInUseError):
        update_rubric(cycle, rubric=MEASURES[what], actor=panel.manager)

    with city_scope(panel.city):
        assert Cycle.objects.get(pk=cycle).rubric == RUBRIC


@pytest.mark.parametrize("what", MEASURES)
def test_the_database_itself_keeps_the_measure(panel, sent, what):
    with (
        city_scope(panel.city),
        pytest.raises(IntegrityError, match="scores were sent by this rubric"),
        transaction.atomic(),
    ):
        Cycle.objects.filter(pk=sent.application.cycle_id).update(rubric=MEASURES[what])


def test_words_of_a_rubric_change_at_any_time(panel, sent):
    with city_scope(panel.city):
        cycle = update_rubric(sent.application.cycle_id, rubric=reworded(), actor=panel.manager)

    assert panel.now(cycle).rubric == reworded()


def test_a_rubric_that_nobody_sent_a_score_by_changes(panel, application):
    panel.review(application, panel.rosa, scores=FULL["scores"], version=1)

    with city_scope(panel.city):
        cycle = update_rubric(application.cycle_id, rubric=reweighed(), actor=panel.manager)

    assert panel.now(cycle).rubric == reweighed()


def test_the_api_says_why_a_rubric_stays(panel, sent):
    answer = sign_in(Client(), panel.manager).patch(
        f"/api/v1/cities/baltimore/cycles/{sent.application.cycle_id}/",
        {"rubric": reweighed()},
        content_type="application/json",
    )

    assert answer.status_code == 409
    assert "Scores were sent by this rubric" in answer.content.decode()


# -- The application -------------------------------------------------------------------------------------------
def test_scores_of_an_earlier_version_go_and_the_same_people_are_asked_again(panel, application, sent):
    again = reopen(panel, application)

    with city_scope(panel.city):
        old = Review.objects.filter(status=Status.OUTDATED)
        new = Review.objects.filter(status=Status.ASSIGNED)
        assert {row.reviewer_id for row in old} == {row.reviewer_id for row in new}
        assert old.get(pk=sent.pk).total == Decimal("47.50")
        assert [(row.scores, row.total, row.cleared_at, row.version) for row in new] == [
            ({}, None, None, 0)
        ] * 3
        event = Event.objects.get(tag="review:outdate")
    row = panel.now(again)
    assert (row.assigned_count, row.scored_count, row.score_mean, row.recommended_cents) == (3, 0, None, None)
    assert (len(event.data["reviews"]), event.data["totals"]) == (3, ["47.50"])


def test_who_had_begun_is_told_and_the_letter_names_no_application(panel, application, sent):
    reopen(panel, application)

    with city_scope(panel.city):
        letters = list(Message.objects.filter(kind="reviews-outdated"))
        assert {letter.recipient for letter in letters} == {panel.robert, panel.rosa}
        words = write_letter(letters[0]).text
    assert "no longer counts" in words
    assert application.title not in words


def test_who_left_the_city_is_not_asked_again(panel, application, sent):
    with city_scope(panel.city):
        Membership.objects.filter(user=panel.robert).update(ended_at=sent.submitted_at)

    reopen(panel, application)

    with city_scope(panel.city):
        assert set(Review.objects.filter(status=Status.ASSIGNED).values_list("reviewer", flat=True)) == {
            panel.rosa.pk,
            panel.staff.pk,
        }


def test_a_conflict_of_interest_outlives_an_earlier_version(panel, application):
    recused = panel.review(application, panel.robert, status=Status.RECUSED)

    reopen(panel, application)

    with city_scope(panel.city):
        assert list(Review.objects.values_list("pk", "status")) == [(recused.pk, Status.RECUSED)]


def test_the_database_lets_no_earlier_score_be_sent_again(panel, application):
    again = reopen(panel, application)
    panel.review(again, panel.robert, sent=True)

    with (
        city_scope(panel.city),
        pytest.raises(IntegrityError, match="a score of an earlier version still counts"),
        transaction.atomic(),
    ):
        Application.objects.filter(pk=again.pk).update(status="submitted")
