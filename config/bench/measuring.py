"""Time a case against its floor, turn by turn, so that what disturbs one disturbs the other."""

import contextlib
import statistics
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import cast

from .asking import Call, Client
from .cases import Case
from .counting import Statements, ask_in_process, statements

WARM_UP = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found about one case. The floor's own timings are kept: they say how noisy the machine was."""

    case: Case
    asked: Statements
    bytes: int
    seconds: list[float] = field(repr=False)
    floor_seconds: list[float] = field(repr=False)

    @property
    def median_ms(self) -> float:
        return statistics.median(self.seconds) * 1000

    @property
    def floor_ms(self) -> float:
        return statistics.median(self.floor_seconds) * 1000

    @property
    def p95_ms(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000

    @property
    def ratio(self) -> float:
        return self.median_ms / self.floor_ms

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.case.target


@dataclass(frozen=True, slots=True)
class Ground:
    """The two servers, and what is asked of the floor."""

    product: Client
    floor: Client
    floors: dict[str, Call]

    def prove_floors(self) -> None:
        """Ask each floor once. Raises ``BenchError``: against a wrong floor every ratio would be wrong."""
        for call in self.floors.values():
            self.floor.ask(call)

    def measure(self, case: Case, rounds: int) -> Figures:
        """Ask floor and case in turn ``rounds`` times, after a warm-up."""
        calls = cast("Generator[Call, None, None]", case.calls(self.product.ask))
        floor = self.floors[case.kind]
        with contextlib.closing(calls):  # puts back what the last call changed
            for _ in range(WARM_UP):
                self.floor.ask(floor)
                self.product.ask(next(calls))
            ask_in_process(next(calls))
            asked = statements(next(calls))
            seconds, floor_seconds, size = [], [], 0
            for _ in range(rounds):
                call = next(calls)
                floor_seconds.append(self.floor.ask(floor).seconds)
                answer = self.product.ask(call)
                seconds.append(answer.seconds)
                size = len(answer.body)
        return Figures(case, asked, size, seconds, floor_seconds)
