"""How far a document is, written while its content is read in a transaction that nobody else sees into."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from .errors import StoppedError

SECONDS_BETWEEN = 0.25
"""How often at most the table is asked; a page asks about once a second."""

_DOOR = "SELECT set_config('app.door', 'city', true), set_config('app.city_id', %s, true)"
_TELL = (
    "UPDATE cities_document SET progress = greatest(progress, %s), claimed_until = now() + make_interval(secs => %s) "
    "WHERE id = %s AND attempts = %s AND status = 'running'"
)


class Progress:
    """Tells percent through a connection of its own, renews the lease, and notices that it was stopped.

    Nought and a hundred are not told from here: a document that is being made has begun, and isn't there.
    """

    def __init__(self, own: BaseDatabaseWrapper, city_id: UUID, document_id: UUID, attempt: int) -> None:
        self._own = own
        self._city_id, self._document_id, self._attempt = city_id, document_id, attempt
        self._told_at, self._told = 0.0, 0

    def tell(self, percent: int, *, at_once: bool = False) -> None:
        """Write how far it is. Raises ``StoppedError`` if it was cancelled or another worker has it.

        Without ``at_once``, a call soon after another does nothing.
        """
        now = time.monotonic()
        if not at_once and now - self._told_at < SECONDS_BETWEEN:
            return
        self._told_at, self._told = now, max(1, min(99, percent))
        with self._own.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(_DOOR, [str(self._city_id)])
            lease = settings.DOCUMENT_LEASE_SECONDS
            cursor.execute(_TELL, [self._told, lease, self._document_id, self._attempt])
            still_ours = cursor.rowcount == 1
            cursor.execute("COMMIT")
        if not still_ours:
            raise StoppedError


@contextmanager
def telling(city_id: UUID, document_id: UUID, attempt: int) -> Iterator[Progress]:
    """Open a second connection with the settings of the first, for as long as the block lasts."""
    own = connection.copy()
    try:
        own.ensure_connection()
        yield Progress(own, city_id, document_id, attempt)
    finally:
        own.close()
