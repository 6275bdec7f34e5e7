"""Budget lines that a careful applicant would write: within floor, cap and every ceiling."""

from dataclasses import dataclass
from random import Random

from grants.cycles.questions import Budget

from .projects import Cost

STEP = 500
"""Cents to which most lines are rounded."""

LEAST = 1_000
KEPT_SHARE = 0.85


@dataclass(slots=True)
class Line:
    """One line: its cost, cents asked for, cents that others give."""

    cost: Cost
    cents: int
    in_kind_cents: int = 0


def budget_lines(rng: Random, costs: tuple[Cost, ...], budget: Budget, *, floor: int, cap: int) -> list[Line]:
    """Choose costs and amounts (``floor`` and ``cap`` in cents). The sum is what is asked for."""
    free = _without_ceiling(budget)
    kept = rng.choice([cost for cost in costs if cost.category in free])
    chosen = [cost for cost in costs if cost is kept or rng.random() < KEPT_SHARE]
    lines = [Line(cost, rng.randint(cost.low, cost.high) * 100) for cost in chosen]
    target = floor + int((cap - floor) * rng.betavariate(2.2, 1.5))
    _scale(lines, min(target, cap) / sum(line.cents for line in lines))
    _hold_ceilings(lines, budget)
    _reach(lines, floor, budget)
    if budget.match_columns:
        _add_in_kind(rng, lines)
    return lines


def _scale(lines: list[Line], factor: float) -> None:
    for line in lines:
        line.cents = max(LEAST, int(line.cents * factor) // STEP * STEP)


def _hold_ceilings(lines: list[Line], budget: Budget) -> None:
    """Cut lines of a category until it fits; a smaller total lowers the next ceiling, so repeat and cut a bit more."""
    for _ in range(40):
        total = sum(line.cents for line in lines)
        over = False
        for category in budget.categories:
            ceiling = category.ceiling_of(total)
            inside = [line for line in lines if line.cost.category == category.key]
            taken = sum(line.cents for line in inside)
            if ceiling is not None and taken > ceiling:
                over = True
                for line in inside:
                    line.cents = line.cents * ceiling // taken * 97 // 100 // 100 * 100
        if not over:
            return


def _reach(lines: list[Line], floor: int, budget: Budget) -> None:
    """Add what is missing to the floor on a line without a ceiling, and drop lines cut to nothing."""
    free = _without_ceiling(budget)
    lines[:] = [line for line in lines if line.cents > 0]
    missing = floor - sum(line.cents for line in lines)
    if missing > 0:
        next(line for line in lines if line.cost.category in free).cents += missing


def _without_ceiling(budget: Budget) -> set[str]:
    return {c.key for c in budget.categories if c.max_percent is None and c.max_cents is None}


def _add_in_kind(rng: Random, lines: list[Line]) -> None:
    """Let others give a fifth of the request and some more."""
    needed = -(-sum(line.cents for line in lines) // 500) * 100
    given = needed + rng.choice((0, 1_000, 5_000, 12_000))
    first = given * 2 // 300 * 100
    lines[0].in_kind_cents = first
    lines[-1].in_kind_cents += given - first
