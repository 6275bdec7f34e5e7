import itertools
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cities.access.actions import change_roles
from cities.access.models import Membership, Role
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.applications.conflicts import ConflictOfInterestError, has_conflict
from grants.applications.models import Conflict
from grants.reviews import states
from grants.reviews.actions import (
    assign_reviews,
    declare_conflict,
    lift_conflict,
    open_review,
    release_review,
    reopen_review,
    save_review,
    share_reviews,
    submit_review,
)
from grants.reviews.actions.summary import recount
from grants.reviews.errors import (
    AlreadyAssignedError,
    AlreadyLiftedError,
    CantReviewError,
    NoRubricError,
    NothingPickedError,
    NotInReviewError,
    NotOpenedError,
    SheetConflictError,
    SheetIncompleteError,
    WrongReviewStatusError,
)
from grants.reviews.models import Review
from grants.reviews.states import Status
from residents.notices.registry import write_letter
from tests.factories import UserFactory, make_member

from .factories import FULL, make_reviewer

pytestmark = pytest.mark.django_db


def events(panel) -> list[str]:
    with city_scope(panel.city):
        return list(Event.objects.order_by("created_at").values_list("tag", flat=True))


def summary(panel, application) -> tuple:
    row = panel.now(application)
    return row.assigned_count, row.scored_count, row.score_mean, row.score_spread, row.recommended_cents


@contextmanager
def refused(panel, error):
    """Inside, the city's door is open and the deed is refused; afterwards nothing was written down."""
    before = events(panel)
    with city_scope(panel.city), pytest.raises(error) as caught:
        yield caught
    assert events(panel) == before


def assign(panel, applications, people, **fields):
    with city_scope(panel.city):
        return assign_reviews(
            [one.pk for one in applications], [one.pk for one in people], actor=panel.manager, **fields
        )


def share(panel, applications, people, each, **fields):
    with city_scope(panel.city):
        return share_reviews(
            [one.pk for one in applications],
            [one.pk for one in people],
            each=each,
            actor=panel.manager,
            **fields,
        )


# Assigning


def test_many_are_assigned_to_many_and_each_person_gets_one_letter(panel):
    applications = [panel.application() for _ in range(3)]
    due = timezone.now().date() + timedelta(days=9)

    made = assign(panel, applications, [panel.robert, panel.rosa], due_on=due)

    assert len(made) == 6
    assert [summary(panel, one)[:2] for one in applications] == [(2, 0)] * 3
    assert events(panel) == ["review:assign"] * 3
    with city_scope(panel.city):
        letters = list(Message.objects.select_related("recipient", "city").order_by("address"))
        assert {letter.recipient for letter in letters} == {panel.robert, panel.rosa}
        assert [letter.data["count"] for letter in letters] == [3, 3]
        written = write_letter(letters[0])
    assert written.subject == "3 applications to review for Baltimore"
    assert written.path == "/baltimore/review/"
    assert "if you know the people, or could gain from it" in written.text
    assert "Tilden" not in written.text


def test_whoever_reviews_already_isnt_passed_over_in_silence(panel, application):
    other = panel.application()
    panel.review(application, panel.robert)

    with refused(panel, AlreadyAssignedError) as caught:
        assign_reviews([other.pk, application.pk], [panel.robert.pk], actor=panel.manager)

    assert application.reference in str(caught.value)
    assert summary(panel, other)[0] == 0


def test_an_applicant_does_not_review_their_own(panel):
    own = panel.application(applicant=panel.robert)

    with refused(panel, CantReviewError):
        assign_reviews([own.pk], [panel.robert.pk], actor=panel.manager)


def test_who_has_a_conflict_is_not_assigned(panel, application):
    panel.conflict(application, panel.robert)

    with refused(panel, CantReviewError):
        assign_reviews([application.pk], [panel.rosa.pk, panel.robert.pk], actor=panel.manager)

    assert summary(panel, application)[0] == 0


def test_a_manager_with_a_conflict_or_an_own_application_does_not_assign(panel, application):
    panel.conflict(application, panel.manager)
    own = panel.application(applicant=panel.manager)

    with refused(panel, ConflictOfInterestError):
        assign_reviews([application.pk], [panel.rosa.pk], actor=panel.manager)
    with refused(panel, CantReviewError):
        assign_reviews([own.pk], [panel.rosa.pk], actor=panel.manager)


