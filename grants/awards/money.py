"""An award in the books: which accounts its promise moves, and what there is to promise."""

from collections import Counter
from collections.abc import Iterable

from grants.cycles.funding.turns import missing_sentence
from grants.cycles.models import Cycle
from grants.ledger.errors import NotEnoughError
from grants.ledger.posting import Line, lock_accounts
from grants.ledger.states import AccountKind

from .models import Award


def commitment_lines(award: Award) -> list[Line]:
    """From available to committed, as cash; from obligated to “to prove”, as proof."""
    cents, cycle_id = award.amount_cents, award.cycle_id
    return [
        Line(AccountKind.AVAILABLE, cycle_id, -cents, pool_id=cycle_id),
        Line(AccountKind.COMMITTED, award.pk, cents, pool_id=cycle_id),
        Line(AccountKind.OBLIGATED, award.pk, -cents, pool_id=cycle_id),
        Line(AccountKind.TO_PROVE, award.pk, cents, pool_id=cycle_id),
    ]


def release_lines(award: Award) -> list[Line]:
    """Put back all of an award that was never paid: the mirror of its commitment."""
    return [
        Line(line.kind, line.subject_id, -line.cents, pool_id=line.pool_id)
        for line in commitment_lines(award)
    ]


def require_available(wanted: Iterable[tuple[Cycle, int]]) -> None:
    """Lock the available money of these cycles and raise ``NotEnoughError`` where it is less than wanted."""
    cycles: dict[Cycle, int] = Counter()
    for cycle, cents in wanted:
        cycles[cycle] += cents
    held = lock_accounts([Line(AccountKind.AVAILABLE, cycle.pk, 0, pool_id=cycle.pk) for cycle in cycles])
    for cycle, cents in cycles.items():
        missing = cents - held[AccountKind.AVAILABLE, cycle.pk]
        if missing > 0:
            raise NotEnoughError(missing_sentence(cycle, missing))
