"""From a day and an hour typed in the city to an instant, also on the two odd nights of the year.

A day without an hour opens at 00:00 and closes at 23:59:59. An hour that the clocks skip in spring is
refused. An hour that they show twice in autumn is read in the applicants' favor: an opening is its first
occurrence, a close its second.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from cities.tenancy.errors import RuleError

START_OF_DAY = time(0, 0, 0)
END_OF_DAY = time(23, 59, 59)
LAST_MINUTE = time(23, 59)


class SkippedHourError(RuleError):
    """The clocks jump over this hour on that night."""


def opening(day: date, hour: time | None, zone: ZoneInfo) -> datetime:
    """Return the instant at which a call opens. Raises ``SkippedHourError``."""
    return _instant(day, hour or START_OF_DAY, zone, fold=0)


def closing(day: date, hour: time | None, zone: ZoneInfo) -> datetime:
    """Return the last instant at which an application is in time. Raises ``SkippedHourError``.

    "11:59 pm" is how people write the end of a day, so it means 23:59:59.
    """
    if hour is None or hour == LAST_MINUTE:
        hour = END_OF_DAY
    return _instant(day, hour, zone, fold=1)


def local_parts(instant: datetime | None, zone: ZoneInfo) -> tuple[date | None, time | None]:
    """Return day and hour as the city's clocks show them, for a form to show again."""
    if instant is None:
        return None, None
    local = instant.astimezone(zone)
    return local.date(), local.time().replace(microsecond=0, tzinfo=None)


def _instant(day: date, hour: time, zone: ZoneInfo, *, fold: int) -> datetime:
    typed = datetime.combine(day, hour, tzinfo=zone).replace(fold=fold)
    instant = typed.astimezone(UTC)
    # A skipped hour doesn't survive the journey to UTC and back.
    if instant.astimezone(zone).replace(tzinfo=None) != typed.replace(tzinfo=None):
        raise SkippedHourError(
            _("The clocks are moved forward that night, so %(hour)s does not exist. Choose another hour."),
            hour=hour.strftime("%H:%M"),
        )
    return instant
