"""File locks. The kernel drops them with their process, also after kill -9."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path


class FileLock:
    """A ``flock`` on one file, held until ``release`` or until the process ends."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock, or turn the one held into the other kind. Never waits."""
        try:
            fcntl.flock(self.descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def is_held(path: Path) -> bool:
    """Tell whether somebody holds the lock exclusively."""
    lock = FileLock(path)
    try:
        return not lock.take(shared=True)
    finally:
        lock.release()


def wait_until(true: Callable[[], bool], *, seconds: float, step: float = 0.03) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True
