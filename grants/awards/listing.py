"""The awards of a call by status, a few hundred at most."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from cities.tenancy.models import City
from grants.cycles.funding.queries import Standing, standings
from grants.cycles.models import Cycle

from .marks import Mark, award_mark
from .models import Award, AwardQuerySet
from .picks import Picks
from .queries import Total, awards_seen_by, totals_by_status
from .ranking import Ranking
from .states import HOLDS_MONEY, Status

MANY = 500


@dataclass
class Listing:
    """One view of the awards made, as an address describes it. Each part is read once."""

    user: Any
    city: City
    query: Mapping[str, str]

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking(self.user, self.city, self.query, Picks())

    @property
    def cycles(self) -> list[Cycle]:
        return self._ranking.cycles

    @property
    def cycle(self) -> Cycle | None:
        return self._ranking.cycle

    @cached_property
    def standing(self) -> Standing:
        return standings([self.cycle])[self.cycle.pk] if self.cycle else Standing()

    @property
    def status(self) -> str:
        asked = self.query.get("status", "")
        return asked if asked in Status.values else ""

    @property
    def _of_cycle(self) -> AwardQuerySet:
        rows = awards_seen_by(self.user)
        found: AwardQuerySet = rows.filter(cycle=self.cycle) if self.cycle else rows.none()
        return found

    @cached_property
    def totals(self) -> Mapping[str, Total]:
        return totals_by_status(self._of_cycle)

    @property
    def tabs(self) -> list[tuple[str, Any, int]]:
        counted = [(status.value, status.label, self.totals.get(status, Total()).count) for status in Status]
        return [("", "", sum(total.count for total in self.totals.values())), *counted]

    @property
    def count(self) -> int:
        """How many have the status that is asked for, any without one."""
        return next(count for status, _label, count in self.tabs if status == self.status)

    @property
    def total_cents(self) -> int:
        """The sum of the status that is asked for; without one, of what wasn't declined or taken back."""
        return sum(total.cents for total in self._standing)

    @property
    def released_cents(self) -> int:
        """What of the same went back to the pool."""
        return sum(total.released_cents for total in self._standing)

    @property
    def _standing(self) -> list[Total]:
        wanted = {self.status} if self.status else HOLDS_MONEY
        return [total for status, total in self.totals.items() if status in wanted]

    @cached_property
    def rows(self) -> list[tuple[Award, Mark]]:
        rows = self._of_cycle.filter(status=self.status) if self.status else self._of_cycle
        found = rows.select_related("application").order_by("-offered_at", "-id")[:MANY]
        for award in found:
            award.city = self.city  # whose calendar says what has lapsed
        return [(award, award_mark(award.status)) for award in found]

    @property
    def address(self) -> str:
        kept = {name: self.query[name] for name in ("cycle", "status") if self.query.get(name)}
        return f"?{urlencode(kept)}" if kept else ""
