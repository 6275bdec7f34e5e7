"""Refusals. Each message is one sentence fit to show to the person who asked."""

from typing import Any


class RuleError(Exception):
    """A deed that a rule refuses. The message is translated and shown next to the form.

    ``status`` is what the API answers with; ``field`` names the input it belongs to, if one.
    """

    status = 422

    def __init__(self, message: Any, *, field: str | None = None, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = str(message % values if values else message)
        self.field = field

    def __str__(self) -> str:
        return self.message


database_sentences: dict[str, Any] = {}
"""What to say when a trigger refuses, by the constraint name that it raises. Each room adds its own."""


class ConflictError(RuleError):
    """Somebody else was faster."""

    status = 409


class ScopeError(RuntimeError):
    """Tenant rows were asked for outside of a scope, or through the wrong door. Always a bug."""
