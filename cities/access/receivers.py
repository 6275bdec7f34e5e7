"""Reactions to sign-in and to a second step: what the session notes, and its key."""

from typing import Any

from allauth.mfa.signals import authenticator_used
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from cities.tenancy.scopes import memberships_of

from .devices import device_words
from .models import Role, User
from .sessions import DESK_KEY, DEVICE_KEY


@receiver(user_logged_in, dispatch_uid="access-note-session")
def note_session(*, request: Any, user: User, **_rest: Any) -> None:
    """Write the device's words, and whether the desk's limits hold."""
    request.session[DEVICE_KEY] = device_words(request.META.get("HTTP_USER_AGENT", ""))
    if any(role != Role.REVIEWER for _place, role in memberships_of(user)):
        request.session[DESK_KEY] = True


@receiver(authenticator_used, dispatch_uid="access-change-key")
def change_key(*, request: Any, reauthenticated: bool, **_rest: Any) -> None:
    """Give an open session another key with a second step: who knew the former one has no part in it.

    At sign-in itself Django does.
    """
    if reauthenticated:
        request.session.cycle_key()
