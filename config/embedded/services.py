"""Attach to the embedded servers, starting them if nobody has. The last one out stops them.

Three file locks under ``<data>/locks``, nothing else, so that kill -9 leaves nothing to clear up:

* ``users``: shared, held by everybody attached. Held alone by the keeper once it stops.
* ``keeper``: held by the keeper from before its first breath. Who gets it starts the keeper.
* ``ready``: held by the keeper while both servers answer.
"""

# ruff: noqa: S603 -- every command line is our own

import contextlib
import os
import subprocess
import sys
import time
from typing import Self

from config.embedded.locks import FileLock, is_held, wait_until
from config.embedded.places import ROOT, Place

START_SECONDS = 60
STOP_SECONDS = 40


class Attachment(contextlib.AbstractContextManager["Attachment"]):
    """Our hold on the servers of one place. Leaving it may stop them."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._keeper: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.place.make()
        self.users = FileLock(self.place.locks / "users")
        if not wait_until(lambda: self.users.take(shared=True), seconds=STOP_SECONDS):
            raise SystemExit("The embedded servers are still stopping. Try again in a moment.")
        self.ensure()
        return self

    def __exit__(self, *_: object) -> None:
        # Taking the lock alone tells whether anybody else is attached; if so, the servers are theirs.
        alone = self.users.take()
        self.users.release()
        if alone:
            wait_until(self._is_over, seconds=STOP_SECONDS)

    def ensure(self) -> None:
        """Return once both servers answer. Starts a keeper where there is none (any more)."""
        deadline = time.monotonic() + START_SECONDS
        if self._keeper is not None and self._keeper.poll() is not None:
            self._keeper = None
        while not is_held(self.place.locks / "ready"):
            if self._keeper is not None and self._keeper.poll():
                raise SystemExit("The embedded servers don't start:\n" + self._reason())
            self._start_keeper()
            if time.monotonic() > deadline:
                raise SystemExit(f"The embedded servers don't start; see {self.place.logs}.")
            time.sleep(0.03)

    def _start_keeper(self) -> None:
        lock = FileLock(self.place.locks / "keeper")
        if lock.take():
            command = [sys.executable, "-m", "config.embedded.keeper", str(self.place.data)]
            with (self.place.logs / "keeper.log").open("wb") as log:
                self._keeper = subprocess.Popen(
                    [*command, "fast" if self.place.fast else "safe"],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=ROOT,
                    pass_fds=[lock.descriptor],
                    start_new_session=True,
                )
        lock.release()

    def _is_over(self) -> bool:
        """Tell whether the keeper has ended, or lives on for somebody who came just now."""
        if self._keeper is not None:
            self._keeper.poll()
        if not is_held(self.place.locks / "keeper"):
            return True
        users = FileLock(self.place.locks / "users")
        try:
            return not users.take() and users.take(shared=True)
        finally:
            users.release()

    def _reason(self) -> str:
        return "\n".join((self.place.logs / "keeper.log").read_text(errors="replace").splitlines()[-12:])


def is_embedded() -> bool:
    """Tell whether the servers are ours. Half a configuration is refused rather than guessed at.

    So is none in production: whoever forgets it there would migrate an empty database beside the real one.
    """
    given = [bool(os.environ.get(name)) for name in ("DATABASE_URL", "REDIS_URL")]
    if any(given) and not all(given):
        raise SystemExit("Set both DATABASE_URL and REDIS_URL, or neither to use the embedded servers.")
    if not any(given) and os.environ.get("LYB_ENV") == "production":
        raise SystemExit(
            "Set DATABASE_URL and REDIS_URL: in production the servers are yours, not the embedded ones."
        )
    return not any(given)
