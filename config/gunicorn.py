"""How gunicorn serves the application, under ``make run`` and in production.

Production sets ``GUNICORN_CMD_ARGS="--bind 0.0.0.0:8000"`` and puts a buffering proxy in front.
"""

import contextlib
import gc
import os
import socket
from pathlib import Path


def addresses(port: str) -> list[str]:
    """Return both addresses of ``localhost``, as far as this machine has them."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as trial:
        trial.bind(("::1", 0))
        return [f"127.0.0.1:{port}", f"[::1]:{port}"]
    return [f"127.0.0.1:{port}"]


bind = addresses(os.environ.get("PORT", "8000"))
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
graceful_timeout = 10
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 -- heartbeats must not wait for a disk
control_socket_disable = True


def post_worker_init(_worker: object) -> None:
    """Load all pages before somebody asks, and take what was loaded out of the garbage collector's rounds.

    A long page makes thousands of objects, all gone with the answer. Looked through after each 700, as Python does unless
    told, that took a tenth of the ranking's time and of the Center's list.
    """
    from django.urls import get_resolver  # noqa: PLC0415  Django is ready only now

    get_resolver().url_patterns  # noqa: B018  read for what it imports
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
