"""With real workers on the test's own database and Valkey: first of all, killed, wiped."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone

from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.outbox.tasks import relay
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.celery import app
from config.embedded.commands import CODES, WORKER
from tests.factories import make_city

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def worker(arguments: tuple[str, ...], folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of the product's own workers, with its mail in ``folder``."""
    variables = {
        **os.environ,
        "LYB_DATA_DIR": str(folder),
        "LYB_EMAIL_BACKEND": "residents.notices.mailbox.DemoMailbox",
    }
    child = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=variables | environment, start_new_session=True,
        stdout=(folder / "log").open("ab"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def mails(folder: Path) -> list[dict[str, str]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("mail/*.json"))]


def wait_until(true, seconds: float = 60) -> float:
    """Wait as a user would, while the relay runs every two seconds as beat would have it."""
    began = relayed = time.monotonic()
    while not true():
        now = time.monotonic()
        assert now - began < seconds, f"waited in vain: {state()}"
        if now - relayed > 2:
            relayed = now
            relay()
        time.sleep(0.05)
    return time.monotonic() - began


def state() -> list[tuple[object, ...]]:
    with city_scope(CENTER_ID):
        return list(Message.objects.values_list("kind", "attempts", "failure", "claimed_until", "sent_at"))


@pytest.fixture(autouse=True)
def empty_queues():
    def wipe() -> None:
        with app.connection_or_acquire() as broker:
            broker.default_channel.client.flushdb()
        cache.clear()

    wipe()
    yield
    wipe()


def enqueue_notices(city, count: int) -> None:
    with city_scope(city):
        for n in range(count):
            enqueue(
                "invitation", key=f"notice-{n}", address=f"person{n}@example.org",
                city="Baltimore", inviter="Ana", roles=["staff"], secret_body="/accounts/invitations/x/", days=14,
            )  # fmt: skip


def enqueue_code(address: str = "ana@example.org") -> Message:
    with city_scope(CENTER_ID):
        message = enqueue(
            "sign-in-code", key=f"code-{address}", address=address, secret_body="BCDF-GHJK",
            priority=Message.Priority.CODE, expires_at=timezone.now() + timedelta(minutes=10),
        )  # fmt: skip
    assert message is not None
    return message


def unsent(city) -> int:
    with city_scope(city):
        return Message.objects.filter(sent_at__isnull=True).count()


def test_a_code_arrives_within_five_seconds_while_a_thousand_notices_wait(tmp_path):
    city = make_city()
    enqueue_notices(city, 1_000)
    with worker(WORKER.arguments, tmp_path), worker(CODES.arguments, tmp_path):
        relay()
        wait_until(lambda: len(mails(tmp_path)) > 20, seconds=60)
        assert unsent(city) > 500

        enqueue_code()
        took = wait_until(lambda: any(m["to"] == "ana@example.org" for m in mails(tmp_path)))

        assert took < 5
        assert unsent(city) > 100


def test_a_notice_arrives_although_the_worker_was_killed_and_the_queue_wiped(tmp_path):
    code = enqueue_code()
    relay()
    with worker(
        CODES.arguments, tmp_path, LYB_EMAIL_BACKEND="tests.cities.outbox.slow_mail.SlowBackend"
    ) as doomed:
        wait_until((tmp_path / "sending").exists)
        os.killpg(doomed.pid, signal.SIGKILL)
    with app.connection_or_acquire() as broker:
        broker.default_channel.client.flushdb()
    with city_scope(CENTER_ID):
        assert Message.objects.get().sent_at is None
        Message.objects.update(
            claimed_until=timezone.now() - timedelta(seconds=1)
        )  # as if the lease had ended

    assert relay() == 1
    with worker(CODES.arguments, tmp_path):
        wait_until(lambda: mails(tmp_path))

        assert [m["to"] for m in mails(tmp_path)] == [code.address]
        wait_until(lambda: unsent(CENTER_ID) == 0)


def test_the_same_message_queued_many_times_is_sent_once(tmp_path):
    enqueue_code()
    for _ in range(4):
        relay()
        with city_scope(CENTER_ID):
            Message.objects.filter(sent_at__isnull=True).update(
                claimed_until=timezone.now() - timedelta(seconds=1)
            )

    with worker(CODES.arguments, tmp_path), worker(CODES.arguments, tmp_path):
        wait_until(lambda: unsent(CENTER_ID) == 0)
        enqueue_code("later@example.org")
        wait_until(lambda: unsent(CENTER_ID) == 0)

    assert sorted(m["to"] for m in mails(tmp_path)) == ["ana@example.org", "later@example.org"]
