"""Keyset paging: a page begins after the last row of the one before, however many rows there are."""

import base64
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

from cities.tenancy.cursors import comparable
from cities.tenancy.prepared import Slot, ask

SIZE = 50


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the queue: an expression, made total by the id. ``read`` takes its value from a cursor."""

    key: str
    expression: Any
    read: Callable[[Any], Any]
    descending: bool = False

    @property
    def text(self) -> str:
        """As the address says it: ``amount`` or ``-amount``."""
        return f"-{self.key}" if self.descending else self.key

    def sorted(self, rows: Any, *, backwards: bool = False) -> Any:
        """Return ``rows`` with ``order_key``, in this order or in its reverse."""
        sign = "-" if self.descending != backwards else ""
        return rows.alias(order_key=self.expression).order_by(f"{sign}order_key", f"{sign}id")

    def beyond(self, rows: Any, place: "Place", *, backwards: bool = False) -> Any:
        """Return the rows after ``place`` (or before it, nearest first)."""
        than = "lt" if self.descending != backwards else "gt"
        # The first half alone bounds the range on an index; the second settles equal values.
        bound = Q(**{f"order_key__{than}e": place.value})
        tie = Q(**{f"order_key__{than}": place.value}) | Q(**{f"id__{than}": place.row_id})
        return self.sorted(rows, backwards=backwards).filter(bound & tie)


_ORDERS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "submitted": (F("submitted_at"), datetime.fromisoformat),
    "amount": (Coalesce("requested_cents", 0), int),
    "title": (Lower("title"), str),
    "applicant": (Lower("applicant_name"), str),
    "status": (F("status"), str),
}
DEFAULT = "-submitted"


def order_of(text: str) -> Order:
    """Read an order from the address; what isn't known is the default, newest first."""
    key = text.removeprefix("-")
    if key not in _ORDERS:
        return order_of(DEFAULT)
    expression, read = _ORDERS[key]
    return Order(key, expression, read, descending=text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in an order."""

    value: Any
    row_id: UUID

    def cursor(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        return base64.urlsafe_b64encode(json.dumps([value, self.row_id.hex]).encode()).decode().rstrip("=")


def place_of(cursor: str, order: Order) -> Place | None:
    """Read a cursor; one that was made for another order, or by hand, is the beginning."""
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return Place(comparable(order.read(value)), UUID(row_id))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """What tells the statements of a list apart, so that each is put together once (:func:`cities.tenancy.prepared.ask`).

    ``shape`` is what changes the statement, ``values`` what is filled in.
    """

    shape: tuple[Any, ...]
    values: Mapping[str, Any]
    keep_plan: bool = False

    def slots(self) -> dict[str, Any]:
        """Return the values for the queryset: ids as they are, the rest as slots."""
        return {
            name: value if isinstance(value, UUID) else Slot(name, value)
            for name, value in self.values.items()
        }

    def ask(self, rows: Callable[[], Any], *part: Hashable, **more: Any) -> list[Any]:
        """Ask one part of the list, told apart by ``part``."""
        return ask((*part, self.shape), rows, {**self.values, **more}, keep_plan=self.keep_plan)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the cursors of what lies after and before them (empty where there is nothing)."""

    rows: list[Any]
    after: str
    before: str


def page_of(
    rows: Callable[[], Any],
    order: Order,
    *,
    after: str = "",
    before: str = "",
    size: int = SIZE,
    shown: Callable[[], Any] | None = None,
    asked: Asked | None = None,
) -> Page:
    """Read one page of ``rows()``, which are dictionaries with ``id``; one row more tells whether there is a next.

    Where a row shows much that other tables say, ``rows()`` have their ``id`` only and ``shown()`` is all rows in full: the
    page is found first, and the planner looks up what it shows for so many rows, not for all. With ``asked`` the
    statement is put together once for its shape.
    """
    start = place_of(after or before, order) if after or before else None
    backwards = bool(before and not after and start)

    def cut() -> Any:
        place = start and Place(Slot("place", start.value), start.row_id)
        wanted = order.beyond(rows(), place, backwards=backwards) if place else order.sorted(rows())
        wanted = wanted.annotate(order_value=F("order_key"))[: size + 1]
        if shown is None:
            return wanted
        page = shown().filter(pk__in=wanted.values("pk"))
        return order.sorted(page, backwards=backwards).annotate(order_value=F("order_key"))

    if asked is None:
        found = list(cut())
    else:
        place = {"place": start.value, "place_id": start.row_id} if start else {}
        found = asked.ask(cut, "page", order.text, backwards, bool(start), size, **place)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first, last = (_cursor(found[0]), _cursor(found[-1])) if found else ("", "")
    return Page(
        rows=found,
        after=last if more or backwards else "",
        before=first if (more if backwards else start) else "",
    )


def _cursor(row: Any) -> str:
    return Place(row["order_value"], row["id"]).cursor()
