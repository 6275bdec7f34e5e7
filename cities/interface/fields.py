"""Form fields the components know how to draw: money in minor units, native dates."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from cities.interface.formats import money

# 1250 · 1,250 · 1250.00 · $1,250.00 — never "1.250,00", which an English reader takes for 1.25.
AMOUNT = re.compile(r"^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?$")
MOST_CENTS = 10**13
MOST_CHARACTERS = 100
"""A longer text is no amount; a million digits would only cost time, or more than a number can hold."""


class RowChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One row out of a list. An id that is none is not in the list either.

    Django would say of it that it “is not a valid UUID”.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


class ListSelect(forms.Select):
    """A list of what there is on a page: ``offered``, not ``choices``. Drawn at once: Django's own takes each option apart."""

    offered: Sequence[tuple[str, str]] = ()

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        option, options = f'<option value="{escape(str(value or ""))}"', _options(tuple(self.offered))
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        chosen = options.replace(f"{option}>", f"{option} selected>", 1)
        return mark_safe(f"<select{attributes}>{chosen}</select>")


@lru_cache(maxsize=64)
def _options(offered: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(word)}</option>' for value, word in offered)


class MoneyInput(forms.TextInput):
    """A text input with the currency's sign before it; ``currency`` is set by its field, and empty draws no sign."""

    currency = "USD"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class MoneyField(forms.Field):
    """Typed money; cleans to integer minor units, or ``None`` when left empty.

    ``currency`` may be set after construction, since it is the city's.
    """

    widget = MoneyInput
    default_error_messages = {
        "invalid": _("Write an amount in numbers, like 1,250 or 1250.50."),
        "fraction": _("Write at most %(digits)s digits after the point."),
        "negative": _("Write an amount of zero or more."),
        "low": _("Write at least %(limit)s."),
        "high": _("Write at most %(limit)s."),
    }

    def __init__(
        self,
        *,
        currency: str = "USD",
        min_cents: int | None = None,
        max_cents: int = MOST_CENTS,
        **kwargs: object,
    ) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.currency = currency
        self.min_cents = min_cents
        self.max_cents = max_cents

    @property
    def currency(self) -> str:
        return self._currency

    @currency.setter
    def currency(self, value: str) -> None:
        self._currency = value
        if isinstance(self.widget, MoneyInput):
            self.widget.currency = value

    def to_python(self, value: object) -> int | None:
        """Read typed text; an integer is taken as minor units already."""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        text = str(value).strip()
        if text.startswith("-"):
            raise ValidationError(self.error_messages["negative"], code="negative")
        if len(text) > MOST_CHARACTERS or not (found := AMOUNT.match(text)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self._minor_units(found[1].replace(",", ""), found[2] or "")

    def _minor_units(self, whole: str, fraction: str) -> int:
        digits = get_currency_precision(self.currency)
        if len(fraction.removeprefix(".")) > digits:
            raise ValidationError(self.error_messages["fraction"], code="fraction", params={"digits": digits})
        return int(Decimal(whole + fraction).scaleb(digits))

    def validate(self, value: object) -> None:
        """Check the limits; their sentences name the amount."""
        super().validate(value)
        if not isinstance(value, int):
            return
        if self.min_cents is not None and value < self.min_cents:
            raise ValidationError(self.error_messages["low"], code="low", params=self._limit(self.min_cents))
        if value > self.max_cents:
            raise ValidationError(
                self.error_messages["high"], code="high", params=self._limit(self.max_cents)
            )

    def _limit(self, cents: int) -> dict[str, str]:
        return {"limit": money(cents, self.currency, short=True)}

    def prepare_value(self, value: object) -> object:
        """Show stored minor units as typed money; what was typed stays as it was typed."""
        if not isinstance(value, int):
            return value
        digits = get_currency_precision(self.currency)
        return f"{Decimal(value).scaleb(-digits):f}"

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare amounts, not spellings."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DateInput(forms.DateInput):
    """The browser's own date picker; its wire format is ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own date and time picker. Say the zone in the field's hint."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
