"""What waits on a person at the desk, across rooms. Each room registers what it knows in ``AppConfig.ready``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

LONG = timedelta(days=14)
"""What waits longer than this is marked."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of a kind wait for this person: in words, where to go, and since when the oldest one does."""

    label: str
    count: int
    url: str
    since: datetime | None = None
    icon: str = "schedule"
    cents: int | None = None
    note: str = ""

    @property
    def is_long(self) -> bool:
        return self.since is not None and timezone.now() - self.since > LONG


Waiter = Callable[[Any, Any], Iterable[Waiting]]

_waiters: dict[str, Waiter] = {}


def waits(name: str) -> Callable[[Waiter], Waiter]:
    """Register a function of user and city that tells what waits on that user there (only what they may do)."""

    def register(waiter: Waiter) -> Waiter:
        _waiters[name] = waiter
        return waiter

    return register


def waiting_for(user: Any, city: Any) -> list[Waiting]:
    """Return everything that waits on ``user`` in ``city``, the longest-waiting first."""
    found = [item for waiter in _waiters.values() for item in waiter(user, city) if item.count]
    return sorted(found, key=lambda item: item.since.timestamp() if item.since else float("inf"))
