"""What may stand in a cell, and how text is kept from becoming a formula.

Spreadsheets take a text for a formula by how it begins, whoever wrote it: an applicant's title could fetch
addresses from the machine of whoever opens the export. https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

_BLANK = r"[\s\ufeff\u200b-\u200f\u2060]*"
_LIVE = re.compile(rf"{_BLANK}[=+\-@＝＋－＠\t\r\n\ufeff]")
_LIVE_PART = re.compile(r";(?=[\s\"\ufeff\u200b-\u200f\u2060]*(?:[=+\-@＝＋－＠]|$))")
_LINES = re.compile(r"[\t\r\n\x85\u2028\u2029]+")
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")

LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds; one more and it is thrown away."""


@dataclass(frozen=True, slots=True)
class Cents:
    """Money in minor units; written as a number in major ones, with the digits that the currency has."""

    amount: int
    currency: str

    @property
    def digits(self) -> int:
        return _digits(self.currency)

    @property
    def value(self) -> Decimal:
        return Decimal(self.amount).scaleb(-self.digits)


@cache
def _digits(currency: str) -> int:
    return get_currency_precision(currency)


Cell = str | int | Decimal | date | datetime | Cents | None
"""Texts that are translated are made ``str`` by whoever writes them."""


def neutral(text: str) -> str:
    """Return the text so that no spreadsheet runs it: an apostrophe stands before whatever would be a formula.

    Characters that files of this kind can't hold are dropped, and what a cell can't hold is cut off visibly.
    """
    # Most texts: nothing to clean, and a letter or digit begins no formula.
    if text.isprintable() and text[:1].isalnum() and len(text) <= LONGEST:
        return text
    # Cleaned first: what is dropped from before an equals sign would else bring it to the front.
    clean = _CONTROL.sub("", _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))
    safe = f"'{clean}" if _LIVE.match(clean) else clean
    return safe if len(safe) <= LONGEST else f"{safe[: LONGEST - 1]}…"


def neutral_line(text: str) -> str:
    """Return the text neutral for CSV: where another separator is usual, a part of a cell may begin a cell of its own.

    Tabs and line breaks become spaces for the same reason.
    """
    safe = neutral(text if text.isprintable() else _LINES.sub(" ", text))
    return _LIVE_PART.sub(r"\g<0>'", safe) if ";" in safe else safe


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant by the place's clock, without its zone: cells know none. The heading names it."""
    return moment.astimezone(zone).replace(tzinfo=None)
