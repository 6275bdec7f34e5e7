"""A person ends their own sessions: one of them, or all but the one in front of them."""

from uuid import UUID

from django.utils.translation import gettext as _

from cities.access.models import OpenSession, User
from cities.access.sessions import end_sessions
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.errors import ConflictError


class SessionGoneError(ConflictError):
    """The session has ended already, or is somebody else's."""


@action
def end_session(session_id: UUID, *, actor: User) -> None:
    """End one of the actor's own sessions: its next page asks to sign in. Raises :class:`SessionGoneError`."""
    gone, _by_model = OpenSession.objects.filter(pk=session_id, person=actor).delete()
    if not gone:
        raise SessionGoneError(_("This session has ended already."))
    trail.record("person:end-sessions", actor=actor, subject=actor, count=1)


@action
def end_other_sessions(*, keep: str, actor: User) -> int:
    """End every session of the actor but the one with the key ``keep``. Returns how many."""
    count = end_sessions(actor.pk, keep=keep)
    if count:
        trail.record("person:end-sessions", actor=actor, subject=actor, count=count)
    return count
