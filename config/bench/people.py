"""Sessions for people who are in the data: as if they had signed in with both factors. They end with the measurement."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from cities.access.factors import DEMO_METHOD
from cities.access.sessions import SessionStore

from .asking import Visitor


class People:
    """Who is signed in for the measurement."""

    def __init__(self) -> None:
        self._sessions: dict[UUID, SessionStore] = {}

    def signed_in(self, user: Any) -> Visitor:
        session = self._sessions.get(user.pk)
        if session is None:
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session["account_authentication_methods"] = [{"method": DEMO_METHOD}]
            session.set_expiry(3600)
            session.save()
            self._sessions[user.pk] = session
        return Visitor(str(session.session_key))

    def leave(self) -> None:
        for session in self._sessions.values():
            session.delete()


@contextlib.contextmanager
def people() -> Iterator[People]:
    found = People()
    try:
        yield found
    finally:
        found.leave()
