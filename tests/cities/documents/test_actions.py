"""Asking, cancelling, asking again: what happens, and what is refused."""

import pytest
from django.utils import timezone

from cities.access.models import Role
from cities.audit.models import Event
from cities.documents.actions import (
    AT_ONCE,
    ATTEMPTS,
    cancel_document,
    fail_document,
    finish_document,
    remove_old_documents,
    request_document,
    retry_document,
)
from cities.documents.errors import EndedError, TooManyError, UnderWayError, UnknownKindError
from cities.documents.models import Document
from cities.documents.states import CAN_CANCEL, CAN_RETRY, Status
from cities.operations.queries import database
from cities.tenancy.scopes import city_scope
from tests.cities.documents import kinds  # noqa: F401  registers
from tests.factories import make_city, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city("baltimore")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, language="es")


@pytest.fixture
def scope(city, manager):
    with city_scope(city):
        yield


def ask(actor, kind="test-list", **parameters):
    return request_document(kind, parameters=parameters, title="A list", actor=actor)


def put(document, **fields):
    Document.objects.filter(pk=document.pk).update(**fields)
    document.refresh_from_db()


FINISHED = {"status": "finished", "progress": 100, "file": "documents/x", "sha256": "0" * 64, "size_bytes": 1}
STATES = {
    Status.WAITING: {"status": "waiting"},
    Status.RUNNING: {"status": "running"},
    Status.FINISHED: FINISHED,
    Status.FAILED: {"status": "failed", "failure": "No."},
    Status.CANCELLED: {"status": "cancelled"},
}


def test_a_document_is_asked_for_in_the_requesters_language_and_audited(scope, manager):
    document = ask(manager, rows=5)

    assert (document.status, document.language, document.parameters) == (Status.WAITING, "es", {"rows": 5})
    assert list(Event.objects.values_list("tag", "subject_id")) == [("document:request", document.pk)]


def test_the_same_wish_under_way_is_answered_with_the_same_document(scope, manager):
    first = ask(manager, rows=5)

    assert ask(manager, rows=5).pk == first.pk
    assert ask(manager, rows=6).pk != first.pk


def test_an_unknown_kind_is_refused(scope, manager):
    with pytest.raises(UnknownKindError):
        ask(manager, kind="nothing")


def test_nobody_has_more_than_five_under_way(scope, manager):
    for number in range(AT_ONCE):
        ask(manager, rows=number)

    with pytest.raises(TooManyError):
        ask(manager, rows=99)


@pytest.mark.parametrize("status", Status.values)
def test_only_what_is_under_way_can_be_cancelled(scope, manager, status):
    document = ask(manager)
    put(document, **STATES[status])

    if status in CAN_CANCEL:
        assert cancel_document(document.pk, actor=manager).status == Status.CANCELLED
        assert Event.objects.filter(tag="document:cancel").count() == 1
    else:
        with pytest.raises(EndedError):
            cancel_document(document.pk, actor=manager)


@pytest.mark.parametrize("status", Status.values)
def test_only_what_failed_or_was_cancelled_can_be_asked_for_again(scope, manager, status):
    document = ask(manager)
    put(document, **STATES[status], attempts=1)

    if status in CAN_RETRY:
        again = retry_document(document.pk, actor=manager)
        assert (again.status, again.attempts, again.failure, again.progress) == (
            Status.WAITING,
            ATTEMPTS,
            "",
            0,
        )
        assert Event.objects.filter(tag="document:retry").count() == 1
    else:
        with pytest.raises(UnderWayError):
            retry_document(document.pk, actor=manager)


def test_only_the_attempt_that_holds_the_document_finishes_it(scope, manager):
    document = ask(manager)
    put(document, status="running", attempts=2)
    made = {"file": "documents/x", "file_name": "x.csv", "row_count": 3, "size_bytes": 9, "sha256": "a" * 64}

    assert finish_document(document.pk, attempt=1, **made) is None
    kept = finish_document(document.pk, attempt=2, **made)

    assert (kept.status, kept.progress, kept.row_count) == (Status.FINISHED, 100, 3)
    assert Event.objects.get(tag="document:finish").data["sha256"] == "a" * 64


def test_a_failure_has_its_reason_and_a_void_attempt_none(scope, manager):
    document = ask(manager)
    put(document, status="running", attempts=2)

    assert fail_document(document.pk, attempt=1, reason="Too late.") is None
    assert fail_document(document.pk, attempt=2, reason="Out of paper.").failure == "Out of paper."


def test_the_worker_of_a_rounds_last_attempt_does_not_fail_the_next_round(scope, manager):
    document = ask(manager)
    put(document, status="cancelled", attempts=ATTEMPTS)
    retry_document(document.pk, actor=manager)

    assert fail_document(document.pk, attempt=ATTEMPTS, reason="Out of paper.") is None


def test_old_documents_are_removed_and_those_under_way_kept(scope, manager):
    old, young, waiting = ask(manager, rows=1), ask(manager, rows=2), ask(manager, rows=3)
    long_ago = timezone.now() - timezone.timedelta(days=91)
    put(old, **FINISHED, asked_at=long_ago)
    put(young, **FINISHED)
    put(waiting, asked_at=long_ago)

    keys = remove_old_documents(timezone.now() - timezone.timedelta(days=90))

    assert keys == ["documents/x"]
    assert set(Document.objects.values_list("pk", flat=True)) == {young.pk, waiting.pk}
    assert Event.objects.filter(tag="document:remove", subject_id=old.pk).count() == 1


def test_an_old_document_that_is_tried_again_waits_and_is_kept_from_then_on(scope, manager):
    old = ask(manager)
    long_ago = timezone.now() - timezone.timedelta(days=91)
    put(old, status="failed", failure="No.", created_at=long_ago, asked_at=long_ago)
    began = timezone.now()

    retry_document(old.pk, actor=manager)

    old.refresh_from_db()
    assert (old.created_at, old.asked_at >= began) == (long_ago, True)
    assert database().oldest["documents"] == old.asked_at
    put(old, **FINISHED)
    assert remove_old_documents(timezone.now() - timezone.timedelta(days=90)) == []
