"""Marks that a person sets on their own letters. Not audited: nobody else's state changes."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from .queries import letters_to


def mark_read(user: Any, message_id: UUID | None = None) -> int:
    """Mark one letter, or all, as read. Runs at the person's door, which lets a person mark own rows only."""
    unread = letters_to(user).filter(read_at__isnull=True)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    return int(unread.order_by().update(read_at=timezone.now()))