def test_only_people_with_a_role_here_are_assigned(panel, application):
    finance = make_member(panel.city, Role.FINANCE)
    left = make_reviewer(panel.city)
    with city_scope(panel.city):
        Membership.objects.filter(user=left).update(ended_at=timezone.now())

    for person in (UserFactory(), finance, left):
        with refused(panel, CantReviewError):
            assign_reviews([application.pk], [person.pk], actor=panel.manager)


@pytest.mark.parametrize("status", ["submitted", "ineligible", "withdrawn", "awarded", "unfunded"])
def test_only_what_is_ready_for_review_is_assigned(panel, status):
    application = panel.application(status=status, screening_reason="So.", decision_reason="So.")

    with refused(panel, NotInReviewError):
        assign_reviews([application.pk], [panel.robert.pk], actor=panel.manager)


def test_a_rubric_without_points_cannot_be_scored(panel, application):
    cycle = panel.form.cycle
    with city_scope(panel.city):
        cycle.rubric = {**cycle.rubric, "criteria": []}
        cycle.save()

    with refused(panel, NoRubricError):
        assign_reviews([application.pk], [panel.robert.pk], actor=panel.manager)


def test_nothing_picked_nobody_picked_and_a_day_that_is_over(panel, application):
    yesterday = timezone.now().date() - timedelta(days=2)

    with refused(panel, NothingPickedError):
        assign_reviews([], [panel.robert.pk], actor=panel.manager)
    with refused(panel, NothingPickedError):
        assign_reviews([application.pk], [], actor=panel.manager)
    with refused(panel, RuleError):
        assign_reviews([application.pk], [panel.robert.pk], actor=panel.manager, due_on=yesterday)
    with refused(panel, NotInReviewError):
        assign_reviews([application.pk, panel.robert.pk], [panel.robert.pk], actor=panel.manager)


def test_sharing_gives_each_application_its_number_and_everybody_as_many(panel):
    applications = [panel.application() for _ in range(9)]
    people = [panel.robert, panel.rosa, panel.staff]

    share(panel, applications, people, each=2)

    with city_scope(panel.city):
        loads = [Review.objects.filter(reviewer=one).count() for one in people]
    assert loads == [6, 6, 6]
    assert {summary(panel, one)[0] for one in applications} == {2}


def test_sharing_counts_what_is_there_and_avoids_conflicts_and_own_applications(panel):
    first, second, third = (panel.application() for _ in range(3))
    own = panel.application(applicant=panel.robert)
    panel.review(first, panel.robert)
    panel.conflict(second, panel.rosa)

    share(panel, [first, second, third, own], [panel.robert, panel.rosa], each=1)

    with city_scope(panel.city):
        found = dict(Review.objects.values_list("application_id", "reviewer_id"))
    assert (found[first.pk], found[second.pk], found[own.pk]) == (
        panel.robert.pk,
        panel.robert.pk,
        panel.rosa.pk,
    )
    assert len(found) == 4


def test_sharing_that_cannot_be_done_does_nothing_and_says_for_which(panel, application):
    other = panel.application()
    panel.conflict(application, panel.rosa)

    with refused(panel, CantReviewError) as caught:
        share_reviews(
            [other.pk, application.pk], [panel.robert.pk, panel.rosa.pk], each=2, actor=panel.manager
        )

    assert application.reference in str(caught.value)
    assert summary(panel, other)[0] == 0


def test_sharing_what_is_full_already_or_none_each_is_refused(panel, application):
    panel.review(application, panel.robert)

    for each, error in ((1, NothingPickedError), (0, RuleError)):
        with refused(panel, error):
            share_reviews([application.pk], [panel.rosa.pk], each=each, actor=panel.manager)


def test_a_review_is_taken_off_and_can_be_given_again(panel, application):
    (review,) = assign(panel, [application], [panel.robert])

    with city_scope(panel.city):
        release_review(review.pk, actor=panel.staff)
    assert summary(panel, application)[0] == 0
    assign(panel, [application], [panel.robert])

    assert summary(panel, application)[0] == 1
    assert events(panel) == ["review:assign", "review:release", "review:assign"]


