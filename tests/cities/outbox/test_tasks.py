from datetime import timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from anymail.exceptions import AnymailRecipientsRefused
from django.conf import settings
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.utils import timezone

from cities.outbox import tasks
from cities.outbox.errors import RefusedError
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
def notice():
    with city_scope(CENTER_ID):
        return enqueue("x", key="notice", recipient=UserFactory())


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


def change(message, **fields) -> None:
    with city_scope(message.city_id):
        Message.objects.filter(pk=message.pk).update(**fields)


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


def pauses_of(message, sender) -> list[int]:
    """Let it fail until it is given up, each try as late as the relay would hand it out."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sender.errors, pauses = [OSError() for _ in range(30)], []
        while row(message).failed_at is None:
            assert tasks.relay() == 1
            send(message, attempts=len(pauses))
            pause = (row(message).claimed_until - timezone.now()).total_seconds()
            pauses.append(round(pause))
            clock.shift(pause + 1)
            # PostgreSQL's clock stays where it is.
            change(message, claimed_until=None)
    return pauses[:-1]


def test_a_notice_outlasts_two_days_without_mail_and_is_parked_then(notice, sender):
    pauses = pauses_of(notice, sender)

    assert pauses[:4] == [60, 120, 240, 480]
    assert max(pauses) == 4 * 3_600
    assert 48 * 3_600 <= sum(pauses) < 49 * 3_600
    assert (row(notice).attempts, row(notice).failure) == (Message.MAX_ATTEMPTS, "OSError")
    assert sender.sent == []


def test_a_code_is_tried_until_it_expires(code, sender):
    pauses = pauses_of(code, sender)

    assert pauses[:5] == [5, 10, 20, 40, 60]
    assert max(pauses) == 60
    assert sum(pauses) > 9 * 60
    assert (row(code).failure, row(code).sealed_body) == ("expired", "")


def test_an_address_that_is_refused_is_given_up_soon(notice, sender):
    sender.errors = [RefusedError() for _ in range(Message.FEW_ATTEMPTS)]

    for attempt in range(Message.FEW_ATTEMPTS):
        assert row(notice).failed_at is None
        send(notice, attempts=attempt)

    assert (row(notice).failure, row(notice).failed_at is None) == ("RefusedError", False)


def test_notices_that_pause_leave_room_for_new_ones(notice, monkeypatch):
    monkeypatch.setattr(tasks, "ON_THEIR_WAY", 1)
    change(notice, failure="OSError", attempts=9, claimed_until=timezone.now() + timedelta(hours=4))
    with city_scope(CENTER_ID):
        enqueue("x", key="another", address="b@example.org")

    assert tasks.relay() == 1
    assert tasks.relay() == 0


# -- An operator lets them go again -----------------------------------------------------------------


def fail_for_good(message) -> None:
    change(message, attempts=Message.MAX_ATTEMPTS - 1, failure="OSError")
    send(message, attempts=Message.MAX_ATTEMPTS - 1)
    assert row(message).failed_at is not None


def retry_letters(*arguments) -> str:
    out = StringIO()
    call_command("retry_letters", *arguments, stdout=out)
    return out.getvalue()


def test_a_letter_that_failed_is_put_back_and_sent_once(notice, sender):
    sender.errors = [OSError()]
    fail_for_good(notice)

    assert retry_letters() == "1 failed letters are tried again; 0 that waited go now.\n"

    assert (row(notice).failed_at, row(notice).attempts, row(notice).failure) == (None, 0, "")
    assert tasks.relay() == 1
    send(notice)
    send(notice)
    assert sender.sent == [(notice.pk, None)]
    assert retry_letters().startswith("0 failed letters")


def test_what_was_erased_or_has_expired_or_failed_long_ago_stays_failed(notice, code, sender):
    with city_scope(CENTER_ID):
        old = enqueue("x", key="old", recipient=UserFactory())
        late = enqueue("x", key="late", recipient=UserFactory(), expires_at=timezone.now())
    sender.errors = [OSError() for _ in range(4)]
    for message in (code, old, notice):
        fail_for_good(message)
    send(late)
    change(old, failed_at=timezone.now() - timedelta(days=8))

    assert retry_letters().startswith("1 failed letters")

    assert [row(message).failed_at is None for message in (notice, code, old, late)] == [True] + [False] * 3
    assert retry_letters("--days", "9").startswith("1 failed letters")


def test_a_letter_that_pauses_goes_now_and_one_in_a_workers_hands_stays_there(notice, sender):
    with city_scope(CENTER_ID):
        under_way = enqueue("x", key="y", recipient=UserFactory())
    change(notice, failure="OSError", attempts=9, claimed_until=timezone.now() + timedelta(hours=4))
    lease = timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    change(under_way, failure="OSError", attempts=9, claimed_until=lease)

    assert retry_letters() == "0 failed letters are tried again; 1 that waited go now.\n"

    assert (row(notice).claimed_until, row(under_way).claimed_until) == (None, lease)
    assert tasks.relay() == 1


def test_an_expired_code_is_not_sent_and_erased(code, sender):
    with city_scope(CENTER_ID):
        Message.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    send(code)

    assert sender.sent == []
    assert (row(code).failure, row(code).sealed_body) == ("expired", "")


def test_codes_that_expired_unsent_are_erased_by_the_sweeper(code):
    assert tasks.erase_spent_bodies() == 0
    with city_scope(CENTER_ID):
        Message.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert tasks.erase_spent_bodies() == 1

    assert (row(code).sealed_body, row(code).failed_at is not None) == ("", True)


def test_the_sweeper_forgets_addresses_of_nobodys_inbox(code, notice):
    for message in (code, notice):
        change(message, expires_at=timezone.now() - timedelta(minutes=1))

    assert tasks.erase_spent_bodies() == 2

    assert row(code).address == ""
    assert row(notice).address != ""


def test_a_message_that_kills_each_worker_is_parked(code, sender, monkeypatch):
    """The worker dies before it can mark anything: only the count of attempts is left behind."""

    def dies(_message, _body):
        raise SystemExit

    monkeypatch.setattr(tasks, "_sender", [dies])
    for attempt in range(5):
        with pytest.raises(SystemExit):
            send(code, attempts=attempt)
    with city_scope(CENTER_ID):
        Message.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))

    assert tasks.relay() == 0
    assert tasks.erase_spent_bodies() == 1
    assert row(code).failure == "gave up"


def test_a_long_backlog_uses_up_no_attempts(code, sender):
    """The lease may end many times while a task waits in the queue; the message is still sent."""
    for _ in range(8):
        assert tasks.relay() == 1
        with city_scope(CENTER_ID):
            Message.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))

    for _ in range(8):
        send(code)

    assert len(sender.sent) == 1


def test_the_registered_sender_writes_a_mail(code):
    send(code)

    (letter,) = mail.outbox
    assert (letter.to, "BCDF-GHJK" in letter.body) == (["a@example.org"], True)
    assert letter.extra_headers["Message-ID"] == f"<{code.pk}@notices.love-your-block>"


@pytest.mark.parametrize(
    ("error", "is_for_good"),
    [
        (SMTPRecipientsRefused({"a@example.org": (550, b"no such mailbox")}), True),
        (SMTPRecipientsRefused({"a@example.org": (452, b"mailbox full")}), False),
        (AnymailRecipientsRefused(), True),
    ],
)
def test_an_address_is_refused_for_good_or_for_now(code, monkeypatch, error, is_for_good):
    def refuses(_backend, _messages):
        raise error

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuses)

    send(code)

    assert (row(code).failure == "RefusedError") is is_for_good
    assert row(code).failed_at is None
