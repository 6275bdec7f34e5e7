"""The sequencer's heartbeat: when it last ran, and what it saw and could not seal. Kept in the cache."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

KEY = "audit:sequencer"
PATIENCE = timedelta(minutes=1)
"""How long an event may stay unsealed while the sequencer runs."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One finished run. ``left`` names cities whose waiting events it saw and left, with the oldest's time."""

    ran_at: datetime
    left: dict[UUID, datetime]

    def overdue(self) -> list[UUID]:
        """Return the cities where something that the run could see has waited for over a minute."""
        return [city_id for city_id, oldest in self.left.items() if self.ran_at - oldest > PATIENCE]


def beat(left: dict[UUID, datetime]) -> None:
    """Remember that a run has finished. A cache that is down is no reason not to seal."""
    left_behind = {str(city_id): oldest.isoformat() for city_id, oldest in left.items()}
    try:
        cache.set(KEY, {"ran_at": timezone.now().isoformat(), "left": left_behind}, timeout=None)
    except RedisError:
        return


def last_beat() -> Heartbeat | None:
    """Return the last run that we know of."""
    try:
        found = cache.get(KEY)
    except RedisError:
        return None
    if found is None:
        return None
    left = {UUID(city_id): datetime.fromisoformat(oldest) for city_id, oldest in found["left"].items()}
    return Heartbeat(datetime.fromisoformat(found["ran_at"]), left)
