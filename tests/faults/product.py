"""The whole product as ``make run`` starts it, with a data directory of its own, and what can befall it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import psutil
import psycopg
import redis

from config.embedded import commands, postgres
from config.embedded.locks import wait_until
from config.embedded.places import ROOT, Place

LEASE_SECONDS = 5
READY_SECONDS = 120
WORKER_PROCESSES = 2
"""How many letters the worker has under way at most (``--concurrency``)."""


def is_alive(process):
    """Say whether it still does anything; one that nobody has buried yet doesn't."""
    with contextlib.suppress(psutil.Error):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


class Product:
    """One running product. Its servers, workers and web processes can be looked up and killed."""

    def __init__(self, folder, port, **settings):
        self.address = f"http://localhost:{port}"
        self.place = Place((folder / "data").resolve())
        unset = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "LYB_DATABASE_ROLE", "LYB_LOG_LEVEL"}
        self.environment = {name: value for name, value in os.environ.items() if name not in unset} | {
            "LYB_DATA_DIR": str(self.place.data),
            "PORT": str(port),
            # The demo's mailbox without its cities, whose seeding takes half a minute.
            "LYB_DEMO": "0",
            "LYB_EMAIL_BACKEND": "tests.faults.mailbox.DistantMailbox",
            "LYB_OUTBOX_LEASE": str(LEASE_SECONDS),
            **settings,
        }
        self.log = folder / "run.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.embedded"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait_until_ready(self):
        wait_until(
            lambda: "Ready after" in self.said or self.process.poll() is not None, seconds=READY_SECONDS
        )
        assert "Ready after" in self.said, self.said
        assert wait_until(lambda: len(self.children()) == len(commands.ALL), seconds=10)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(60)

    @property
    def said(self):
        return self.log.read_text(errors="replace")

    # -- Processes --------------------------------------------------------------------------------

    def children(self):
        """The supervisor's children that run one of our commands, by its name."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                line = tuple(child.cmdline()[1:])
                found |= {command.name: child for command in commands.ALL if command.arguments == line}
        return found

    def web_processes(self):
        web = self.children()["web"]
        return {web.pid, *(child.pid for child in web.children())}

    @property
    def keeper(self):
        family = psutil.Process(self.process.pid).children()
        return next(child for child in family if "config.embedded.keeper" in child.cmdline())

    def server(self, name):
        """The process of ``postgres`` or ``valkey``."""
        return next(child for child in self.keeper.children() if name in child.cmdline()[0])

    @contextlib.contextmanager
    def without(self, name):
        """Kill a server with -9, and keep it from being started again until the block ends."""
        keeper, server = self.keeper, self.server(name)
        keeper.suspend()
        try:
            backends = server.children(recursive=True)
            server.kill()
            # PostgreSQL's backends notice it a moment later, and until then they still answer.
            assert wait_until(lambda: not any(map(is_alive, [server, *backends])), seconds=10)
            yield
        finally:
            keeper.resume()
        assert wait_until(lambda: self._has_another(name, server), seconds=20)

    def kill_server(self, name):
        """Kill a server with -9 and wait for the one that takes its place."""
        with self.without(name):
            pass

    def _has_another(self, name, former):
        with contextlib.suppress(StopIteration, IndexError, psutil.Error):
            return self.server(name).pid != former.pid
        return False

    def kill_worker(self, name):
        """Kill a worker and its processes with -9 and wait for the one that the supervisor starts."""
        former = self.children()[name]
        for process in [former, *former.children(recursive=True)]:
            process.send_signal(signal.SIGKILL)
        assert wait_until(lambda: self.children().get(name, former).pid != former.pid, seconds=35)

    @contextlib.contextmanager
    def asleep(self, name):
        """Let a worker's processes stand still for the length of the block."""
        family = [self.children()[name], *self.children()[name].children(recursive=True)]
        for process in family:
            process.suspend()
        try:
            yield
        finally:
            for process in family:
                process.resume()

    # -- Notices ----------------------------------------------------------------------------------

    def queue_notices(self, count, name):
        subprocess.run(
            [sys.executable, "-m", "tests.faults.queue_notices", str(count), name],
            cwd=ROOT, check=True, env=self.environment | self.place.environment()
            | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        )  # fmt: skip

    def letters(self, name=""):
        """How often each address was written to."""
        found = Counter()
        for path in (self.place.data / "mail").glob("*.json"):
            with contextlib.suppress(FileNotFoundError):  # the mailbox forgets old letters
                to = json.loads(path.read_text())["to"]
                found[to] += to.startswith(name)
        return +found

    def empty_mailbox(self):
        """Make room: it keeps the last 500 letters only."""
        for path in (self.place.data / "mail").glob("*.json"):
            path.unlink(missing_ok=True)

    def text_for(self, address):
        for path in (self.place.data / "mail").glob("*.json"):
            with contextlib.suppress(FileNotFoundError):
                letter = json.loads(path.read_text())
                if letter["to"] == address:
                    return letter["text"]
        return None

    def ask(self, statement, *parameters):
        """One row from the database, past all doors."""
        with contextlib.closing(postgres.connect(self.place, "lyb")) as connection:
            return connection.execute(statement, parameters).fetchone()

    def takes_connections(self):
        try:
            return self.ask("SELECT true") == (True,)
        except psycopg.OperationalError:
            return False

    def waiting(self, name=""):
        """How many notices are neither sent nor given up."""
        return self.ask(
            "SELECT count(*) FROM cities_message WHERE sent_at IS NULL AND failed_at IS NULL AND key LIKE %s",
            f"{name}%",
        )[0]

    def in_queue(self):
        """How many tasks the notices' queue in Valkey holds."""
        with contextlib.closing(redis.Redis(unix_socket_path=str(self.place.valkey_socket))) as broker:
            return broker.llen("notices")

    def forget_notices(self):
        """Throw away what is still to be sent, so that the next test doesn't wait for it."""
        with contextlib.closing(postgres.connect(self.place, "lyb")) as connection:
            connection.execute("UPDATE cities_message SET failed_at = now() WHERE sent_at IS NULL")

    def wait_for(self, true, seconds):
        """Wait until something is so, and return how long it took. Fails with what stands in the outbox."""
        began = time.monotonic()
        assert wait_until(true, seconds=seconds, step=0.05), (
            f"not within {seconds} s; outbox: "
            f"{self.ask('SELECT count(sent_at), count(failed_at), count(*), max(attempts) FROM cities_message')}"
        )
        return time.monotonic() - began
