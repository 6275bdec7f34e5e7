"""Where the money of a city's cycles stands, from the balances of the books."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cities.tenancy.scopes import current_city_id
from grants.cycles.models import Cycle
from grants.ledger.queries import balance_of, pool_totals
from grants.ledger.states import AccountKind


@dataclass(frozen=True, slots=True)
class Standing:
    """One cycle's pool, in minor units. ``planned_cents`` is what was typed in setup; all else the books know.

    Allocated money is available, committed (awarded, not paid yet) or paid; proved is what receipts show of it.
    """

    planned_cents: int | None = None
    available_cents: int = 0
    committed_cents: int = 0
    paid_cents: int = 0
    proved_cents: int = 0

    @property
    def allocated_cents(self) -> int:
        return self.available_cents + self.committed_cents + self.paid_cents

    @property
    def awarded_cents(self) -> int:
        return self.committed_cents + self.paid_cents

    @property
    def unfunded_cents(self) -> int:
        """Return how much of the plan was not allocated yet."""
        return max((self.planned_cents or 0) - self.allocated_cents, 0)


def standings(cycles: Iterable[Cycle]) -> dict[UUID, Standing]:
    """Return where each cycle's money stands, in one statement."""
    cycles = list(cycles)
    totals = pool_totals([cycle.pk for cycle in cycles])
    return {cycle.pk: _standing(cycle, totals[cycle.pk]) for cycle in cycles}


def _standing(cycle: Cycle, held: dict[str, int]) -> Standing:
    return Standing(
        planned_cents=cycle.planned_pool_cents,
        available_cents=held.get(AccountKind.AVAILABLE, 0),
        committed_cents=held.get(AccountKind.COMMITTED, 0),
        paid_cents=held.get(AccountKind.PAID, 0),
        proved_cents=held.get(AccountKind.PROVED, 0),
    )


def unallocated_cents() -> int:
    """Return what the open city received and did not allocate yet."""
    return balance_of(AccountKind.UNALLOCATED, current_city_id())
