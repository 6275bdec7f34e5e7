"""What a person is told about their tokens."""

from cities.access.models import User
from cities.outbox.letters import enqueue

from .models import ApiToken


def token_made(token: ApiToken, holder: User) -> None:
    """A token that somebody else made in an open window must not stay unseen. The secret is not in the letter."""
    enqueue(
        "token-made",
        key=f"token-made:{token.pk}",
        subject_id=token.pk,
        recipient=holder,
        name=token.name,
        place=token.place.name if token.place else "",
        can_write=token.can_write,
    )
