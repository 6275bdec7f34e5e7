"""What a web process does while PostgreSQL is away.

Left to itself, each wait for a connection lasts as long as the pool allows (five seconds): some twenty
requests hold every thread, and all others hang behind them. A pool that was refused doubles its pauses, so
after a long outage it stays away for minutes more. And after a short one it hands out connections that are
dead, each of them an error for somebody.

So every web process keeps one connection on which it asks nothing, a canary: the kernel says when it ends.
Then one request a second knocks at the server itself, and all others are told at once to come back. When it
answers, the process begins a new pool.
"""

import logging
import select
from threading import Lock
from time import monotonic
from typing import Any, cast

import psycopg
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg_pool import PoolClosed

logger = logging.getLogger(__name__)

KNOCK_EVERY_SECONDS = 1.0
KNOCK_TIMEOUT_SECONDS = 2


class Outage:
    """Whether the database is away, as far as this process knows."""

    def __init__(self) -> None:
        self._is_on = False
        self._is_doubted = True
        self._canary: psycopg.Connection[Any] | None = None
        self._knocked_at = 0.0
        self._turn = Lock()

    def note(self, error: Exception) -> None:
        """Look again before the next request, if this error came from a connection and not from the server.

        The server names an SQLSTATE (a deadlock, say). A pool that is closed was closed by us.
        """
        cause = error.__cause__
        if getattr(cause, "sqlstate", None) is None and not isinstance(cause, PoolClosed):
            self._is_doubted = True

    def lasts(self) -> bool:
        """Say whether the database is away. While it is there this costs one look at a socket."""
        if self._seems_well():
            return False
        # The first to doubt waits for the answer, and who comes meanwhile, too; once it is known, nobody waits.
        if not self._turn.acquire(timeout=0 if self._is_on else KNOCK_TIMEOUT_SECONDS):
            return True
        try:
            is_time = not self._is_on or monotonic() > self._knocked_at + KNOCK_EVERY_SECONDS
            if is_time and not self._seems_well():
                self._knock()
            return self._is_on
        finally:
            self._turn.release()

    def _seems_well(self) -> bool:
        canary = self._canary  # read first: doubt is set before the canary is taken away
        return not (self._is_on or self._is_doubted or (canary is not None and _has_ended(canary)))

    def _knock(self) -> None:
        """Ask the server itself, past the pool; if it answers, begin a new pool."""
        database = cast(DatabaseWrapper, connection)
        parameters = {**database.get_connection_params(), "connect_timeout": KNOCK_TIMEOUT_SECONDS}
        self._is_doubted = True  # until we know, nobody passes by
        former, self._canary = self._canary, None
        try:
            canary = psycopg.connect(**parameters, autocommit=True)
        except psycopg.Error:
            self._is_on = True
        else:
            if database.pool:
                database.close_pool()
                self._canary = canary
            else:  # every request connects anew, and nothing that is dead lies about
                canary.close()
            if self._is_on:
                logger.warning("database.back")
            self._is_on = self._is_doubted = False
        self._knocked_at = monotonic()
        if former is not None:
            former.close()


def _has_ended(canary: psycopg.Connection[Any]) -> bool:
    """Say whether anything came from a server that was asked nothing: its end, if it has closed."""
    try:
        watched = select.poll()
        watched.register(canary.fileno(), select.POLLIN)
        return bool(watched.poll(0))
    except (psycopg.Error, OSError):
        return True


database = Outage()


def come_back_later(request: HttpRequest) -> HttpResponse:
    """Answer 503 in plain words, without a query."""
    response: HttpResponse
    if request.path_info.startswith("/api/"):
        detail = _("The service is down for a moment. Please try again.")
        response = JsonResponse({"detail": detail}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = "10"
    return response
