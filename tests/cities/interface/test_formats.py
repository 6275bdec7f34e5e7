from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import TemplateSyntaxError
from django.utils import translation

from cities.interface import formats

CLOSES_AT = datetime(2026, 11, 4, 4, 59, tzinfo=UTC)
BALTIMORE = SimpleNamespace(currency="USD", timezone="America/New_York")


def plain(text):
    """CLDR sets narrow no-break spaces before AM and PM; compare them as plain spaces."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("cents", "currency", "language", "short", "text"),
    [
        (123_450, "USD", "en", False, "$1,234.50"),
        (123_450, "USD", "es", False, "$1,234.50"),
        (200_000, "USD", "en", True, "$2,000"),
        (200_050, "USD", "en", True, "$2,000.50"),
        (200_000, "USD", "es", True, "$2,000"),
        (0, "USD", "en", False, "$0.00"),
        (-500, "USD", "en", False, "-$5.00"),
        (-500, "USD", "en", True, "-$5"),
        (1_250, "JPY", "en", False, "¥1,250"),
        (99, "EUR", "en", False, "€0.99"),
        (None, "USD", "en", False, "—"),
    ],
)
def test_minor_units_are_written_as_the_reader_writes_money(cents, currency, language, short, text):
    assert formats.money(cents, currency, language, short=short) == text


@pytest.mark.parametrize(
    ("language", "style", "zone", "text"),
    [
        ("en", "medium", True, "Nov 3, 2026, 11:59 PM ET"),
        ("en", "medium", False, "Nov 3, 2026, 11:59 PM"),
        ("en", "long", True, "Tuesday, November 3, 2026 at 11:59 PM (Eastern Time)"),
        ("en", "short", False, "Nov 3, 11:59 PM"),
        ("en", "time", True, "11:59 PM ET"),
        ("es", "medium", True, "3 nov 2026, 11:59 p.m. ET"),
        ("es", "long", True, "martes, 3 de noviembre de 2026, 11:59 p.m. (hora oriental)"),
    ],
)
def test_an_instant_is_written_in_the_citys_zone(language, style, zone, text):
    written = formats.moment(CLOSES_AT, "America/New_York", language, style=style, zone=zone)

    assert plain(written) == text


@pytest.mark.parametrize("zone", ["America/Kentucky/Louisville", "America/Indiana/Indianapolis"])
def test_a_zone_without_a_common_name_takes_that_of_its_clocks(zone):
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    apart = datetime(1990, 7, 1, 12, tzinfo=UTC)

    assert formats.moment(now, zone, "en", style="short") == "Jul 1, 8:00 AM ET"
    assert formats.moment(now, zone, "en", style="long").endswith("8:00 AM (Eastern Time)")
    if zone.endswith("Indianapolis"):
        assert formats.moment(apart, zone, "en", style="short").startswith("Jul 1, 7:00 AM ")


@pytest.mark.parametrize(
    ("language", "style", "text"),
    [
        ("en", "full", "Tuesday, December 1, 2026"),
        ("en", "long", "December 1, 2026"),
        ("en", "short", "Dec 1"),
        ("es", "full", "martes, 1 de diciembre de 2026"),
        ("es", "long", "1 de diciembre de 2026"),
        ("es", "medium", "1 dic 2026"),
    ],
)
def test_a_day_is_written_in_the_readers_language(language, style, text):
    assert formats.day(date(2026, 12, 1), language, style=style) == text


@pytest.mark.parametrize(("language", "text"), [("en", "3 days ago"), ("es", "hace 3 días")])
def test_how_long_ago_is_said_in_words(language, text):
    assert formats.ago(CLOSES_AT - timedelta(days=3), language, now=CLOSES_AT) == text


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=26), "in 26 days"),
        (timedelta(days=11, hours=23), "in 11 days"),
        (timedelta(hours=37), "in 1 day"),
        (timedelta(hours=20, minutes=50), "in 20 hours"),
        (timedelta(minutes=52, seconds=59), "in 52 minutes"),
        (timedelta(seconds=30), "in 30 seconds"),
    ],
)
def test_a_deadline_is_never_said_to_be_further_off_than_it_is(left, text):
    assert formats.ago(CLOSES_AT, "en", now=CLOSES_AT - left) == text


def test_an_unknown_language_reads_english():
    assert formats.money(123_450, "USD", "tlh") == "$1,234.50"


def test_a_share_of_nothing_is_a_dash():
    assert formats.percent(5, 0) == "—"
    assert formats.percent(45, 60) == "75%"


def test_the_money_tag_takes_its_currency_from_the_city(draw):
    html = draw("{% money cents %}", cents=150_000, city=BALTIMORE)

    assert html == '<data class="money" value="150000">$1,500.00</data>'


def test_the_money_tag_refuses_to_guess_a_currency(draw):
    with pytest.raises(TemplateSyntaxError, match="needs a currency"):
        draw("{% money 5 %}")


def test_the_when_tag_says_the_instant_to_machines_and_the_zone_to_people(draw):
    html = draw("{% when at %}", at=CLOSES_AT, city=BALTIMORE)

    assert plain(html) == '<time datetime="2026-11-04T04:59:00+00:00">Nov 3, 2026, 11:59 PM ET</time>'


def test_the_day_of_an_instant_is_the_citys_day_not_utcs(draw):
    html = draw("{% day at %}", at=CLOSES_AT, city=BALTIMORE)

    assert html == '<time datetime="2026-11-03">November 3, 2026</time>'


def test_an_unknown_style_is_refused(draw):
    with pytest.raises(TemplateSyntaxError, match="expected one of full, long, medium, short"):
        draw("{% day at style='tiny' %}", at=date(2026, 12, 1))


def test_tags_write_what_is_missing_as_a_dash(draw):
    assert draw("{% money x 'USD' %}{% when x %}{% day x %}{% ago x %}", x=None) == "————"


def test_tags_follow_the_page_s_language(draw):
    with translation.override("es"):
        assert "1 de diciembre de 2026" in draw("{% day at %}", at=date(2026, 12, 1))
