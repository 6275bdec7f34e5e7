"""Valkey and the workers are killed while notices are under way; and codes overtake a thousand notices."""

import time

import pytest

from tests.faults.product import WORKER_PROCESSES
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.slow

COUNT = 200
PROMPT_SECONDS = 5
"""Less than the broker's client waits by itself (6), more than a page takes on a busy machine."""
PATIENCE_SECONDS = 90
"""For what has no deadline of its own: a worker takes long to start on a busy machine."""


def check_all_arrive(product, name, *, most_twice):
    """Every address got its letter; ``most_twice`` of them were under way at a kill and may have two."""
    expected = {f"{name}-{n}@example.org" for n in range(COUNT)}
    product.wait_for(lambda: product.letters(name).keys() == expected, seconds=PATIENCE_SECONDS)
    product.wait_for(lambda: product.waiting(name) == 0, seconds=PATIENCE_SECONDS)

    letters = product.letters(name)
    assert letters.keys() == expected
    assert letters.total() - COUNT <= most_twice
    sent = product.ask("SELECT count(sent_at) FROM cities_message WHERE key LIKE %s", f"{name}-%")
    assert sent == (COUNT,)


def test_every_notice_arrives_although_the_queue_was_killed_and_wiped(product):
    with product.asleep("worker"):
        product.queue_notices(COUNT, "wiped")
        product.wait_for(lambda: product.in_queue() >= COUNT - 2 * WORKER_PROCESSES, seconds=20)
        assert product.letters("wiped").total() == 0

        product.kill_server("valkey")
        assert product.in_queue() == 0

    check_all_arrive(product, "wiped", most_twice=0)


def test_every_notice_arrives_although_the_worker_was_killed_while_sending(product):
    product.queue_notices(COUNT, "killed")
    product.wait_for(lambda: product.letters("killed").total() >= COUNT // 4, seconds=PATIENCE_SECONDS)

    product.kill_worker("worker")
    assert product.waiting("killed") > 0

    check_all_arrive(product, "killed", most_twice=WORKER_PROCESSES)


def test_every_notice_arrives_although_everything_was_killed_at_once(product):
    """Also the worker that hands out: what it had claimed waits for its lease."""
    product.queue_notices(COUNT, "all")
    product.wait_for(lambda: product.letters("all").total() >= 10, seconds=PATIENCE_SECONDS)

    with product.without("valkey"):
        product.kill_worker("codes")
        product.kill_worker("worker")
    product.kill_server("postgres")

    # The worker that came back may have been sending when PostgreSQL went.
    check_all_arrive(product, "all", most_twice=2 * WORKER_PROCESSES)


def test_a_sign_in_code_arrives_within_five_seconds_while_a_thousand_notices_wait(product):
    product.queue_notices(1_000, "crowd")
    product.wait_for(lambda: product.letters("crowd").total() >= 10, seconds=PATIENCE_SECONDS)

    for n in range(3):
        began = time.monotonic()
        Visitor(product).ask_for_code(f"hurried-{n}@example.org")
        product.wait_for(lambda n=n: product.text_for(f"hurried-{n}@example.org"), seconds=20)
        assert time.monotonic() - began < 5

    assert product.waiting("crowd") > 500


def test_pages_and_sign_in_go_on_without_valkey_and_the_code_follows(product):
    person = Visitor(product).sign_in("patient@example.org")

    with product.without("valkey"):
        for path in ("/", "/me/", "/accounts/factor/", "/healthz", "/api/v1/me/applications/"):
            answer = person.get(path)
            assert (answer.status, answer.seconds < PROMPT_SECONDS) == (200, True), path
        # Both processes: one of them may have a connection of before, which fails at once.
        for _ in range(4):
            answer = Visitor(product).ask_for_code("without-valkey@example.org")
            assert answer.seconds < PROMPT_SECONDS
        time.sleep(2)
        assert product.text_for("without-valkey@example.org") is None

    product.wait_for(lambda: product.text_for("without-valkey@example.org"), seconds=30)
