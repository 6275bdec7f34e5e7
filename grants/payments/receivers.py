"""News from the access room."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from cities.access.models import User
from cities.access.signals import desk_left

from .handing import end_deputies


@receiver(desk_left, dispatch_uid="payments-end-deputies")
def end_deputies_of_reviewer(*, member_id: UUID, actor: User, **_kwargs: Any) -> None:
    """Whoever comes back to the desk later is named again, and approved again."""
    end_deputies(User.objects.get(pk=member_id), None, actor, True)
