from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from grants.applications.actions import save_answer, save_page, submit_application
from grants.applications.actions.storing import NewAnswer, store_answers
from grants.applications.errors import (
    AnswerConflictError,
    AnswerRefusedError,
    DeadlinePassedError,
    UnknownFileError,
    UnknownQuestionError,
    WrongStatusError,
)
from grants.applications.models import Answer, Application
from tests.grants.applications.forms import filled, make_call, make_draft


def versions(application, question):
    return list(
        Answer.objects.filter(application=application, question=question)
        .order_by("version")
        .values_list("version", "value")
    )


def test_an_answer_is_appended_as_its_first_version(in_city, resident):
    draft = make_draft(resident, {})

    saved = save_answer(draft.pk, "project_title", "  Tilden   garden ", version=0, actor=resident)

    assert (saved.value, saved.version, saved.problems) == ("Tilden garden", 1, ())
    assert versions(draft, "project_title") == [(1, "Tilden garden")]
    assert Answer.objects.get().written_by == resident


def test_a_change_keeps_the_version_before(in_city, resident):
    draft = make_draft(resident, {"project_title": "One"})

    save_answer(draft.pk, "project_title", "Two", version=1, actor=resident)

    assert versions(draft, "project_title") == [(1, "One"), (2, "Two")]


def test_the_flat_columns_follow_the_answers(in_city, resident):
    draft = make_draft(resident)

    stored = Application.objects.get(pk=draft.pk)
    assert (stored.title, stored.requested_cents, stored.applicant_name) == (
        "Tilden Street garden",
        150_000,
        "Odessa Rhee",
    )
    assert (stored.place, stored.latitude, stored.longitude) == ("4 Tilden Street", 39.3, -76.6)
    assert (stored.answered_count, stored.question_count) == (5, 9)


def test_emptying_an_answer_is_a_version_too(in_city, resident):
    draft = make_draft(resident, {"project_title": "One"})

    save_answer(draft.pk, "project_title", "", version=1, actor=resident)

    assert filled(draft).value_of("project_title") in (None, "")
    assert filled(draft).version_of("project_title") == 2
    assert Application.objects.get().title == ""


def test_what_cannot_be_understood_is_kept_with_its_problem(in_city, resident):
    draft = make_draft(resident, {})

    saved = save_answer(draft.pk, "amount", "about a thousand", version=0, actor=resident)

    assert saved.value == {"typed": "about a thousand"}
    assert saved.problems[0].sentence
    assert filled(draft).value_of("amount") == {"typed": "about a thousand"}


def test_sending_the_same_answer_again_is_a_success(in_city, resident):
    draft = make_draft(resident, {})
    first = save_answer(draft.pk, "project_title", "One", version=0, actor=resident)

    again = save_answer(draft.pk, "project_title", "One", version=0, actor=resident)

    assert again == first
    assert versions(draft, "project_title") == [(1, "One")]


def test_the_second_writer_is_told_and_sees_both(in_city, resident):
    draft = make_draft(resident, {})
    save_answer(draft.pk, "project_title", "From the kitchen", version=0, actor=resident)

    with pytest.raises(AnswerConflictError) as refused:
        save_answer(draft.pk, "project_title", "From the phone", version=0, actor=resident)

    told = refused.value.extra
    assert (told["yours"], told["theirs"], told["version"]) == ("From the phone", "From the kitchen", 1)
    assert told["written_by"] == "Odessa Rhee"
    assert told["written_at"]
    assert versions(draft, "project_title") == [(1, "From the kitchen")]


def test_a_version_from_the_future_is_a_conflict(in_city, resident):
    draft = make_draft(resident, {"project_title": "One"})

    with pytest.raises(AnswerConflictError):
        save_answer(draft.pk, "project_title", "Two", version=7, actor=resident)


def test_what_no_database_can_hold_is_refused(in_city, resident):
    draft = make_draft(resident, {})

    with pytest.raises(AnswerRefusedError) as refused:
        save_answer(draft.pk, "project_title", "a\0b", version=0, actor=resident)

    assert refused.value.field == "project_title"
    assert Answer.objects.count() == 0


def test_a_question_that_the_form_does_not_ask_is_refused(in_city, resident):
    draft = make_draft(resident, {})

    with pytest.raises(UnknownQuestionError):
        save_answer(draft.pk, "shoe_size", "9", version=0, actor=resident)


