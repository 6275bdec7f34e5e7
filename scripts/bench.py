"""Time a warm start and a few pages, as one visitor sees them. Run it beside nothing else."""

# ruff: noqa: INP001, S603, T201 -- a script on its own, which prints and asks our own server

import contextlib
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = os.environ.get("BENCH_PORT", "8790")
PAGES = ("/healthz", "/", "/accounts/login/", "/api/v1/schema/")
ROUNDS = 40
PATIENCE = 120


def fetch(page: str) -> tuple[int, float, int]:
    """Return a page's status, seconds and bytes."""
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(f"http://localhost:{PORT}{page}", timeout=30) as answer:
            return answer.status, time.perf_counter() - begun, len(answer.read())
    except urllib.error.HTTPError as refusal:
        return refusal.code, time.perf_counter() - begun, len(refusal.read())


def first_page(server: subprocess.Popen[bytes], begun: float) -> float:
    """Return the seconds from the command to the first whole page."""
    while server.poll() is None and time.perf_counter() - begun < PATIENCE:
        with contextlib.suppress(OSError):
            fetch("/")
            return time.perf_counter() - begun
        time.sleep(0.02)
    raise SystemExit("The server did not come up; is another `make run` here?")


@contextlib.contextmanager
def serving() -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"PORT": PORT}
    command = [sys.executable, "-m", "config.embedded"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    with serving() as server:  # whatever is to be prepared is prepared here
        first_page(server, time.perf_counter())
    begun = time.perf_counter()
    with serving() as server:
        print(f"warm start to first page  {first_page(server, begun):6.2f} s")
        print(f"\n{'page':22} {'status':>6} {'kB':>7} {'median':>9} {'95th':>9}")
        for page in PAGES:
            taken = [fetch(page) for _ in range(ROUNDS)]
            seconds = sorted(lasted for _, lasted, _ in taken)
            status, _, size = taken[-1]
            middle, late = statistics.median(seconds) * 1000, seconds[int(ROUNDS * 0.95)] * 1000
            print(f"{page:22} {status:6} {size / 1000:7.1f} {middle:6.1f} ms {late:6.1f} ms")


if __name__ == "__main__":
    main()
