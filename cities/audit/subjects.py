"""What an event is about, in words and as a link. Each floor registers how its own rows are called."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cities.tenancy.models import City

from .models import Event


@dataclass(frozen=True, slots=True)
class Subject:
    """A row's name, and its page if it has one."""

    label: str
    url: str = ""


Namer = Callable[[City, Collection[UUID]], Mapping[UUID, Subject]]

_namers: dict[str, tuple[Any, Namer]] = {}


def names(subject_type: str, kind: Any, namer: Namer) -> None:
    """Register how rows of a type (``grants.application``) are called; ``kind`` is the type in a word."""
    _namers[subject_type] = (kind, namer)


def kinds() -> list[tuple[str, str]]:
    """Return the known types with their words, for a filter."""
    return sorted(
        ((subject_type, str(kind)) for subject_type, (kind, _namer) in _namers.items()),
        key=lambda pair: pair[1],
    )


def subjects_of(city: City, events: Iterable[Event]) -> dict[UUID, Subject]:
    """Name what these events are about, in one statement per type."""
    by_type: dict[str, set[UUID]] = {}
    for event in events:
        by_type.setdefault(event.subject_type, set()).add(event.subject_id)
    found: dict[UUID, Subject] = {}
    for subject_type, ids in by_type.items():
        if subject_type in _namers:
            found.update(_namers[subject_type][1](city, ids))
    return found
