"""Numbers as the call format writes them: percentages and amounts are decimal strings."""

from decimal import Decimal
from typing import Any

from django import forms

from cities.interface.fields import MoneyField
from grants.cycles.questions.money import cents_of_decimal, decimal_text


class PercentField(forms.DecimalField):
    """Cleans to a decimal string like ``"12.5"``, or ``None``."""

    def __init__(self, *, most: int = 100, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=most, decimal_places=2, required=False, **kwargs)
        self.widget.attrs |= {"step": "0.01", "inputmode": "decimal"}

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else f"{number.normalize():f}"


class AmountField(MoneyField):
    """Typed money; cleans to a decimal string of the format, or ``None``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        cents = super().clean(value)
        return None if cents is None else decimal_text(cents)


def amount_shown(text: str | None) -> int | None:
    """Return a stored decimal string as the minor units that :class:`AmountField` shows."""
    return cents_of_decimal(text)


class PointsField(forms.DecimalField):
    """Cleans to a JSON number: whole where it is whole."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100_000, decimal_places=2, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        number: Decimal | None = super().clean(value)
        if number is None:
            return None
        return int(number) if number == number.to_integral_value() else float(number)
