"""When the demo's calls open and close, and how large they are.

Days are counted from the day on which the demo is dated: the open call of Baltimore closes that night.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from grants.cycles.deadlines import closing, opening

from .cities import DemoCity

SHOWCASE = "baltimore"
"""The city whose call always closes tonight."""

NAMES = {
    "block": "Love Your Block mini-grants",
    "murals": "Walls and Ways art grants",
    "greening": "Green Block grants",
    "safety": "Safe Steps grants",
}
DAYS_TO_DECIDE = 49
MIDNIGHT, NOON, FOUR, FIVE = time(23, 59), time(12), time(16), time(17)


@dataclass(frozen=True, slots=True)
class Plan:
    """One call. ``closes_in`` is days from today, negative when it is over; amounts are whole dollars."""

    kind: str
    closes_in: int
    hour: time
    days_open: int
    floor: int
    cap: int
    pool: int
    applications: int
    is_archived: bool = False
    workshop: bool = False

    @property
    def is_over(self) -> bool:
        return self.closes_in < 0

    @property
    def name(self) -> str:
        return f"{NAMES[self.kind]}, round {1 if self.is_over else 2}"

    @property
    def slug(self) -> str:
        return f"{self.kind}-round-{1 if self.is_over else 2}"

    @property
    def expected_awards(self) -> int:
        return max(5, round(self.pool / (self.cap * 0.8)))


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of one call, in its city's zone."""

    opens_at: datetime
    closes_at: datetime
    decision_on: date
    project_starts_on: date
    project_ends_on: date
    workshops: tuple[datetime, ...]


def dates(plan: Plan, city: DemoCity, today: date) -> Dates:
    """Date a call from ``today``, the day on the showcase city's clocks."""
    zone = ZoneInfo(city.timezone)
    close = today + timedelta(days=plan.closes_in)
    start = close - timedelta(days=plan.days_open)
    meeting = datetime.combine(start + timedelta(days=9), time(18), tzinfo=zone)
    return Dates(
        opens_at=opening(start, time(9), zone),
        closes_at=closing(close, plan.hour, zone),
        decision_on=close + timedelta(days=DAYS_TO_DECIDE),
        project_starts_on=close + timedelta(days=63),
        project_ends_on=close + timedelta(days=213),
        workshops=(meeting,) if plan.workshop else (),
    )


PLANS: dict[str, tuple[Plan, Plan]] = {
    "allentown": (
        Plan("block", 12, MIDNIGHT, 45, 250, 1500, 18_000, 33, workshop=True),
        Plan("greening", -176, FIVE, 42, 250, 1500, 15_000, 34, is_archived=True),
    ),
    "baltimore": (
        Plan("block", 0, MIDNIGHT, 42, 250, 2000, 40_000, 60, workshop=True),
        Plan("murals", -34, MIDNIGHT, 49, 500, 5000, 36_000, 52),
    ),
    "charleston": (
        Plan("greening", 23, FIVE, 50, 250, 2000, 24_000, 28),
        Plan("block", -160, FIVE, 35, 250, 2000, 20_000, 36, is_archived=True),
    ),
    "durham": (
        Plan("safety", 9, MIDNIGHT, 38, 300, 2500, 25_000, 38, workshop=True),
        Plan("block", -41, FIVE, 42, 250, 2000, 22_000, 44),
    ),
    "fall-river": (
        Plan("block", 5, FOUR, 35, 250, 1500, 15_000, 27),
        Plan("murals", -190, FOUR, 40, 500, 3000, 18_000, 25, is_archived=True),
    ),
    "port-st-lucie": (
        Plan("greening", 16, FIVE, 45, 250, 1500, 15_000, 30),
        Plan("block", -150, FIVE, 30, 250, 1500, 15_000, 32, is_archived=True),
    ),
    "louisville": (
        Plan("murals", 14, MIDNIGHT, 56, 500, 5000, 45_000, 46, workshop=True),
        Plan("safety", -29, MIDNIGHT, 42, 300, 2500, 30_000, 48),
    ),
    "columbia": (
        Plan("safety", 31, FIVE, 55, 300, 2500, 20_000, 24),
        Plan("greening", -205, FIVE, 40, 250, 1500, 15_000, 30, is_archived=True),
    ),
    "dallas": (
        Plan("greening", 3, MIDNIGHT, 40, 250, 2000, 40_000, 56, workshop=True),
        Plan("safety", -26, MIDNIGHT, 45, 300, 2500, 40_000, 58),
    ),
    "evanston": (
        Plan("block", 19, FIVE, 21, 250, 2000, 18_000, 26),
        Plan("murals", -168, FIVE, 28, 500, 3000, 18_000, 28, is_archived=True),
    ),
    "gary": (
        Plan("safety", 7, NOON, 40, 300, 1500, 16_000, 36, workshop=True),
        Plan("block", -155, NOON, 45, 250, 1500, 16_000, 40, is_archived=True),
    ),
    "little-rock": (
        Plan("block", 27, FOUR, 60, 250, 2500, 28_000, 31),
        Plan("greening", -38, FOUR, 45, 250, 2000, 24_000, 43),
    ),
    "rapid-city": (
        Plan("murals", 21, FIVE, 45, 500, 2000, 14_000, 22),
        Plan("block", -182, FIVE, 40, 250, 1500, 12_000, 26, is_archived=True),
    ),
    "long-beach": (
        Plan("murals", 6, MIDNIGHT, 48, 500, 2500, 35_000, 49, workshop=True),
        Plan("greening", -33, MIDNIGHT, 45, 250, 2500, 35_000, 51),
    ),
    "reno": (
        Plan("greening", 34, FIVE, 50, 250, 2000, 20_000, 25),
        Plan("safety", -172, FIVE, 42, 300, 2000, 18_000, 33, is_archived=True),
    ),
    "san-bernardino": (
        Plan("block", 10, MIDNIGHT, 45, 1000, 5000, 50_000, 47, workshop=True),
        Plan("murals", -30, MIDNIGHT, 50, 1000, 5000, 45_000, 50),
    ),
}
"""Per city the open call and the one before."""
