"""Rows that were ticked in the ranking, with the amounts typed beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from babel.numbers import get_currency_precision
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cities.interface.fields import MoneyField

MANY = 500


@dataclass
class Picks:
    """What was posted: ticked rows, what was typed for each, and what couldn't be read as money."""

    ids: list[UUID] = field(default_factory=list)
    typed: Mapping[UUID, str] = field(default_factory=dict)
    cents: dict[UUID, int] = field(default_factory=dict)
    errors: dict[UUID, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: QueryDict, currency: str) -> "Picks":
        """Read a posted ranking. Amounts of rows that aren't ticked are kept as typed."""
        ids = list(dict.fromkeys(key for key in map(to_uuid, data.getlist("selected")[:MANY]) if key))
        typed = {
            key: str(text)[:40]
            for name, text in data.items()
            if name.startswith("amount-") and (key := to_uuid(name.removeprefix("amount-")))
        }
        picks = cls(ids, typed)
        money = MoneyField(currency=currency, required=True, min_cents=1)
        for key in ids:
            try:
                picks.cents[key] = money.clean(typed.get(key, ""))
            except ValidationError as error:
                picks.errors[key] = " ".join(error.messages)
        return picks

    def shown(self, key: UUID, suggested_cents: int | None, currency: str) -> str:
        """Return what stands in a row's input: what was typed, else the suggestion as one would type it."""
        if key in self.typed:
            return self.typed[key]
        return plain_amount(suggested_cents, currency) if suggested_cents else ""


@lru_cache(maxsize=4096)
def plain_amount(cents: int, currency: str) -> str:
    """Write an amount as one types it: ``1500`` or ``1500.50``."""
    digits = get_currency_precision(currency)
    whole, part = divmod(cents, 10**digits)
    return f"{whole}.{part:0{digits}d}" if part else str(whole)


def to_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
