"""News from the access room."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from cities.access.models import DESK_ROLES, User
from cities.access.signals import roles_changed

from .handing import end_deputies


@receiver(roles_changed, dispatch_uid="payments-end-deputies")
def end_deputies_of_reviewer(
    *, member_id: UUID, before: frozenset[str], after: frozenset[str], actor: User, **_kwargs: Any
) -> None:
    """Whoever comes back to the desk later is named again, and approved again."""
    if before & DESK_ROLES and not after & DESK_ROLES:
        end_deputies(User.objects.get(pk=member_id), None, actor, True)
