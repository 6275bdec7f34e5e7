"""Which day it is where the tests' people are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
"""The Center's, and a city's unless a test names another: for hours of the night it is another day there than in UTC."""


def today() -> date:
    return datetime.now(ZONE).date()
