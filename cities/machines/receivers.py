"""What other rooms' news means for tokens."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from cities.access.signals import membership_ended, person_signed_out_everywhere

from .actions import end_tokens_of


@receiver(membership_ended)
def end_tokens_there(*, member_id: UUID, city_id: UUID, **_kwargs: Any) -> None:
    """Whoever comes back later makes a new token."""
    end_tokens_of(member_id, place_id=city_id)


@receiver(person_signed_out_everywhere)
def end_all_tokens(*, person_id: UUID, **_kwargs: Any) -> None:
    """Where every session ends, whatever else lets the person in ends with them."""
    end_tokens_of(person_id)
