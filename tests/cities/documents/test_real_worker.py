"""With a real worker of the product: made, and killed in the middle."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cities.documents.states import Status
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.outbox.tasks import relay
from config.celery import app
from config.embedded.commands import DOCUMENTS, WORKER
from tests.cities.outbox.test_real_worker import wait_until, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KINDS = ("-m", "celery", "--quiet", "--app", "tests.cities.documents.celery_app")
"""The product's worker, which also knows the kinds of these tests."""


@pytest.fixture(autouse=True)
def empty_queues():
    yield
    with app.connection_or_acquire() as broker:
        broker.default_channel.client.flushdb()


def the_worker(folder, command=DOCUMENTS):
    arguments = (*KINDS, *command.arguments[5:])
    return worker(arguments, folder, LYB_DOCUMENT_LEASE="2", LYB_DATA_DIR=str(settings.DATA_DIR))


def test_a_worker_killed_in_the_middle_is_followed_by_another_that_finishes(office, tmp_path):
    begun = Path(settings.DATA_DIR, "begun")
    begun.unlink(missing_ok=True)
    document = office.ask("test-slow", rows=12, pause=0.3)
    with the_worker(tmp_path) as doomed:
        wait_until(lambda: begun.exists() and office.now(document).progress > 5)
        os.killpg(doomed.pid, signal.SIGKILL)
    between = office.now(document)
    assert (between.status, between.attempts) == (Status.RUNNING, 1)
    assert 0 < between.progress < 100

    with the_worker(tmp_path):
        wait_until(lambda: office.now(document).status == Status.FINISHED)

    now = office.now(document)
    assert (now.attempts, now.row_count, now.progress) == (2, 12, 100)


def test_a_worker_killed_each_time_leaves_a_reason(office, tmp_path):
    begun = Path(settings.DATA_DIR, "begun")
    document = office.ask("test-slow", rows=100, pause=0.5)
    office.put(document, attempts=1)
    for attempt in (2, 3):
        begun.unlink(missing_ok=True)
        with the_worker(tmp_path) as doomed:
            wait_until(lambda at=attempt: office.now(document).attempts == at and begun.exists())
            os.killpg(doomed.pid, signal.SIGKILL)
        office.put(document, claimed_until=timezone.now() - timedelta(seconds=1))

    with the_worker(tmp_path):
        wait_until(lambda: office.now(document).status == Status.FAILED)
        time.sleep(0.5)

    assert office.now(document).failure == "The worker was interrupted each time. You can try again."


def test_reports_that_wait_hold_no_notice_up(office, tmp_path):
    documents = [office.ask("test-slow", rows=60 + n, pause=0.5) for n in range(3)]
    relay()
    with office.inside():
        notice = enqueue("roles-changed", key="x", recipient=office.staff, city="B", slug="b", roles=[])
    with the_worker(tmp_path), the_worker(tmp_path, WORKER):
        wait_until(lambda: [office.now(d).status for d in documents].count(Status.RUNNING) == 2)

        wait_until(lambda: is_sent(office, notice))

        assert {office.now(d).status for d in documents} == {Status.RUNNING, Status.WAITING}


def is_sent(office, notice):
    with office.inside():
        return Message.objects.filter(pk=notice.pk, sent_at__isnull=False).exists()
