"""Amounts in answers: ``{"cents": 125050}``, integer minor units of the city's currency.

The shape names its unit, so that ``1250`` can never be taken for dollars by one program and for cents by
another. Input is text as people write it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from cities.interface.formats import money

from .definition import Json

MAX_CENTS = 100_000_000_000
"""A thousand million: beyond any mini-grant, within a bigint."""

_CURRENCY_MARK = re.compile(
    r"^(?:US\$|USD|\$)\s*|\s*(?:USD|US\$|\$|dollars?|dólares|dolares)$", re.IGNORECASE
)
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{0,2})?|\.\d{1,2}")
_COMMA_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{0,2})?")
_POINT_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{2}")
_COMMA_CENTS = re.compile(r"\d{1,15},\d{2}")
_SPACE_GROUPS = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d{2})?")


class AmountError(ValueError):
    """The text is no amount, or could be read as two."""


def cents_of(value: Json) -> int | None:
    """Return the cents of a canonical money value; ``None`` for no amount."""
    if isinstance(value, Mapping):
        cents = value.get("cents")
        if isinstance(cents, int) and not isinstance(cents, bool):
            return cents
    return None


def read_amount(text: str) -> int:
    """Return the cents of an amount as people write it.

    ``1200``, ``1,200.50``, ``$1,200``, ``1 200,50``, ``1.200,50`` and ``12,50`` each have one meaning.
    ``1.200`` has two and is refused. Raises ``AmountError``.
    """
    bare = _CURRENCY_MARK.sub("", _CURRENCY_MARK.sub("", text.strip()).strip()).strip()
    if not bare.isascii():
        bare = bare.replace("\u00a0", " ").replace("\u202f", " ")
    if _PLAIN.fullmatch(bare):
        plain = bare
    elif _COMMA_GROUPS.fullmatch(bare):
        plain = bare.replace(",", "")
    elif _POINT_GROUPS.fullmatch(bare):
        plain = bare.replace(".", "").replace(",", ".")
    elif _COMMA_CENTS.fullmatch(bare):
        plain = bare.replace(",", ".")
    elif _SPACE_GROUPS.fullmatch(bare):
        plain = bare.replace(" ", "").replace(",", ".")
    else:
        raise AmountError(text)
    if not plain.isascii():  # other scripts' digits match \d
        raise AmountError(text)
    return int(Decimal(plain) * 100)


def cents_of_decimal(text: Json) -> int | None:
    """Return the cents of a decimal string of the call format; ``None`` where it holds none."""
    if text is None or isinstance(text, bool):
        return None
    try:
        amount = Decimal(str(text)) * 100
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != amount.to_integral_value():
        return None
    return int(amount)


def decimal_text(cents: int) -> str:
    """Return cents as the plain decimal that fits an input: ``1250.50``."""
    sign, whole, part = "-" if cents < 0 else "", *divmod(abs(cents), 100)
    return f"{sign}{whole}.{part:02d}"


def money_text(cents: int, currency: str, language: str) -> str:
    """Return the amount as people read it in their language; no ``.00`` on whole amounts."""
    return money(cents, currency, language, short=True)
