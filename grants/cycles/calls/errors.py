"""What is wrong with a call file: every error at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cities.tenancy.errors import RuleError


@dataclass(frozen=True, slots=True, order=True)
class CallError:
    """One error. ``place`` is a JSON Pointer (``/cycle/closes_at``); the empty one is the file itself."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place or '(file)'}: {self.sentence}"


class InvalidCallError(ValueError):
    """The file is no call; ``errors`` names each reason."""

    def __init__(self, errors: Sequence[CallError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


class OtherCurrencyError(RuleError):
    """The call's amounts aren't in the currency of the city that it goes into."""


def pointer(parts: Iterable[str | int]) -> str:
    """Return a JSON Pointer (RFC 6901) to a place in the file."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
