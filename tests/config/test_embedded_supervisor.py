"""``make run`` from outside: what it starts, keeps alive and stops."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from config.embedded import commands, supervisor
from config.embedded.locks import wait_until
from config.embedded.places import ROOT
from config.embedded.supervisor import Child, is_free

READY_SECONDS = 90


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def is_alive(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


class Run:
    """One ``make run`` and the processes it has started."""

    def __init__(self, data, port):
        self.port = port
        unset = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "LYB_LOG_LEVEL"}
        environment = {name: value for name, value in os.environ.items() if name not in unset}
        self.log = data / "run.log"
        self.log.touch()
        self.begun = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.embedded"],
                cwd=ROOT,
                env=environment | {"LYB_DATA_DIR": str(data / "data"), "PORT": str(port), "LYB_DEMO": "0"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self):
        assert wait_until(
            lambda: "Ready after" in self.said or self.process.poll() is not None, seconds=READY_SECONDS
        )
        assert self.process.poll() is None, self.said
        self.seconds = time.monotonic() - self.begun
        assert wait_until(
            lambda: set(self.children()) == {command.name for command in commands.ALL}, seconds=10
        )
        return self

    @property
    def said(self):
        return self.log.read_text()

    def children(self):
        """The children that run one of our commands, by its name."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                line = tuple(child.cmdline()[1:])
                found |= {command.name: child for command in commands.ALL if command.arguments == line}
        return found

    def family(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def status(self, path="/healthz"):
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=20) as page:
                return page.status
        except urllib.error.HTTPError as refusal:
            return refusal.code


@pytest.fixture
def data():
    # Not tmp_path: pytest closes it to all others, also to PostgreSQL's account where we are root.
    directory = Path(tempfile.mkdtemp(prefix="lyb-test-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.mark.slow
def test_one_command_serves_revives_its_children_and_stops_them_all(data):
    port = free_port()
    run = Run(data, port).wait_until_ready()
    try:
        assert run.status() == 200
        assert f"Open http://localhost:{port}" in run.said

        beat = run.children()["beat"]
        beat.kill()
        assert wait_until(lambda: run.children().get("beat", beat) != beat, seconds=15)

        family = run.family()
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(30) == 0
        # On a busy machine a worker's pool is killed with it, which takes the kernel a moment.
        assert wait_until(lambda: not [child for child in family if is_alive(child)], seconds=5)
        assert is_free(port)

        second = Run(data, port).wait_until_ready()
        assert "Migrating" not in second.said
        family = second.family()
        second.process.kill()
        second.process.wait()
        assert wait_until(lambda: not [child for child in family if child.is_running()], seconds=20)

        third = Run(data, port).wait_until_ready()
        assert third.status() == 200
        third.process.terminate()
        assert third.process.wait(30) == 0
    finally:
        for started in (run, *(locals().get(name) for name in ("second", "third"))):
            if started is not None and started.process.poll() is None:
                started.process.terminate()
                started.process.wait(30)


def test_a_port_taken_by_another_program_is_said_in_plain_words(data, monkeypatch):
    monkeypatch.setenv("LYB_DATA_DIR", str(data))
    monkeypatch.setattr(supervisor, "LEAVING_SECONDS", 0.1)

    with socket.create_server(("127.0.0.1", 0)) as other, contextlib.ExitStack() as stack:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken by another program"):
            supervisor.Supervisor(port).claim(stack)


def test_a_second_run_beside_the_first_is_refused_in_plain_words(data, monkeypatch):
    monkeypatch.setenv("LYB_DATA_DIR", str(data))
    monkeypatch.setattr(supervisor, "LEAVING_SECONDS", 0.1)

    with contextlib.ExitStack() as first, contextlib.ExitStack() as second:
        supervisor.Supervisor(free_port()).claim(first)
        with pytest.raises(SystemExit, match="Use the one that runs"):
            supervisor.Supervisor(free_port()).claim(second)


def test_a_child_that_keeps_dying_is_started_after_longer_and_longer_pauses():
    child = Child(commands.Command("false", ("-c", "raise SystemExit(3)")))
    child.process.wait()

    child.revive()
    assert child.process.poll() is not None, "it waits before the second attempt"

    child.started -= 2
    child.revive()
    assert child.pause == 2
    child.process.wait()


def test_the_web_server_listens_on_localhost_only():
    from config.gunicorn import addresses

    assert set(addresses("8000")) <= {"127.0.0.1:8000", "[::1]:8000"}
