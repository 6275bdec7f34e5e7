"""What must survive a refusal: written in a step of its own, after the request's transaction was rolled back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Step = Callable[[], None]

_steps: ContextVar[list[Step] | None] = ContextVar("own_steps", default=None)


def after_refusal(step: Step) -> None:
    """Run ``step`` if the request at hand is refused, once its transaction is rolled back.

    The step opens its own scope. Outside of a request nothing is rolled back for it, and nothing runs.
    """
    steps = _steps.get()
    if steps is not None:
        steps.append(step)


@contextmanager
def own_steps() -> Iterator[list[Step]]:
    """Collect the steps of one request; the middleware runs them."""
    steps: list[Step] = []
    token = _steps.set(steps)
    try:
        yield steps
    finally:
        _steps.reset(token)
