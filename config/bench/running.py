"""One run: floor, servers, cases, figures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.core.management import call_command

from .asking import Client
from .cases import Case
from .errors import BenchError
from .flooring import APPLICATION, SETTINGS, floor_laid, read_floor, write_floor
from .measuring import Figures, Ground
from .people import People, people
from .reads import Reads
from .sample import Sample
from .servers import Server, serving
from .writes import Writes

PRODUCT = "config.wsgi:application"


@dataclass
class Run:
    """What a run found, and what it could not measure."""

    figures: list[Figures] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    worker_megabytes: float = 0.0
    floor_megabytes: float = 0.0
    start_seconds: float = 0.0
    floor_start_seconds: float = 0.0

    def note(self, product: Server, floor: Server) -> None:
        self.worker_megabytes, self.floor_megabytes = product.worker_megabytes(), floor.worker_megabytes()
        self.start_seconds, self.floor_start_seconds = product.start_seconds, floor.start_seconds


def all_cases(signed_in: People) -> list[Case]:
    sample = Sample()
    return [*Reads(sample, signed_in).cases(), *Writes(sample, signed_in).cases()]


def run_bench(rounds: int, only: Sequence[str], say: Callable[[str], None]) -> Run:
    """Measure every case (or those whose name holds one of ``only``) against its floor."""
    run = Run()
    call_command("collectstatic", interactive=False, verbosity=0)
    with contextlib.ExitStack() as stack:
        visitor = stack.enter_context(floor_laid())
        floor = stack.enter_context(serving(APPLICATION, SETTINGS))
        product = stack.enter_context(serving(PRODUCT, {}))
        ground = Ground(
            stack.enter_context(contextlib.closing(Client(product.port))),
            stack.enter_context(contextlib.closing(Client(floor.port))),
            {"read": read_floor(visitor), "write": write_floor(visitor)},
        )
        ground.prove_floors()
        for case in all_cases(stack.enter_context(people())):
            if only and not any(part in case.name for part in only):
                continue
            say(case.name)
            try:
                run.figures.append(ground.measure(case, rounds))
            except BenchError as lack:
                run.missing.append(f"{case.name}: {lack}")
        run.note(product, floor)
    return run
