"""The process whose children the two servers are.

Started by the first command that needs them (:mod:`services`), it ends when the last has let go.
It has a session of its own, so that neither Ctrl-C nor a closed terminal takes the servers from
under a command that still uses them.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.embedded import postgres, valkey
from config.embedded.locks import FileLock, wait_until
from config.embedded.places import Place

PAUSE = 0.2


class Keeper:
    """Two servers, started again when they die, until nobody is attached."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.users = FileLock(place.locks / "users")
        self.told_to_stop = False

    def stop_on(self, *numbers: signal.Signals) -> None:
        def note(*_: object) -> None:
            self.told_to_stop = True

        for number in numbers:
            signal.signal(number, note)

    def run(self) -> None:
        with contextlib.ExitStack() as stack:
            # A keeper that was just leaving may have cleared these away after our starter made them.
            self.place.make()
            stack.callback(self.place.clear)
            broker = stack.enter_context(_Server(self.place, valkey.start, valkey.stop))
            database = stack.enter_context(_Server(self.place, postgres.start, postgres.stop))
            postgres.prepare(self.place)
            ready = FileLock(self.place.locks / "ready")
            wait_until(ready.take, seconds=5)
            # Taking this lock is the decision to stop: from here newcomers wait for our end.
            while not self.told_to_stop and not self.users.take():
                broker.revive()
                database.revive()
                time.sleep(PAUSE)
            ready.release()


class _Server(contextlib.AbstractContextManager["_Server"]):
    def __init__(
        self,
        place: Place,
        start: Callable[[Place], subprocess.Popen[bytes]],
        stop: Callable[[subprocess.Popen[bytes]], None],
    ) -> None:
        self.place, self.start, self.stop = place, start, stop
        self.process = start(place)

    def revive(self) -> None:
        if self.process.poll() is not None:
            self.process = self.start(self.place)

    def __exit__(self, *_: object) -> None:
        self.stop(self.process)


def main() -> None:
    # The keeper's own lock was taken by whoever started us; its descriptor came with us, and the
    # kernel drops it when we end, however we end.
    place = Place(Path(sys.argv[1]), fast=sys.argv[2] == "fast")
    keeper = Keeper(place)
    keeper.stop_on(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    keeper.run()


if __name__ == "__main__":
    main()
