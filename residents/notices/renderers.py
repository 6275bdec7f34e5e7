"""Letters of the two lower floors. Each upper floor registers its own in its ``notices.py``."""

from cities.outbox.models import Message

from .registry import Letter, letter, renders


@renders("sign-in-code", in_inbox=False)
def sign_in_code(message: Message, secret: str | None) -> Letter:
    return letter("residents/notices/sign_in_code", message, code=secret or "")
