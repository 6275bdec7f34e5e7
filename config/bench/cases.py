"""A case: what is timed again and again, against which floor, and how much slower it may be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from .asking import Answer, Call

Ask = Callable[[Call], Answer]
Calls = Iterator[Call]


@dataclass(frozen=True, slots=True)
class Case:
    """``calls`` gets a way to ask and yields what is timed; what it does between is not.

    Whatever a write changes, ``calls`` puts back before the next one.
    """

    name: str
    kind: Literal["read", "write"]
    target: float
    calls: Callable[[Ask], Calls]


def page(name: str, target: float, find: Callable[[], Call]) -> Case:
    """Return the case of one address, looked for when it is measured."""

    def calls(_ask: Ask) -> Calls:
        call = find()
        while True:
            yield call

    return Case(name, "read", target, calls)
