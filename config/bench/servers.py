"""The product and the floor, each served as ``make run`` serves: by gunicorn with the same settings file."""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psutil

from config.embedded import children, commands
from config.embedded.locks import wait_until
from config.embedded.places import ROOT
from config.embedded.supervisor import answers

from .errors import BenchError

START_SECONDS = 60
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """One that answers."""

    port: int
    pid: int
    start_seconds: float

    def worker_megabytes(self) -> float:
        """Return the resident memory of its largest worker."""
        workers = psutil.Process(self.pid).children()
        largest: int = max(worker.memory_info().rss for worker in workers)
        return largest / MEGABYTE


@contextlib.contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """Start a server on a free port, and stop it at the end."""
    port = free_port()
    *arguments, _product = commands.WEB.arguments
    begun = time.perf_counter()
    process = children.spawn(
        [sys.executable, *arguments, application],
        directory=ROOT,
        environment={
            **os.environ,
            **commands.WEB.environment,
            "LYB_LOG_LEVEL": "WARNING",
            **environment,
            "PORT": str(port),
        },
    )
    try:
        wait_until(lambda: process.poll() is not None or answers(port), seconds=START_SECONDS)
        if process.poll() is not None or not answers(port):
            raise BenchError(f"{application} does not start; see above.")
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        children.stop(process)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