def test_an_answer_cannot_point_to_somebody_elses_file(in_city, resident):
    draft = make_draft(resident, {})

    with pytest.raises(UnknownFileError):
        save_answer(draft.pk, "photos", ["0192f000-0000-7000-8000-000000000000"], version=0, actor=resident)


def test_nobody_else_may_write_into_a_draft(in_city, resident, neighbor):
    draft = make_draft(resident, {})

    with pytest.raises(PermissionDenied):
        save_answer(draft.pk, "project_title", "Mine now", version=0, actor=neighbor)


def test_a_submitted_application_is_not_changed(in_city, resident):
    draft = make_draft(resident)
    submit_application(draft.pk, actor=resident)

    with pytest.raises(WrongStatusError):
        save_answer(draft.pk, "project_title", "Another", version=1, actor=resident)


def test_after_the_close_nothing_is_saved_and_the_draft_stays(in_city, resident):
    draft = make_draft(resident, {"project_title": "One"})

    with pytest.raises(DeadlinePassedError, match="Your draft is kept"):
        save_answer(
            draft.pk,
            "project_title",
            "Two",
            version=1,
            actor=resident,
            received_at=draft.closes_at + timedelta(seconds=1),
        )

    assert versions(draft, "project_title") == [(1, "One")]


def test_the_last_second_counts(in_city, resident):
    draft = make_draft(resident, {})

    saved = save_answer(
        draft.pk, "project_title", "Just in time", version=0, actor=resident, received_at=draft.closes_at
    )

    assert saved.version == 1


def test_an_extended_call_takes_answers_again(in_city, resident):
    cycle = make_call(closes_at=timezone.now() + timedelta(hours=1))
    draft = make_draft(resident, {}, cycle=cycle)
    after = cycle.closes_at + timedelta(minutes=5)
    cycle.closes_at += timedelta(days=1)
    cycle.save()

    assert (
        save_answer(draft.pk, "project_title", "Later", version=0, actor=resident, received_at=after).version
        == 1
    )


def test_a_failure_after_the_last_write_leaves_nothing(in_city, resident):
    from cities.tenancy.actions import action

    draft = make_draft(resident, {})

    @action
    def save_and_fail():
        save_answer(draft.pk, "project_title", "One", version=0, actor=resident)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()

    assert Answer.objects.count() == 0
    assert Application.objects.get().title == ""


def test_a_page_is_saved_answer_by_answer(in_city, resident):
    draft = make_draft(resident, {"project_title": "Kept"})

    outcome = save_page(
        draft.pk,
        {"project_title": ("Lost race", 0), "description": ("A garden.", 0), "your_name": ("a\0b", 0)},
        actor=resident,
    )

    assert set(outcome.saved) == {"description"}
    assert set(outcome.conflicts) == {"project_title"}
    assert set(outcome.refused) == {"your_name"}
    assert outcome.has_trouble
    assert filled(draft).values == {"project_title": "Kept", "description": "A garden."}


def test_a_page_without_a_readable_version_is_a_conflict_not_a_loss(in_city, resident):
    draft = make_draft(resident, {"project_title": "Kept"})

    outcome = save_page(draft.pk, {"project_title": ("Other", None)}, actor=resident)

    assert set(outcome.conflicts) == {"project_title"}


@pytest.mark.parametrize("deed", ["UPDATE grants_answer SET value = '\"Two\"'", "DELETE FROM grants_answer"])
def test_no_web_role_changes_or_deletes_an_answer(in_city, resident, deed):
    """What its owner is refused: ``tests/cities/audit/test_append_only.py``."""
    from django.db import transaction
    from django.db.utils import ProgrammingError

    make_draft(resident, {"project_title": "One"})

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(deed)


def test_storing_by_hand_cannot_reach_another_city(in_city, resident):
    """The one statement that isn't the ORM's is held by row-level security all the same."""
    from django.db import transaction
    from django.db.utils import DatabaseError

    form = filled(make_draft(resident, {}))
    form.application.city_id = "01900000-0000-7000-8000-000000000001"

    with pytest.raises(DatabaseError), transaction.atomic():
        store_answers(form, [NewAnswer("project_title", 1, "Elsewhere")], actor=resident, now=timezone.now())
