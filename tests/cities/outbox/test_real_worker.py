"""With real workers on the test's own database and Valkey. What becomes of notices when those die: ``tests/faults``."""

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
from config.embedded.commands import CODES

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


def wait_until(true, seconds: float = 60) -> None:
    """Wait as a user would, while the relay runs every two seconds as beat would have it."""
    began = relayed = time.monotonic()
    while not true():
        now = time.monotonic()
        assert now - began < seconds, f"waited in vain: {state()}"
        if now - relayed > 2:
            relayed = now
            relay()
        time.sleep(0.05)


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


def enqueue_code(address: str = "ana@example.org") -> None:
    with city_scope(CENTER_ID):
        enqueue(
            "sign-in-code", key=f"code-{address}", address=address, secret_body="BCDF-GHJK",
            priority=Message.Priority.CODE, expires_at=timezone.now() + timedelta(minutes=10),
        )  # fmt: skip


def unsent(city) -> int:
    with city_scope(city):
        return Message.objects.filter(sent_at__isnull=True).count()


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
