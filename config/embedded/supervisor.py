"""``make run``: the servers, the preparation, then web, workers and beat as our own children."""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from config.embedded import children, commands
from config.embedded.locks import FileLock, wait_until
from config.embedded.places import ROOT, Place, data_dir
from config.embedded.prepare import Preparation, has_demo, say
from config.embedded.services import Attachment, is_embedded

LONGEST_PAUSE = 30.0
WEB_SECONDS = 60
LEAVING_SECONDS = 12


class Child:
    """One of our commands, started again when it dies: at once, then after longer and longer pauses."""

    def __init__(self, command: commands.Command) -> None:
        self.command = command
        self.pause = 1.0
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process: subprocess.Popen[bytes] = children.spawn(
            [sys.executable, *self.command.arguments],
            directory=ROOT,
            environment=os.environ | self.command.environment,
        )

    def revive(self) -> None:
        code = self.process.poll()
        lived = time.monotonic() - self.started
        if code is None:
            if lived > LONGEST_PAUSE:
                self.pause = 1.0
        elif lived > self.pause:
            say(f"{self.command.name} ended (status {code}) and is started again.")
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self.start()


class Supervisor:
    """Starts everything in order, watches it, stops it in reverse."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.place = Place(data_dir())
        self.attachment: Attachment | None = None
        self.children: list[Child] = []

    def run(self) -> None:
        begun = time.monotonic()
        with contextlib.ExitStack() as stack:
            self.claim(stack)
            if is_embedded():
                say("Starting PostgreSQL and Valkey …")
                self.place.announce()
                self.attachment = stack.enter_context(Attachment(self.place))
            preparation = Preparation(self.place, embedded=self.attachment is not None)
            preparation.run()
            stack.enter_context(self._stopping())
            self._start_web()
            say(welcome(self.port, time.monotonic() - begun))
            self.children += [Child(command) for command in commands.ALL if command is not commands.WEB]
            preparation.look_at_the_demo()
            self._watch()

    def claim(self, stack: contextlib.ExitStack) -> None:
        """Be the only one here, on a free port. One that is just leaving, be it by kill -9, is waited for."""
        self.place.make()
        stack.callback(self.place.clear)
        lock = FileLock(self.place.locks / "run")
        stack.callback(lock.release)
        if not lock.take():
            say("Another `make run` is here; waiting for it to leave …")
        if not wait_until(lock.take, seconds=LEAVING_SECONDS):
            raise SystemExit("It stays. Use the one that runs, or stop it first.")
        if not is_free(self.port):
            say(f"Port {self.port} is in use; waiting for it …")
        if not wait_until(lambda: is_free(self.port), seconds=LEAVING_SECONDS):
            raise SystemExit(
                f"Port {self.port} is taken by another program. Try `make run PORT={self.port + 1}`."
            )

    def _start_web(self) -> None:
        say("Starting the web server …")
        web = Child(commands.WEB)
        self.children.append(web)
        if not wait_until(lambda: web.process.poll() is not None or answers(self.port), seconds=WEB_SECONDS):
            raise SystemExit("The web server does not answer; see above.")
        if web.process.poll() is not None:
            raise SystemExit("The web server does not start; see above.")

    def _watch(self) -> None:
        while True:
            if self.attachment is not None:
                self.attachment.ensure()
            for child in self.children:
                child.revive()
            time.sleep(0.5)

    @contextlib.contextmanager
    def _stopping(self) -> Iterator[None]:
        """Stop the children on the way out, all at once, then reap each."""
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            say("Stopping …")
            for child in self.children:
                if child.process.poll() is None:
                    child.process.terminate()
            for child in self.children:
                children.stop(child.process)


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the port at ``localhost``."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind((address, port))
        except OSError as refusal:
            # Any other refusal (no IPv6 here, say) is the web server's to explain.
            if refusal.errno == errno.EADDRINUSE:
                return False
    return True


def answers(port: int) -> bool:
    """Tell whether the web server answers a whole request, whatever it says."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=WEB_SECONDS) as connection:
            connection.sendall(f"GET /healthz HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n".encode())
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def welcome(port: int, seconds: float) -> str:
    address = f"http://localhost:{port}"
    lines = [f"\nReady after {seconds:.1f} s.  Open {address}", ""]
    if has_demo():
        lines += [
            f"  {address}/            open calls, as everybody sees them",
            f"  {address}/demo/       sign in as a resident, city staff or a Center officer",
            f"  {address}/demo/mail/  the mail that was sent",
            f"  {address}/center/     the Center's cities (as the officer)",
        ]
    return "\n".join([*lines, "", "Ctrl-C stops everything."])


def main() -> None:
    port = int(os.environ.setdefault("PORT", "8000"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LYB_LOG_LEVEL", "WARNING")
    if os.geteuid() == 0:
        os.environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
    # SIGINT too: a shell starts what it puts into the background with Ctrl-C ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    children.leave_with_parent()
    with contextlib.suppress(KeyboardInterrupt):
        Supervisor(port).run()
