"""Letters of the two lower floors. Each upper floor registers its own in its ``notices.py``."""

from cities.access.models import Role
from cities.outbox.models import Message

from .registry import Letter, letter, renders


@renders("sign-in-code", in_inbox=False)
def sign_in_code(message: Message, secret: str | None) -> Letter:
    return letter("residents/notices/sign_in_code", message, code=secret or "")


@renders("invitation", in_inbox=False)
def invitation(message: Message, _secret: str | None) -> Letter:
    """``data``: city, inviter, roles (keys of ``Role``), path (with the token), days."""
    roles = [str(Role(role).label) for role in message.data["roles"]]
    return letter("residents/notices/invitation", message, path=message.data["path"], roles=roles)