def test_reviews_that_nobody_can_send_any_more_leave_their_seats_free(panel, application):
    gone = make_member(panel.city, Role.VIEWER)
    panel.review(application, gone)
    panel.review(application, make_member(panel.city, Role.VIEWER), sent=True)

    with city_scope(panel.city):
        share_reviews([application.pk], [panel.robert.pk], each=2, actor=panel.manager)

        assert Review.objects.filter(application=application, reviewer=panel.robert).exists()


def test_who_may_no_longer_review_loses_what_is_not_sent_each_on_the_record(panel, application):
    ben = make_member(panel.city, Role.STAFF, name="Ben Ito")
    second = panel.application()
    todo = [panel.review(one, ben) for one in (application, second)]
    sent = panel.review(panel.application(), ben, sent=True)
    with city_scope(panel.city):
        recount([application.pk, second.pk])

        change_roles(ben.pk, roles=["reviewer"], actor=panel.manager)
        kept = list(Review.objects.filter(reviewer=ben).values_list("status", flat=True).order_by("status"))
        change_roles(ben.pk, roles=["viewer"], actor=panel.manager)

        told = Event.objects.filter(tag="review:release").values_list("subject_id", "data__name", "actor")
        assert set(told) == {(one.pk, "Ben Ito", panel.manager.pk) for one in (application, second)}
    assert kept == ["assigned", "assigned", "submitted"]
    assert [panel.now(review).status for review in (*todo, sent)] == ["released", "released", "submitted"]
    assert [summary(panel, one)[0] for one in (application, second)] == [0, 0]


def test_what_the_manager_has_a_conflict_with_is_left_for_a_colleague(panel, application):
    ben = make_member(panel.city, Role.STAFF)
    review = panel.review(application, ben)
    panel.conflict(application, panel.manager)

    with city_scope(panel.city):
        change_roles(ben.pk, roles=["viewer"], actor=panel.manager)

    assert panel.now(review).status == "assigned"
    with city_scope(panel.city):
        assert release_review(review.pk, actor=panel.staff).status == "released"


def test_who_has_a_conflict_takes_nothing_off(panel, application):
    review = panel.review(application, panel.robert)
    panel.conflict(application, panel.staff)

    with refused(panel, ConflictOfInterestError):
        release_review(review.pk, actor=panel.staff)


# Scoring


BLANK = {"gates": {"workshop": None}, "bonus": {"area": False}, "words": {"impact": ""}}


def save(panel, review, version=0, **changes):
    with city_scope(panel.city):
        return save_review(review.pk, version=version, changes=changes, actor=panel.robert)


def submit(panel, review, actor=None):
    with city_scope(panel.city):
        version = Review.objects.get(pk=review.pk).version
        return submit_review(
            review.pk, version=version, actor=actor or Review.objects.get(pk=review.pk).reviewer
        )


def test_the_file_opens_once_the_reviewer_says_there_is_no_conflict(panel, application):
    review = panel.review(application, panel.robert, cleared_at=None)

    with city_scope(panel.city):
        first = open_review(review.pk, actor=panel.robert).cleared_at
        second = open_review(review.pk, actor=panel.robert).cleared_at

    assert first == second
    assert events(panel) == ["review:open"]


def test_nobody_opens_saves_or_sends_somebody_elses_sheet(panel, application):
    review = panel.review(application, panel.robert)

    with refused(panel, CantReviewError):
        open_review(review.pk, actor=panel.rosa)
    with refused(panel, CantReviewError):
        save_review(review.pk, version=0, changes={}, actor=panel.manager)
    with refused(panel, CantReviewError):
        submit_review(review.pk, version=0, actor=panel.manager)


def test_saving_merges_by_key_counts_up_and_is_not_audited(panel, application):
    review = panel.review(application, panel.robert)

    save(panel, review, scores={"impact": "abc"})
    save(panel, review, version=1, scores={"budget": "12"}, comment="Nice.", recommended_cents=100_000)
    save(panel, review, version=2, scores={"impact": "20"}, gates={"workshop": True})

    now = panel.now(review)
    assert now.scores == {"impact": "20", "budget": "12"}
    assert (now.gates, now.comment, now.recommended_cents, now.version) == (
        {"workshop": True},
        "Nice.",
        100_000,
        3,
    )
    assert now.saved_at is not None
    assert events(panel) == []
    assert summary(panel, application)[1:] == (0, None, None, None)


