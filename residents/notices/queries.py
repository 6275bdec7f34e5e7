"""A person's own letters, read through the person's door."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cities.outbox.models import Message

from .registry import Letter, inbox_kinds, write_letter

PAGE = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter in the inbox."""

    message: Message
    letter: Letter

    @property
    def is_new(self) -> bool:
        return self.message.read_at is None


def letters_to(user: Any) -> Any:
    rows = Message.objects.filter(recipient=user, kind__in=inbox_kinds())
    return rows.select_related("city", "recipient").order_by("-id")  # a letter greets by name


def inbox_page(user: Any, before: UUID | None = None) -> tuple[list[Entry], UUID | None]:
    """Return a page of letters, newest first, and where the next page begins. One statement."""
    rows = letters_to(user)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    entries = [Entry(message, write_letter(message)) for message in found[:PAGE]]
    return entries, (found[PAGE - 1].pk if len(found) > PAGE else None)


def unread_count(user: Any) -> int:
    """Count new letters, up to a hundred: more is said as "99+"."""
    return len(letters_to(user).filter(read_at__isnull=True).values_list("pk")[:100])
