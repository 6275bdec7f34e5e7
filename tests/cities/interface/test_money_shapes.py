"""The quick way to write money says what Babel says."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency, get_currency_precision

from cities.interface.formats import LOCALES, money

AMOUNTS = (
    0,
    1,
    9,
    10,
    99,
    100,
    101,
    999,
    1_000,
    99_900,
    99_999,
    100_000,
    123_456,
    12_345_600,
    1_234_567_890,
    -1,
    -125_000,
)


@pytest.mark.parametrize("language", sorted(LOCALES))
@pytest.mark.parametrize("currency", ["USD", "CAD", "MXN", "EUR", "GBP", "JPY", "BHD", "XAF", "CHF"])
def test_an_amount_is_written_as_babel_writes_it(currency, language):
    digits = get_currency_precision(currency)

    for cents in AMOUNTS:
        amount = Decimal(cents).scaleb(-digits)
        assert money(cents, currency, language) == format_currency(
            amount, currency, locale=LOCALES[language]
        ), cents


def test_only_a_whole_amount_drops_its_cents():
    written = [money(cents, "USD", "en", short=True) for cents in (125_000, 125_050, 0, 5)]

    assert written == ["$1,250", "$1,250.50", "$0", "$0.05"]