def test_an_older_ticket_is_told_so(panel, application):
    review = panel.review(application, panel.robert)
    save(panel, review, scores={"impact": "1"})

    with refused(panel, SheetConflictError) as caught:
        save_review(review.pk, version=0, changes={"scores": {"impact": "2"}}, actor=panel.robert)
    with refused(panel, SheetConflictError):
        submit_review(review.pk, version=0, actor=panel.robert)

    assert caught.value.version == 1
    assert panel.now(review).scores == {"impact": "1"}


@pytest.mark.parametrize(
    "changes", [{"scores": {"impact": "1"}}, {**BLANK, "scores": {"impact": "1"}, "comment": "Nice."}]
)
def test_what_is_sent_again_since_its_answer_was_lost_is_told_the_version_that_stands(
    panel, application, changes
):
    review = panel.review(application, panel.robert)
    save(panel, review, scores={"impact": "1"}, comment="Nice.")
    before = panel.now(review)

    again = save(panel, review, **changes)

    assert (again.version, panel.now(review).saved_at) == (1, before.saved_at)


@pytest.mark.parametrize(
    "changes",
    [{"scores": {"impact": "1", "budget": "2"}}, {"gates": {"workshop": False}}, {"comment": ""}],
)
def test_what_differs_from_what_stands_is_a_conflict(panel, application, changes):
    review = panel.review(application, panel.robert)
    save(panel, review, scores={"impact": "1"}, comment="Nice.")

    with refused(panel, SheetConflictError):
        save_review(review.pk, version=0, changes=changes, actor=panel.robert)


def test_nor_is_a_version_accepted_that_missed_more_than_that_one_answer(panel, application):
    review = panel.review(application, panel.robert)
    save(panel, review, scores={"impact": "1"})
    save(panel, review, version=1, comment="From another window")

    with refused(panel, SheetConflictError):
        save_review(review.pk, version=0, changes={"scores": {"impact": "1"}}, actor=panel.robert)


def test_a_key_the_rubric_does_not_have_is_refused(panel, application):
    review = panel.review(application, panel.robert)

    with refused(panel, RuleError):
        save_review(review.pk, version=0, changes={"scores": {"beauty": "9"}}, actor=panel.robert)
    with refused(panel, TypeError):
        save_review(review.pk, version=0, changes={"total": 99}, actor=panel.robert)


def test_nothing_is_saved_or_sent_before_the_file_is_open(panel, application):
    review = panel.review(application, panel.robert, cleared_at=None)

    with refused(panel, NotOpenedError):
        save_review(review.pk, version=0, changes={}, actor=panel.robert)
    with refused(panel, NotOpenedError):
        submit_review(review.pk, version=0, actor=panel.robert)


def test_nothing_is_saved_sent_or_reopened_once_the_application_left_review(panel):
    gone = panel.application(status="withdrawn")
    review, sent = panel.review(gone, panel.robert), panel.review(gone, panel.rosa, sent=True)

    with refused(panel, NotInReviewError):
        save_review(review.pk, version=0, changes={}, actor=panel.robert)
    with refused(panel, NotInReviewError):
        submit_review(review.pk, version=0, actor=panel.robert)
    with refused(panel, NotInReviewError):
        reopen_review(sent.pk, actor=panel.rosa)


def test_a_sent_sheet_counts_with_its_exact_total(panel, application):
    review = panel.review(application, panel.robert)
    save(panel, review, **FULL)

    sent = submit(panel, review)

    assert (sent.total, sent.passes_gates, sent.status) == (Decimal("47.50"), True, Status.SUBMITTED)
    assert summary(panel, application) == (1, 1, Decimal("47.50"), Decimal("0.00"), 120_000)
    assert events(panel) == ["review:submit"]


