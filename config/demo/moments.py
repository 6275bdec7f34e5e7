"""When people write and send: few at first, many in the last days, hardly anybody at night."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
WEIGHTS = (1, 2, 3, 4, 4, 3, 3, 3, 3, 4, 5, 7, 9, 10, 9, 6, 2)


def sent_moments(
    rng: Random, count: int, opens_at: datetime, until: datetime, zone: ZoneInfo
) -> list[datetime]:
    """Return ``count`` moments between opening and ``until``, in order, rising towards the end."""
    return sorted(_moment(rng, opens_at, until, zone) for _ in range(count))


def _moment(rng: Random, opens_at: datetime, until: datetime, zone: ZoneInfo) -> datetime:
    share = rng.betavariate(3.2, 1.0) if rng.random() < 0.7 else rng.uniform(0.9, 1.0)  # noqa: PLR2004
    moment = opens_at + (until - opens_at) * share
    local = moment.astimezone(zone)
    hour = rng.choices(HOURS, weights=WEIGHTS)[0]
    at_home = local.replace(hour=hour, minute=rng.randint(0, 59), second=rng.randint(0, 59), microsecond=0)
    return at_home if opens_at < at_home < until else moment.replace(microsecond=0)


def begun_before(rng: Random, sent: datetime, opens_at: datetime) -> datetime:
    """Return when somebody who sent at ``sent`` had begun: minutes or days before, after the opening."""
    before = timedelta(minutes=rng.randint(25, 90)) + timedelta(days=rng.choice((0, 0, 0, 1, 2, 4, 9)))
    return max(opens_at + (sent - opens_at) * 0.1, sent - before)


def between(rng: Random, first: datetime, last: datetime) -> datetime:
    return first + (last - first) * rng.random()
