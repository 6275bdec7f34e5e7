"""Who is there: the person whom the session's own statement brought along, so that no request asks for them once more."""

from contextvars import ContextVar
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import User

_of_session: ContextVar[User | None] = ContextVar("person_of_session", default=None)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, which takes the session's person if it is asked for them."""

    def get_user(self, user_id: Any) -> Any:
        person = _of_session.get()
        if person is None or str(person.pk) != str(user_id):
            return super().get_user(user_id)
        return person if self.user_can_authenticate(person) else None


class PersonMiddleware(AuthenticationMiddleware):
    """Django's; everything it checks of a session it checks as ever."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))  # type: ignore[assignment]  # Django’s own way


def _person_of(request: Any) -> Any:
    """Return ``request``'s user. Raises what the database raises."""
    if not hasattr(request, "_cached_user"):
        request.session.get(auth.SESSION_KEY)  # reads the session, if nobody has yet
        token = _of_session.set(getattr(request.session, "person", None))
        try:
            request._cached_user = auth.get_user(request)
        finally:
            _of_session.reset(token)
    return request._cached_user