def test_an_incomplete_sheet_is_not_sent_and_says_all_that_is_left(panel, application):
    review = panel.review(application, panel.robert)

    with refused(panel, SheetIncompleteError) as caught:
        submit_review(review.pk, version=0, actor=panel.robert)

    assert [one.place for one in caught.value.problems] == [
        "gates.workshop",
        "scores.impact",
        "scores.budget",
    ]
    assert panel.now(review).status == Status.ASSIGNED


def test_the_summary_is_the_mean_the_spread_and_the_mean_amount_to_the_cent(panel, application):
    totals = [("84.00", 100_000), ("78.00", 100_001), ("88.00", None), ("80.00", 100_000)]
    for total, cents in totals[:3]:
        panel.review(application, UserFactory(), sent=True, total=total, recommended_cents=cents)
    last = panel.review(application, panel.robert)
    save(panel, last, **{**FULL, "scores": {"impact": "30", "budget": "20.5"}, "recommended_cents": 100_000})

    submit(panel, last)

    assert summary(panel, application) == (4, 4, Decimal("76.38"), Decimal("32.50"), 100_000)


def test_a_sheet_that_is_opened_again_leaves_the_mean(panel, application):
    review = panel.review(application, panel.robert)
    panel.review(application, panel.rosa, sent=True, total="40.00")
    save(panel, review, **FULL)
    submit(panel, review)

    with city_scope(panel.city):
        reopen_review(review.pk, actor=panel.robert)

    assert summary(panel, application) == (2, 1, Decimal("40.00"), Decimal("0.00"), None)
    assert panel.now(review).scores == FULL["scores"]
    assert events(panel) == ["review:submit", "review:reopen"]


# Conflicts


def test_a_declared_conflict_hides_the_file_and_takes_the_score_out(panel, application):
    review = panel.review(application, panel.robert)
    panel.review(application, panel.rosa, sent=True, total="40.00")
    save(panel, review, **FULL)
    submit(panel, review)

    with city_scope(panel.city):
        declare_conflict(
            application.pk, person=panel.robert, kind="neighbor", actor=panel.robert, words=" Next door "
        )
        assert has_conflict(panel.robert, application)
        assert Conflict.objects.get().words == "Next door"

    assert panel.now(review).status == Status.RECUSED
    assert summary(panel, application) == (1, 1, Decimal("40.00"), Decimal("0.00"), None)
    assert events(panel)[-1] == "conflict:declare"


def test_a_manager_records_a_conflict_unless_they_have_one(panel, application):
    with city_scope(panel.city):
        declare_conflict(application.pk, person=panel.robert, kind="other", actor=panel.manager)
    panel.conflict(application, panel.manager)

    with refused(panel, ConflictOfInterestError):
        declare_conflict(application.pk, person=panel.rosa, kind="other", actor=panel.manager)
    with refused(panel, RuleError) as caught:
        declare_conflict(application.pk, person=panel.robert, kind="other", actor=panel.robert)
    assert "declared already" in str(caught.value)


def test_a_draft_has_no_conflicts_and_an_unknown_kind_is_refused(panel, application):
    draft = panel.application(status="draft")

    with refused(panel, NotInReviewError):
        declare_conflict(draft.pk, person=panel.robert, kind="other", actor=panel.robert)
    with refused(panel, RuleError):
        declare_conflict(application.pk, person=panel.robert, kind="boredom", actor=panel.robert)


def test_another_manager_lifts_a_conflict_and_the_void_score_stays_void(panel, application):
    review = panel.review(application, panel.robert, sent=True)
    with city_scope(panel.city):
        conflict = declare_conflict(application.pk, person=panel.robert, kind="other", actor=panel.manager)

        lift_conflict(conflict.pk, actor=panel.manager)

        assert not has_conflict(panel.robert, application)
    assert panel.now(review).status == Status.RECUSED
    assert summary(panel, application)[:2] == (0, 0)
    assert events(panel) == ["conflict:declare", "conflict:lift"]
    with refused(panel, AlreadyLiftedError):
        lift_conflict(conflict.pk, actor=panel.manager)


def test_nobody_lifts_their_own_or_with_a_conflict_of_their_own(panel, application):
    own, other = panel.conflict(application, panel.manager), panel.conflict(application, panel.robert)

    with refused(panel, CantReviewError):
        lift_conflict(own.pk, actor=panel.manager)
    with refused(panel, ConflictOfInterestError):
        lift_conflict(other.pk, actor=panel.manager)


