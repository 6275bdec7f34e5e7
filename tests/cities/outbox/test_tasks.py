from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from cities.outbox import tasks
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.tenancy.scopes import CENTER_ID, city_scope, open_scope
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def code():
    with city_scope(CENTER_ID):
        return enqueue(
            "sign-in-code", key="code", address="a@example.org", secret_body="BCDF-GHJK",
            priority=Message.Priority.CODE, expires_at=timezone.now() + timedelta(minutes=10),
        )  # fmt: skip


@pytest.fixture
def sender(monkeypatch):
    """A sender of our own, in place of the floor above: what it got, and what it should raise."""

    class Sender:
        def __init__(self):
            self.sent, self.errors = [], []

        def __call__(self, message, body):
            assert open_scope() is None
            if self.errors:
                raise self.errors.pop(0)
            self.sent.append((message.pk, body))

    sender = Sender()
    monkeypatch.setattr(tasks, "_sender", [sender])
    return sender


def row(message) -> Message:
    with city_scope(message.city_id):
        return Message.objects.get(pk=message.pk)


def send(message, attempts: int = 0) -> None:
    tasks.send(str(message.city_id), str(message.pk), attempts)


def test_a_message_is_sent_once_and_its_secret_erased(code, sender):
    send(code)
    send(code)

    assert sender.sent == [(code.pk, "BCDF-GHJK")]
    assert (row(code).sealed_body, row(code).attempts) == ("", 1)
    assert row(code).sent_at is not None


def test_a_letter_to_nobodys_inbox_forgets_its_address_once_it_is_done(code, sender):
    person = UserFactory(email="ana@example.org")
    with city_scope(CENTER_ID):
        notice = enqueue("x", key="x", recipient=person)
    sender.errors = [OSError()]

    send(code)
    assert row(code).address == "a@example.org"
    send(code, attempts=1)
    send(notice)

    assert (row(code).address, row(notice).address) == ("", "ana@example.org")


def test_of_two_tasks_for_one_message_only_the_first_sends(code, sender, monkeypatch):
    def second_worker_comes(message, body):
        send(code)
        sender(message, body)

    monkeypatch.setattr(tasks, "_sender", [second_worker_comes])

    send(code)

    assert len(sender.sent) == 1


def test_a_failure_is_tried_again_soon_and_the_secret_kept(code, sender):
    sender.errors = [ConnectionRefusedError()]

    send(code)

    failed = row(code)
    assert (failed.failure, failed.sent_at, failed.failed_at) == ("ConnectionRefusedError", None, None)
    assert failed.sealed_body
    assert failed.claimed_until < timezone.now() + timedelta(seconds=10)
    send(code, attempts=1)
    assert sender.sent == [(code.pk, "BCDF-GHJK")]


def test_after_five_failures_a_message_is_parked_and_its_secret_erased(code, sender):
    sender.errors = [OSError() for _ in range(5)]

    for attempt in range(6):
        send(code, attempts=attempt)

    assert sender.sent == []
    assert (row(code).attempts, row(code).sealed_body) == (5, "")
    assert row(code).failed_at is not None


def test_an_expired_code_is_not_sent_and_erased(code, sender):
    with city_scope(CENTER_ID):
        Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    send(code)

    assert sender.sent == []
    assert (row(code).failure, row(code).sealed_body) == ("expired", "")


def test_codes_that_expired_unsent_are_erased_by_the_sweeper(code):
    assert tasks.erase_spent_bodies() == 0
    with city_scope(CENTER_ID):
        Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert tasks.erase_spent_bodies() == 1

    assert (row(code).sealed_body, row(code).failed_at is not None) == ("", True)


def test_a_message_that_kills_each_worker_is_parked(code, sender, monkeypatch):
    """The worker dies before it can mark anything: only the count of attempts is left behind."""

    def dies(_message, _body):
        raise SystemExit

    monkeypatch.setattr(tasks, "_sender", [dies])
    for attempt in range(5):
        with pytest.raises(SystemExit):
            send(code, attempts=attempt)
    with city_scope(CENTER_ID):
        Message.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    assert tasks.relay() == 0
    assert tasks.erase_spent_bodies() == 1
    assert row(code).failure == "gave up"


def test_a_long_backlog_uses_up_no_attempts(code, sender):
    """The lease may end many times while a task waits in the queue; the message is still sent."""
    for _ in range(8):
        assert tasks.relay() == 1
        with city_scope(CENTER_ID):
            Message.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    for _ in range(8):
        send(code)

    assert len(sender.sent) == 1


def test_the_registered_sender_writes_a_mail(code):
    send(code)

    (letter,) = mail.outbox
    assert (letter.to, "BCDF-GHJK" in letter.body) == (["a@example.org"], True)
    assert letter.extra_headers["Message-ID"] == f"<{code.pk}@notices.love-your-block>"
