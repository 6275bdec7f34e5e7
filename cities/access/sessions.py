"""The session engine: one row per browser, known by a hash, with limits judged by the server in the statement that reads it.

Django's own engine keeps the key itself, and nothing by which a person could find their sessions. Here whoever reads
the table can't become anybody, a session ends when its row is gone, and no page needs a further statement for it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cities.tenancy.prepared import Prepared

from .models import OpenSession, User

DEVICE_KEY = "device"
DESK_KEY = "at_a_desk"
"""What sign-in leaves in the session, for the row to keep."""

_SESSION = Prepared(lambda hashed: OpenSession.objects.select_related("person").filter(key_hash=hashed))

REFRESH = timedelta(minutes=5)
"""``seen_at`` is as coarse as this: a page writes nothing."""

_SEEN = """
UPDATE cities_opensession SET seen_at = %s WHERE id IN (
    SELECT id FROM cities_opensession WHERE id = %s AND seen_at < %s FOR UPDATE SKIP LOCKED)
"""


def key_hash(session_key: str) -> str:
    return sha256(f"session\n{session_key}".encode()).hexdigest()


def limits_of(row: OpenSession) -> tuple[timedelta, timedelta]:
    """Return how long the session may lie idle, and how long it may last at all."""
    if row.is_desk:
        return settings.SESSION_DESK_IDLE, settings.SESSION_DESK_ABSOLUTE
    return settings.SESSION_IDLE, settings.SESSION_ABSOLUTE


def is_over(row: OpenSession, now: datetime) -> bool:
    idle, absolute = limits_of(row)
    return row.expire_date <= now or row.seen_at + idle <= now or row.started_at + absolute <= now


class SessionStore(SessionBase):
    """Sessions in ``OpenSession``. Has no asynchronous half: no view here is one."""

    def exists(self, session_key: str) -> bool:
        return OpenSession.objects.filter(key_hash=key_hash(session_key)).exists()

    person: User | None = None
    """Who has signed in, read along with the session: see :mod:`.backends`."""

    def load(self) -> dict[str, Any]:
        """Read the session and its person in one statement; every five minutes note that it was seen."""
        row = _SESSION.first(key_hash(self.session_key or ""))
        now = timezone.now()
        if row is None or is_over(row, now):
            self._session_key = None
            return {}
        if row.seen_at < now - REFRESH:
            # Of two requests at once one writes; the other doesn't wait for it.
            with connection.cursor() as cursor:
                cursor.execute(_SEEN, [now, row.pk, now - REFRESH])
        self.person = row.person
        return self.decode(row.session_data)

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def cycle_key(self) -> None:
        """Give the session another key. Before sign-in that is a new session; whose person is known stays the same row.

        So it is when the secret key was changed: age and limits go on, and what was ended meanwhile isn't made again.
        """
        former = self.session_key
        if former is None or SESSION_KEY not in self:
            return super().cycle_key()
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        OpenSession.objects.filter(key_hash=key_hash(former)).update(key_hash=key_hash(self._session_key))
        self.modified = True
        return None

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        """Write the data. Raises ``UpdateError`` if the session was ended meanwhile: it isn't made again."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        fields = self._fields(data)
        if must_create:
            try:
                with transaction.atomic():
                    OpenSession.objects.create(key_hash=key_hash(self.session_key), **fields)
            except IntegrityError:
                raise CreateError from None
        elif not OpenSession.objects.filter(key_hash=key_hash(self.session_key)).update(**fields):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            OpenSession.objects.filter(key_hash=key_hash(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        forget_ended()

    def _fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "session_data": self.encode(dict(data)),
            "expire_date": self.get_expiry_date(),
            "person_id": data.get("_auth_user_id"),
            "device": str(data.get(DEVICE_KEY, ""))[:80],
        }
        # Never taken back here: a role that came later is known to the row only.
        return fields | ({"is_desk": True} if data.get(DESK_KEY) else {})


def sessions_of(person_id: UUID) -> list[OpenSession]:
    """Return the person's sessions that still hold, newest use first."""
    now = timezone.now()
    rows = OpenSession.objects.filter(person_id=person_id).defer("session_data").order_by("-seen_at", "-pk")
    return [row for row in rows if not is_over(row, now)]


def tighten(person_id: UUID) -> None:
    """From now on the person's sessions are a desk's: whoever takes a role must not keep a month-old window."""
    OpenSession.objects.filter(person_id=person_id, is_desk=False).update(is_desk=True)


def end_sessions(person_id: UUID, *, keep: str | None = None) -> int:
    """End the person's sessions at once, but the one with the key ``keep``. Returns how many."""
    rows = OpenSession.objects.filter(person_id=person_id)
    if keep is not None:
        rows = rows.exclude(key_hash=key_hash(keep))
    return rows.delete()[0]


def forget_ended() -> int:
    """Delete the rows of sessions that have ended. Returns how many."""
    now = timezone.now()
    rows = OpenSession.objects.all()
    gone = rows.filter(expire_date__lte=now).delete()[0]
    for is_desk, idle, absolute in (
        (True, settings.SESSION_DESK_IDLE, settings.SESSION_DESK_ABSOLUTE),
        (False, settings.SESSION_IDLE, settings.SESSION_ABSOLUTE),
    ):
        gone += rows.filter(is_desk=is_desk, seen_at__lte=now - idle).delete()[0]
        gone += rows.filter(is_desk=is_desk, started_at__lte=now - absolute).delete()[0]
    return gone