def test_with_a_conflict_one_neither_opens_saves_sends_nor_reopens(panel, application):
    review, sent = panel.review(application, panel.robert), panel.review(application, panel.rosa, sent=True)
    panel.conflict(application, panel.robert)
    panel.conflict(application, panel.rosa)

    with refused(panel, ConflictOfInterestError):
        open_review(review.pk, actor=panel.robert)
    with refused(panel, ConflictOfInterestError):
        save_review(review.pk, version=0, changes={}, actor=panel.robert)
    with refused(panel, ConflictOfInterestError):
        submit_review(review.pk, version=0, actor=panel.robert)
    with refused(panel, ConflictOfInterestError):
        reopen_review(sent.pk, actor=panel.rosa)


# States and the database

DEEDS = {
    "open": (lambda review, actor: open_review(review.pk, actor=actor), states.CAN_SCORE),
    "save": (
        lambda review, actor: save_review(review.pk, version=1, changes={}, actor=actor),
        states.CAN_SCORE,
    ),
    "submit": (lambda review, actor: submit_review(review.pk, version=1, actor=actor), states.CAN_SUBMIT),
    "reopen": (lambda review, actor: reopen_review(review.pk, actor=actor), states.CAN_REOPEN),
    "release": (lambda review, actor: release_review(review.pk, actor=actor), states.CAN_RELEASE),
}


@pytest.mark.parametrize(("status", "deed"), list(itertools.product(Status, DEEDS)))
def test_each_deed_starts_only_from_its_statuses(panel, application, status, deed):
    review = panel.review(application, panel.robert, sent=True)
    with city_scope(panel.city):
        Review.objects.filter(pk=review.pk).update(status=status)
    act, allowed = DEEDS[deed]

    with city_scope(panel.city):
        if status in allowed:
            act(review, panel.robert)
        else:
            with pytest.raises(WrongReviewStatusError):
                act(review, panel.robert)

    if status not in allowed:
        assert panel.now(review).status == status


@pytest.mark.parametrize("status", Status)
def test_a_conflict_recuses_what_counts_and_leaves_history_alone(panel, application, status):
    review = panel.review(application, panel.robert, sent=True)
    with city_scope(panel.city):
        Review.objects.filter(pk=review.pk).update(status=status)
        declare_conflict(application.pk, person=panel.robert, kind="other", actor=panel.robert)

    expected = Status.RECUSED if status in states.CAN_RECUSE else status
    assert panel.now(review).status == expected


def test_the_database_refuses_a_second_review_of_the_same_person(panel, application):
    panel.review(application, panel.robert, status="released")
    panel.review(application, panel.robert)

    with city_scope(panel.city), pytest.raises(IntegrityError, match="review_once"), transaction.atomic():
        Review.objects.create(application=application, reviewer=panel.robert)


@pytest.mark.parametrize("missing", ["total", "submitted_at"])
def test_the_database_refuses_a_sent_review_without_total_or_time(panel, application, missing):
    review = panel.review(application, panel.robert, sent=True)

    with (
        city_scope(panel.city),
        pytest.raises(IntegrityError, match="review_submitted_is_complete"),
        transaction.atomic(),
    ):
        Review.objects.filter(pk=review.pk).update(**{missing: None})


def test_the_database_refuses_an_unknown_status(panel, application):
    review = panel.review(application, panel.robert)

    with (
        city_scope(panel.city),
        pytest.raises(IntegrityError, match="review_status_known"),
        transaction.atomic(),
    ):
        Review.objects.filter(pk=review.pk).update(status="lost")


def test_a_deed_that_fails_at_its_very_end_leaves_nothing(panel, application):
    nobody = UserFactory.build()  # not a row: the deferred check of its foreign keys comes last

    with refused(panel, IntegrityError):
        assign_reviews([application.pk], [panel.robert.pk], actor=nobody)

    assert summary(panel, application)[0] == 0
    with city_scope(panel.city):
        assert not Review.objects.exists()
        assert not Message.objects.exists()
