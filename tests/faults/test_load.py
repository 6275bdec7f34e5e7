"""Stalled uploads don't keep others waiting; a burst of autosaves loses nothing that was acknowledged."""

import contextlib
import json
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from urllib.parse import urlparse

import pytest
from django.conf import settings

from config.embedded import postgres
from config.embedded.places import ROOT
from tests.faults.visitor import Visitor
from tests.proving import count

pytestmark = pytest.mark.prove

WEB_PROCESSES = 2
SLOTS = settings.UPLOAD_SLOTS * WEB_PROCESSES
THREADS = 12
FILL_SECONDS = 90
SECONDS = count(5, 30)
SHARE_OF_SATURATION = 0.6


@pytest.fixture(scope="module")
def stage(running_product):
    environment = running_product.environment | running_product.place.environment()
    written = subprocess.run(
        [sys.executable, "-m", "tests.faults.chaos.stage", str(THREADS)], cwd=ROOT, check=True,
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return written.stdout.splitlines()[-1]


def stall(product):
    """Begin an upload and send no more of it. Returns the connection, or ``None`` if it was turned away."""
    address = urlparse(product.address)
    connection = socket.create_connection((address.hostname, address.port), timeout=10)
    connection.sendall(
        b"POST /api/v1/cities/chaos/applications/00000000-0000-0000-0000-000000000000/files/ HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n--x\r\n"
    )
    connection.settimeout(0.7)
    with contextlib.suppress(TimeoutError):
        answer = connection.recv(200)
        assert b" 503 " in answer, answer
        connection.close()
        return None
    return connection


def test_other_pages_answer_while_as_many_uploads_stall_as_there_are_slots(product, record_property):
    stalled, ends_at = [], time.monotonic() + FILL_SECONDS
    try:
        # Which of the processes takes a connection is the kernel's choice; a full one turns it away.
        while len(stalled) < SLOTS and time.monotonic() < ends_at:
            connection = stall(product)
            stalled += [connection] if connection else []
        assert len(stalled) == SLOTS

        stranger = Visitor(product)
        answers = [
            stranger.get(page) for _ in range(20) for page in ("/", "/accounts/login/", "/api/v1/calls/")
        ]
        assert {answer.status for answer in answers} == {200}
        assert stall(product) is None
        record_property("count", SLOTS)
        record_property("note", f"slowest page {max(a.seconds for a in answers) * 1000:.0f} ms")
    finally:
        for connection in stalled:
            connection.close()


def burst(product, stage, threads, per_second):
    """Let a second process save answers; return what it was told."""
    command = [
        sys.executable,
        "-m",
        "tests.faults.burst",
        product.address,
        *map(str, (threads, per_second, SECONDS)),
    ]
    told = subprocess.run(command, cwd=ROOT, check=True, input=stage, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in told.stdout.splitlines()]


def p95(calls):
    return statistics.quantiles([call["ms"] for call in calls], n=20)[-1]


def test_a_burst_of_autosaves_loses_and_doubles_nothing_that_was_acknowledged(
    product, stage, record_property
):
    product.wait_for(lambda: product.waiting() == 0, seconds=60)
    idle = burst(product, with_residents(stage, 0, 1), 1, 2)
    fastest = burst(product, with_residents(stage, 1, 5), 4, 0)
    rate = SHARE_OF_SATURATION * len(fastest) / SECONDS

    calls = burst(product, with_residents(stage, 5, THREADS), THREADS - 5, rate)

    assert_all_kept(product, [*idle, *fastest, *calls])
    statuses = Counter(call["status"] for call in calls)
    record_property("count", len(calls))
    record_property(
        "note",
        f"{rate:.0f}/s of {rate / SHARE_OF_SATURATION:.0f}/s; p95 {p95(calls):.0f} ms, idle {p95(idle):.0f} ms; {dict(statuses)}",
    )
    assert statuses[200] > SECONDS


def with_residents(stage, first, last):
    everything = json.loads(stage)
    return json.dumps(everything | {"residents": everything["residents"][first:last]})


def assert_all_kept(product, calls):
    """Each acknowledged value stands there once, as the version that the caller was told; no value stands there twice."""
    with contextlib.closing(postgres.connect(product.place, "lyb")) as connection:
        rows = connection.execute("SELECT application_id::text, version, value FROM grants_answer").fetchall()
    kept = Counter(rows)
    acknowledged = [(c["application"], c["version"], c["value"]) for c in calls if c["status"] == 200]
    assert [row for row in acknowledged if kept[row] != 1] == []
    values = Counter(value for _application, _version, value in rows)
    assert [value for value, times in values.items() if times > 1] == []


def test_a_lost_and_a_doubled_answer_would_be_noticed(product, stage):
    """The check's bug, planted once."""
    saved = {"application": "00000000-0000-0000-0000-000000000000", "version": 1, "value": "x", "status": 200}
    with pytest.raises(AssertionError):
        assert_all_kept(product, [saved])
