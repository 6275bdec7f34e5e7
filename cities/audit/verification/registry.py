"""The registry of checks, and what a check finds."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Break:
    """Something that must hold and doesn't: where, and what is wrong in one sentence."""

    place: str
    sentence: str


@dataclass(slots=True)
class Findings:
    """What one check examined and what it found. ``notes`` are worth reading and break nothing."""

    name: str
    examined: int = 0
    breaks: list[Break] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def broke(self, place: str, sentence: str) -> None:
        self.breaks.append(Break(place, sentence))


Check = Callable[[Findings], None]

_checks: dict[str, Check] = {}

append_only_tables: set[str] = set()
"""Tables that must refuse UPDATE and DELETE; each floor adds its own."""

required_triggers: set[tuple[str, str]] = set()
"""Tables and the triggers that must stand on them, besides ``append_only``; each floor adds its own."""

without_city: dict[str, str] = {}
"""Tables (or prefixes ending in ``*``) that belong to no city, each with the reason."""


def check(name: str) -> Callable[[Check], Check]:
    """Add a check to those that ``verify`` runs: ``@check("ledger sums") def …(findings)``."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


def run_checks(only: str = "", *, leave_out: Collection[str] = ()) -> list[Findings]:
    """Run all checks (or those whose name begins with ``only``) and return what each found."""
    from . import chains, functions, protections, relations, roles  # noqa: F401, PLC0415  they register themselves

    results = []
    for name, function in _checks.items():
        if name.startswith(only) and name not in leave_out:
            findings = Findings(name)
            function(findings)
            results.append(findings)
    return results
