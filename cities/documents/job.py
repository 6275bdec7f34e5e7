"""What a maker gets: the order, the place of the file, and a way to tell how far it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from cities.access.models import User
from cities.tenancy.models import City

from .progress import Progress

Row = TypeVar("Row")


@dataclass
class Job:
    """One attempt at one document, in the open scope of its place.

    ``place`` is the city, or the Center's row. The maker writes the file at ``path`` and sets ``row_count`` to how many
    rows of data it holds, if rows are what it holds; at the Center ``rows_by_city`` too, by the city's id. The requester's language is active.
    """

    place: City
    requester: User
    title: str
    parameters: dict[str, Any]
    subject_id: UUID | None
    language: str
    path: Path
    as_of: datetime
    progress: Progress
    row_count: int | None = None
    rows_by_city: dict[str, int] = field(default_factory=dict)
    _expected: int = field(default=0, repr=False)
    _done: int = field(default=0, repr=False)

    def expect(self, rows: int) -> None:
        """Say how many rows will pass through :meth:`follow` in all, so that percent can be told."""
        self._expected = rows
        self.step(1)

    def follow(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass rows on, telling progress at times. Raises ``StoppedError`` in the middle if it was cancelled."""
        for row in rows:
            self._done += 1
            self.progress.tell(int(90 * self._done / max(self._expected, self._done)))
            yield row

    def step(self, percent: int) -> None:
        """Tell that so much is done, at once; for what has no rows to count."""
        self.progress.tell(percent, at_once=True)
