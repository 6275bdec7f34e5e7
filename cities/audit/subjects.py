"""What an event is about, in words and as a link. Each floor registers how its own rows are called."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cities.tenancy.models import City

from .models import Event, Reading


@dataclass(frozen=True, slots=True)
class Subject:
    """A row's name, and its page if it has one."""

    label: str
    url: str = ""


Namer = Callable[[City, Collection[UUID]], Mapping[UUID, Subject]]

Hider = Callable[[Any, City, Collection[UUID]], Collection[UUID]]

_namers: dict[str, tuple[Any, Namer]] = {}
_hiders: dict[str, list[tuple[tuple[str, ...], Hider]]] = {}


def names(subject_type: str, kind: Any, namer: Namer) -> None:
    """Register how rows of a type (``grants.application``) are called; ``kind`` is the type in a word."""
    _namers[subject_type] = (kind, namer)


def hides(subject_type: str, hider: Hider, *, tags: tuple[str, ...] = ("",)) -> None:
    """Register which rows of a type a reader must not read about (a conflict of interest, say).

    With ``tags``, only deeds whose tags begin so are hidden (who reviews one's own application).
    """
    _hiders.setdefault(subject_type, []).append((tags, hider))


def kinds() -> list[tuple[str, str]]:
    """Return the known types with their words, for a filter."""
    return sorted(
        ((subject_type, str(kind)) for subject_type, (kind, _namer) in _namers.items()),
        key=lambda pair: pair[1],
    )


def subjects_of(city: City, events: Iterable[Event | Reading]) -> dict[UUID, Subject]:
    """Name what these events are about, in one statement per type."""
    found: dict[UUID, Subject] = {}
    for subject_type, ids in _by_type(events).items():
        if subject_type in _namers:
            found.update(_namers[subject_type][1](city, ids))
    return found


def hidden_from(reader: Any, city: City, rows: Collection[Any]) -> set[UUID]:
    """Return the ids of those rows (events, looks, entries) that ``reader`` must not read, in one statement per rule."""
    hidden: set[UUID] = set()
    for subject_type in {row.subject_type for row in rows}:
        for tags, hider in _hiders.get(subject_type, ()):
            meant = [row for row in rows if row.subject_type == subject_type and _is_tagged(row, tags)]
            if meant:
                subjects = hider(reader, city, {row.subject_id for row in meant})
                hidden.update(row.pk for row in meant if row.subject_id in subjects)
    return hidden


def _is_tagged(row: Any, tags: tuple[str, ...]) -> bool:
    return row.subject_id is not None and getattr(row, "tag", "").startswith(tags)


def _by_type(events: Iterable[Event | Reading]) -> dict[str, set[UUID]]:
    by_type: dict[str, set[UUID]] = {}
    for event in events:
        if event.subject_id is not None:
            by_type.setdefault(event.subject_type, set()).add(event.subject_id)
    return by_type
