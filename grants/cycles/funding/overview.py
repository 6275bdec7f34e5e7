"""The money page of a city: what the Center granted and sent, what is allocated to which call."""

from dataclasses import dataclass

from grants.cycles.models import Cycle
from grants.cycles.states import Status
from grants.programs.queries import Funding, fundings_received

from .queries import Standing, standings, unallocated_cents

COLUMNS = ("id", "name", "slug", "status", "opens_at", "closes_at", "planned_pool_cents", "city_id")


@dataclass(frozen=True, slots=True)
class CycleMoney:
    """One call beside where its money stands."""

    cycle: Cycle
    standing: Standing


@dataclass(frozen=True, slots=True)
class Money:
    """Everything the money page shows but the entries. Amounts are minor units of the city's currency."""

    fundings: tuple[Funding, ...]
    unallocated_cents: int
    cycles: tuple[CycleMoney, ...]

    @property
    def granted_cents(self) -> int:
        return sum(funding.grant.amount_cents for funding in self.fundings)

    @property
    def sent_cents(self) -> int:
        return sum(funding.grant.sent_cents for funding in self.fundings)

    @property
    def confirmed_cents(self) -> int:
        return sum(funding.confirmed_cents for funding in self.fundings)

    @property
    def unconfirmed_cents(self) -> int:
        return sum(funding.unconfirmed_cents for funding in self.fundings)


def city_money() -> Money:
    """Read the open city's money in seven statements, however much there is of it.

    A call that was put away is shown as long as it holds money.
    """
    cycles = list(Cycle.objects.only(*COLUMNS).order_by("-closes_at", "name"))
    found = standings(cycles)
    shown = tuple(
        CycleMoney(cycle, found[cycle.pk])
        for cycle in cycles
        if cycle.status != Status.ARCHIVED or found[cycle.pk].allocated_cents
    )
    return Money(tuple(fundings_received()), unallocated_cents(), shown)
