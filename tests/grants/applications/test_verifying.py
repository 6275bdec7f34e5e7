"""Each kind of tampering with what was sent is planted once as the database's owner, and found."""

import pytest

from cities.audit.verification import run_checks
from cities.tenancy.scopes import city_scope
from grants.applications import verifying
from grants.applications.actions import reopen_application, submit_application, withdraw_application
from grants.applications.models import Answer, Application
from tests.cities.audit.conftest import as_owner, without_append_only
from tests.factories import UserFactory, make_city
from tests.grants.applications.forms import make_call, make_draft
from tests.queries import count_statements

pytestmark = pytest.mark.django_db(transaction=True)

CHANGED = "does not say any more what was sent: its answers give another hash"


def found() -> tuple[int, list[str]]:
    (findings,) = run_checks("application answers")
    return findings.examined, [f"{each.place}: {each.sentence}" for each in findings.breaks]


@pytest.fixture
def tilden():
    return make_city("tilden")


@pytest.fixture
def sent(tilden):
    with city_scope(tilden):
        call = make_call()
        drafts = [make_draft(UserFactory(), cycle=call) for _ in range(3)]
        return [submit_application(draft.pk, actor=draft.applicant).application for draft in drafts]


def test_what_was_sent_and_left_alone_is_clean_and_drafts_are_not_looked_at(sent, tilden):
    with city_scope(tilden):
        withdraw_application(sent[0].pk, actor=sent[0].applicant)
        reopen_application(sent[1].pk, actor=sent[1].applicant)

    assert found() == (2, [])


def test_what_was_sent_twice_is_compared_with_the_last_time(sent, tilden):
    with city_scope(tilden):
        reopen_application(sent[0].pk, actor=sent[0].applicant)
        newest = Answer.objects.filter(application=sent[0], question="project_title").latest("version")
        Answer.objects.create(
            application=sent[0],
            question="project_title",
            version=newest.version + 1,
            value="Another",
            written_by=sent[0].applicant,
        )
        submit_application(sent[0].pk, actor=sent[0].applicant)

    assert found() == (3, [])


def test_a_changed_answer_is_named(sent):
    with without_append_only("grants_answer"):
        as_owner(
            f"UPDATE grants_answer SET value = '\"x\"' WHERE application_id = '{sent[1].pk}' AND question = 'project_title'"
        )

    assert found() == (3, [f"tilden, application {sent[1].reference}: {CHANGED}"])


def test_a_newer_answer_after_sending_is_named(sent, tilden):
    with city_scope(tilden):
        Answer.objects.create(
            application=sent[2], question="project_title", version=9, value="x", written_by=sent[2].applicant
        )

    assert found() == (3, [f"tilden, application {sent[2].reference}: {CHANGED}"])


def test_a_deleted_answer_is_named(sent):
    with without_append_only("grants_answer"):
        as_owner(
            f"DELETE FROM grants_answer WHERE application_id = '{sent[0].pk}' AND question = 'project_title'"
        )

    assert found() == (3, [f"tilden, application {sent[0].reference}: {CHANGED}"])


def test_a_hash_that_was_taken_anew_is_named_by_the_trail(sent, tilden):
    with city_scope(tilden):
        Application.objects.filter(pk=sent[0].pk).update(answers_hash="0" * 64)

    assert found() == (
        3,
        [
            f"tilden, application {sent[0].reference}: {CHANGED}",
            f"tilden, application {sent[0].reference}: carries another hash than the audit trail tells",
        ],
    )


def test_one_that_the_trail_never_heard_of_is_named(sent):
    with without_append_only("cities_event"):
        as_owner(
            f"UPDATE cities_event SET tag = 'application:other' WHERE subject_id = '{sent[0].pk}' AND tag = 'application:submit'",
        )

    assert found() == (
        3,
        [f"tilden, application {sent[0].reference}: was sent, and no audit event tells of it"],
    )


def test_it_reads_batch_by_batch_and_not_row_by_row(sent, monkeypatch):
    with count_statements() as at_once:
        assert found()[0] == 3

    monkeypatch.setattr(verifying, "BATCH", 1)
    with count_statements() as one_by_one:
        assert found()[0] == 3

    assert len(one_by_one) - len(at_once) == 2 * 4
