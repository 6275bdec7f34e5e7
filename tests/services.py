"""A pytest plugin (``-p tests.services``): starts the servers and names the database before settings load."""

import contextlib
import os
import zlib
from pathlib import Path
from uuid import uuid4

from config.embedded.testing import servers_for_tests

ROOT = Path(__file__).resolve().parent.parent
_stack = contextlib.ExitStack()
servers = _stack.enter_context(servers_for_tests())

_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
_run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)[:8]
DATABASE = f"lyb_{_run}_{_worker}"
# Runs side by side must not take each other's tasks from the queue.
SPACE = 1 + 2 * (zlib.crc32(_run.encode()) % 31) + int(_worker.removeprefix("gw") or 0) % 2

os.environ |= {
    "DATABASE_URL": servers.city_url(DATABASE),
    "DATABASE_OWNER_URL": servers.owner_url(DATABASE),
    "REDIS_URL": servers.redis_url(SPACE),
    "LYB_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "LYB_DEMO": "1",
    "LYB_ENV": "development",
    "LYB_CENTER_SUMS_SECONDS": "0",
    "LYB_DATA_DIR": str(ROOT / ".data" / "test-files" / _worker),
}


def pytest_unconfigure() -> None:
    from django.db import connections

    connections.close_all()
    with contextlib.suppress(Exception):
        servers.drop_database(DATABASE)
    _stack.close()
