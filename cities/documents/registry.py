"""Kinds of documents. Each floor registers its own; the engine knows none of them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from cities.access.rules import Rule
from cities.tenancy.models import City

from .forms import ParametersForm

if TYPE_CHECKING:
    from .job import Job

Format = Literal["csv", "xlsx", "pdf"]
Place = Literal["city", "center"]
Maker = Callable[["Job"], str]
SubjectRule = Callable[[Any, Collection[UUID]], set[UUID]]

CONTENT_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of document is called, who may have it, and what makes it.

    ``rule(user, place)`` says who may have it made; the place is a city, or the Center's own row. A kind about one
    row each (a letter) gives ``subjects`` instead: of these ids, which may the person have?
    Whoever asked for a document may open it for as long as that holds; others only if ``shared(user, place)`` does.
    Nobody opens one that was begun by ``closed_until(user)``, the last moment when they could read more than now.
    """

    name: str
    label: Any
    make: Maker
    rule: Rule
    format: Format
    place: Place = "city"
    summary: Any = ""
    form: type[ParametersForm] = ParametersForm
    subjects: SubjectRule | None = None
    shared: Rule | None = None
    closed_until: Callable[[Any], datetime | None] | None = None
    listed: bool = True

    @property
    def heading(self) -> str:
        """Its name with its format: the same thing may be had as a table and as a workbook."""
        return f"{self.label} ({self.format.upper()})"

    def may_have(self, user: Any, place: City, subject_id: UUID | None) -> bool:
        """Say whether the person may have this kind made, about this row if it is about one."""
        if self.subjects is not None and subject_id is not None:
            return subject_id in self.subjects(user, {subject_id})
        return self.rule(user, place)


_kinds: dict[str, Kind] = {}


def document(
    name: str,
    *,
    label: Any,
    rule: Rule,
    format: Format,  # noqa: A002  the word for it
    **options: Any,
) -> Callable[[Maker], Maker]:
    """Register the function below as the maker of a kind; see :class:`Kind` for the options.

    It gets a :class:`~cities.documents.job.Job`, writes the file with one of ``writers``, and returns the name that the
    file is downloaded by. It runs in a worker, in one transaction of the place's scope, and may run again.
    """

    def register(maker: Maker) -> Maker:
        _kinds[name] = Kind(name, label, maker, rule, format, **options)
        return maker

    return register


def kind_of(name: str) -> Kind | None:
    """Return the kind by its name; ``None`` if nobody registers it any more."""
    return _kinds.get(name)


def kinds_at(place: Place) -> Iterable[Kind]:
    """Return the kinds made in a city, or at the Center, in the order of their registration."""
    return [kind for kind in _kinds.values() if kind.place == place]


def forget(name: str) -> None:
    """Take a kind out again (tests)."""
    _kinds.pop(name, None)
