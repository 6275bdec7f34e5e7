"""The worker's part, on a second connection of its own."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from cities.access.memberships import forget_roles
from cities.access.models import Membership
from cities.audit.models import Event
from cities.documents import keeping, tasks
from cities.documents.actions import ATTEMPTS, cancel_document, retry_document
from cities.documents.models import Document
from cities.documents.progress import telling
from cities.documents.registry import document as register
from cities.documents.registry import forget
from cities.documents.states import Status
from cities.documents.writers import write_csv
from cities.outbox.tasks import queue_documents
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.celery import app
from tests.storages import asked_in

pytestmark = pytest.mark.django_db(transaction=True)


def lines(document):
    with default_storage.open(document.file.name) as file:
        return file.read().decode("utf-8-sig").splitlines()


def test_a_document_is_made_with_its_fingerprint_and_rows(office):
    made = office.made(rows=4)

    with default_storage.open(made.file.name) as file:
        content = file.read()
    assert (made.status, made.progress, made.row_count, made.file_name) == (
        Status.FINISHED,
        100,
        4,
        "list.csv",
    )
    assert (made.sha256, made.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert len(lines(made)) == 1 + made.row_count
    assert made.file.name.startswith("documents/")
    assert "list" not in made.file.name


def test_the_makers_deed_is_in_the_trail_with_the_fingerprint(office):
    made = office.made(rows=1)

    with office.inside():
        event = Event.objects.get(tag="document:finish")
    assert (event.actor_name, event.data["sha256"], event.data["rows"]) == ("document maker", made.sha256, 1)


def test_a_center_document_is_made_through_the_centers_door(office):
    made = office.made("test-center", by=office.auditor, rows=2)

    assert (made.status, made.city_id, made.row_count) == (Status.FINISHED, CENTER_ID, 2)


def test_progress_is_seen_from_another_connection_while_the_content_is_read(office):
    seen, reader = [], connection.copy()

    @register("test-watched", label="Watched", rule=lambda user, place: True, format="csv")
    def watched(job):
        def look(rows):
            for row in rows:
                with reader.cursor() as cursor:
                    cursor.execute("BEGIN")
                    cursor.execute(
                        "SELECT set_config('app.door', 'city', true), set_config('app.city_id', %s, true)",
                        [str(office.city.pk)],
                    )
                    cursor.execute(
                        "SELECT status, progress FROM cities_document WHERE id = %s", [job.parameters["id"]]
                    )
                    seen.append(cursor.fetchone())
                    cursor.execute("COMMIT")
                job.progress._told_at = 0
                yield [row]

        job.expect(10)
        job.row_count = write_csv(job.path, ["Number"], look(job.follow(range(10))), zone=job.place.zone)
        return "watched.csv"

    document = office.ask("test-watched")
    office.put(document, parameters={"id": str(document.pk)})
    try:
        made = office.make(document)
    finally:
        forget("test-watched")
        reader.close()

    assert made.status == Status.FINISHED, made.failure
    assert {status for status, _percent in seen} == {"running"}
    percents = [percent for _status, percent in seen]
    assert percents == sorted(percents)
    assert len({percent for percent in percents if 0 < percent < 100}) >= 5


@pytest.mark.race
def test_a_document_cancelled_in_the_middle_leaves_no_file(office):
    document = office.ask("test-slow", rows=400, pause=0.02)
    stored = (
        set(default_storage.listdir(keeping.FOLDER)[1]) if default_storage.exists(keeping.FOLDER) else set()
    )

    def cancel():
        for _ in range(200):
            if office.now(document).progress > 0:
                break
            threading.Event().wait(0.02)
        with office.inside():
            cancel_document(document.pk, actor=office.manager)
        connection.close()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    office.make(document)
    canceller.join()

    now = office.now(document)
    assert (now.status, now.file.name) == (Status.CANCELLED, "")
    assert 0 < now.progress < 90
    after = (
        set(default_storage.listdir(keeping.FOLDER)[1]) if default_storage.exists(keeping.FOLDER) else set()
    )
    assert after == stored


def test_a_cancelled_document_can_be_made_after_all_and_the_old_ticket_is_void(office):
    document = office.ask(rows=2)
    begun = tasks._begin(office.city.pk, document.pk, 0)
    with office.inside():
        cancel_document(document.pk, actor=office.manager)
        retry_document(document.pk, actor=office.manager)

    assert begun.attempts == 1
    tasks.make(str(office.city.pk), str(document.pk), begun.attempts)
    assert office.now(document).status == Status.WAITING

    assert office.make(document).status == Status.FINISHED


def test_of_two_tasks_for_one_document_only_the_first_makes_it(office):
    document = office.ask(rows=1)
    first = office.make(document)

    tasks.make(str(office.city.pk), str(document.pk), 0)

    assert office.now(document).sha256 == first.sha256
    assert office.now(document).attempts == 1


def test_a_worker_whose_lease_went_to_another_can_neither_tell_nor_finish(office):
    document = office.ask(rows=1)
    office.put(document, status="running", attempts=2)

    with telling(office.city.pk, document.pk, 1) as stale, pytest.raises(tasks.StoppedError):
        stale.tell(50)
    assert office.now(document).progress == 0


def test_a_refusal_of_the_maker_is_the_reason(office):
    failed = office.made("test-refused")

    assert (failed.status, failed.failure) == (Status.FAILED, "Such a list can’t be made on a Sunday.")


def test_what_broke_is_tried_three_times_and_then_given_up_with_a_reason(office):
    document = office.ask("test-broken")

    assert [office.make(document).status for _ in range(ATTEMPTS)] == ["waiting", "waiting", "failed"]
    assert "ZeroDivisionError" in office.now(document).failure


def test_whoever_lost_the_right_gets_nothing(office):
    document = office.ask(by=office.staff)
    with office.inside():
        Membership.objects.filter(user=office.staff).update(ended_at=timezone.now())
    forget_roles(office.staff)

    failed = office.make(document)

    assert (failed.status, failed.failure) == (
        Status.FAILED,
        "Your rights have changed since you asked for this report.",
    )


def test_whoever_left_the_center_gets_nothing(office):
    document = office.ask("test-center", by=office.auditor)
    with city_scope(CENTER_ID):
        Membership.objects.filter(user=office.auditor).update(ended_at=timezone.now())

    assert office.make(document).status == Status.FAILED


def test_a_kind_that_nobody_makes_any_more_fails_with_a_reason(office):
    document = office.ask()
    office.put(document, kind="gone")

    assert office.make(document).failure == "This kind of report is no longer made."


def test_a_worker_killed_three_times_leaves_a_failure_with_a_reason(office):
    document = office.ask(rows=1)
    office.put(document, status="running", attempts=ATTEMPTS)

    failed = office.make(document)

    assert (failed.status, failed.failure) == (
        Status.FAILED,
        "The worker was interrupted each time. You can try again.",
    )


def test_the_relay_claims_a_document_once_per_lease(office):
    document = office.ask(rows=1)

    assert queue_documents() == 1
    assert queue_documents() == 0
    office.put(document, claimed_until=timezone.now() - timedelta(seconds=1))
    assert queue_documents() == 1
    with app.connection_or_acquire() as broker:
        assert broker.default_channel.client.llen("documents") == 2
        broker.default_channel.client.flushdb()


def test_the_sweep_removes_old_documents_and_files_of_none(office, monkeypatch):
    old, young = office.made(rows=1), office.made(rows=2)
    office.put(old, asked_at=timezone.now() - timedelta(days=91))
    orphan = default_storage.save(f"{keeping.FOLDER}/orphan", ContentFile(b"x"))
    monkeypatch.setattr(keeping, "GRACE", timedelta(seconds=-5))

    tasks.sweep()

    assert not default_storage.exists(orphan)
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(young.file.name)
    with office.inside():
        assert list(Document.objects.values_list("pk", flat=True)) == [young.pk]


def test_the_sweep_lets_young_files_alone(office):
    young = default_storage.save(f"{keeping.FOLDER}/young", ContentFile(b"x"))

    tasks.sweep()

    assert default_storage.exists(young)


def test_the_storage_is_asked_for_the_age_of_no_file_that_is_in_a_document(office, settings):
    made = office.made(rows=1)
    orphan = default_storage.save(f"{keeping.FOLDER}/orphan", ContentFile(b"x"))
    asked = asked_in(settings, default_storage.location)

    tasks.sweep()

    assert orphan in asked
    assert made.file.name not in asked
