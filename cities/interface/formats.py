"""Money, days and instants in the reader's language, as functions and as template tags.

Spanish is the Spanish of the United States (CLDR ``es_US``): readers of a
Baltimore page expect ``$1,250.00`` and ``11:59 p.m.``, not ``1.250,00 US$``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from django import template
from django.template import Context, TemplateSyntaxError
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language

register = template.Library()

NOTHING = "—"
LOCALES = {"en": "en_US", "es": "es_US"}
MOMENTS = {
    "en": {
        "long": "EEEE, MMMM d, y 'at' h:mm a",
        "medium": "MMM d, y, h:mm a",
        "short": "MMM d, h:mm a",
        "time": "h:mm a",
    },
    "es": {
        "long": "EEEE, d 'de' MMMM 'de' y, h:mm a",
        "medium": "d MMM y, h:mm a",
        "short": "d MMM, h:mm a",
        "time": "h:mm a",
    },
}
DAYS = {
    "en": {"full": "EEEE, MMMM d, y", "long": "MMMM d, y", "medium": "MMM d, y", "short": "MMM d"},
    "es": {
        "full": "EEEE, d 'de' MMMM 'de' y",
        "long": "d 'de' MMMM 'de' y",
        "medium": "d MMM y",
        "short": "d MMM",
    },
}


def _language(language: str | None) -> str:
    if language in LOCALES:
        return language
    code = (language or get_language() or "en").split("-")[0]
    return code if code in LOCALES else "en"


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


# Babel has no common name for these and writes "United States (Kentucky/Louisville) Time". They keep the
# clocks, and the name, of New York: the first since 1974, the second since 2006.
NAMED_AS = dict.fromkeys(
    (
        "America/Kentucky/Louisville", "America/Louisville",
        "America/Indiana/Indianapolis", "America/Indianapolis", "America/Fort_Wayne", "US/East-Indiana",
    ),
    "America/New_York",
)  # fmt: skip


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def money(cents: int | None, currency: str, language: str | None = None, *, short: bool = False) -> str:
    """Write minor units as money; ``short`` drops the cents of a whole amount."""
    if cents is None:
        return NOTHING
    if cents < 0:
        return f"-{money(-cents, currency, language, short=short)}"
    shape = _money_shape(currency, _language(language))
    whole, rest = divmod(cents, 10**shape.digits)
    grouped = f"{whole:,}".replace(",", shape.group)
    if shape.digits and not (short and rest == 0):
        grouped = f"{grouped}{shape.decimal}{rest:0{shape.digits}}"
    return f"{shape.before}{grouped}{shape.after}"


@dataclass(frozen=True, slots=True)
class MoneyShape:
    """How amounts of one currency are written in one language: what Babel would work out again for each of them."""

    digits: int
    before: str
    after: str
    group: str
    decimal: str


@lru_cache(maxsize=64)
def _money_shape(currency: str, language: str) -> MoneyShape:
    """Read the shape off one amount that Babel wrote."""
    digits, locale = get_currency_precision(currency), _locale(language)
    written = format_currency(Decimal(1234567), currency, locale=locale)
    before, _one, rest = written.partition("1")
    symbols = locale.number_symbols["latn"]
    number_ends = max(at for at, letter in enumerate(rest) if letter.isdigit()) + 1
    return MoneyShape(digits, before, rest[number_ends:], symbols["group"], symbols["decimal"])


def number(value: float | Decimal | None, language: str | None = None) -> str:
    """Write a number with the reader's separators."""
    return NOTHING if value is None else _number(value, _language(language))


@lru_cache(maxsize=1024)
def _number(value: float | Decimal, language: str) -> str:
    return format_decimal(value, locale=_locale(language))


def percent(part: float, whole: float, language: str | None = None) -> str:
    """Write ``part`` of ``whole`` as a whole percentage; a dash when there is no whole."""
    if not whole:
        return NOTHING
    return format_percent(Decimal(part) / Decimal(whole), "#,##0%", locale=_locale(_language(language)))


def moment(
    value: datetime | None,
    tz: tzinfo | str | None = None,
    language: str | None = None,
    *,
    style: str = "medium",
    zone: bool = True,
) -> str:
    """Write an instant as local time in ``tz``, with the zone's common name (``ET``) unless told not to."""
    if value is None:
        return NOTHING
    code = _language(language)
    where = _zone(tz) if isinstance(tz, str) else (tz or timezone.get_current_timezone())
    pattern = MOMENTS[code][style] + _zone_pattern(style, shown=zone)
    return _moment(value.astimezone(UTC).replace(second=0, microsecond=0), where, pattern, code)


@lru_cache(maxsize=8192)
def _moment(minute: datetime, where: tzinfo, pattern: str, language: str) -> str:
    """Write an instant; no pattern says seconds. Remembered: the same rows are looked at again and again."""
    return format_datetime(minute, pattern, tzinfo=_with_a_name(where, minute), locale=_locale(language))


def _with_a_name(where: tzinfo, value: datetime) -> tzinfo:
    """Return a zone that shows the same hour at this instant and has a common name."""
    other = NAMED_AS.get(str(getattr(where, "key", "")))
    if other is None or value.astimezone(where).utcoffset() != value.astimezone(_zone(other)).utcoffset():
        return where
    return _zone(other)


def _zone_pattern(style: str, *, shown: bool) -> str:
    if not shown:
        return ""
    return " (vvvv)" if style == "long" else " v"


def day(value: date | None, language: str | None = None, *, style: str = "long") -> str:
    """Write a calendar day. ``style`` is full (with weekday), long, medium or short (no year)."""
    if value is None:
        return NOTHING
    code = _language(language)
    return _day(value.toordinal(), DAYS[code][style], code)


@lru_cache(maxsize=8192)
def _day(ordinal: int, pattern: str, language: str) -> str:
    """Write a calendar day; by its number, since a day and an instant may be equal as keys and not alike."""
    return format_date(date.fromordinal(ordinal), pattern, locale=_locale(language))


LENGTHS: tuple[tuple[Literal["day", "hour", "minute", "second"], timedelta], ...] = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


def ago(value: datetime, language: str | None = None, *, now: datetime | None = None) -> str:
    """Write how long ago an instant lies, in its largest unit; or how far ahead, never longer than there is."""
    distance, locale = value - (now or timezone.now()), _locale(_language(language))
    if distance <= timedelta():
        return format_timedelta(distance, add_direction=True, locale=locale)
    # Rounded, eleven days would be two weeks, and the last twenty hours a day.
    unit, length = next((pair for pair in LENGTHS if distance >= pair[1]), LENGTHS[-1])
    whole = distance // length * length
    return format_timedelta(whole, granularity=unit, threshold=math.inf, add_direction=True, locale=locale)


def _of_city(context: Mapping[str, object] | Context, name: str) -> str | None:
    """Read a setting from the page, else from the page's city."""
    if found := context.get(name):
        return str(found)
    value = getattr(context.get("city"), name, None)
    return str(value) if value else None


def _style(style: str, known: Mapping[str, str]) -> str:
    if style not in known:
        raise TemplateSyntaxError(f"style={style!r}: expected one of {', '.join(known)}")
    return style


@register.filter(is_safe=True)
@stringfilter
def truncatechars(value: str, length: int) -> str:
    """Django's own, which takes a text apart letter by letter; most texts of a table fit as they are."""
    return value if len(value) <= int(length) else str(Truncator(value).chars(int(length)))


@register.simple_tag(takes_context=True, name="money")
def money_tag(context: Context, cents: int | None, currency: str = "", *, short: bool = False) -> str:
    """``{% money award.amount_cents %}``; the currency is the page's city's unless given."""
    unit = currency or _of_city(context, "currency")
    if not unit:
        raise TemplateSyntaxError(
            "{% money %} needs a currency: pass one, or put city or currency on the page"
        )
    if cents is None:
        return NOTHING
    return money_html(cents, unit, short=short)


def money_html(cents: int, currency: str, language: str | None = None, *, short: bool = False) -> SafeString:
    """Write an amount as an element that also says its minor units. Whoever writes many asks for the language once."""
    return _money_html(int(cents), currency, _language(language), short)


@lru_cache(maxsize=8192)
def _money_html(cents: int, currency: str, language: str, short: bool) -> SafeString:  # noqa: FBT001  a cache's key
    """Remembered, as instants are: the same rows are looked at again and again."""
    written = escape(money(cents, currency, language, short=short))
    return mark_safe(f'<data class="money" value="{cents}">{written}</data>')


@register.simple_tag(takes_context=True, name="when")
def when_tag(
    context: Context,
    value: datetime | None,
    tz: tzinfo | str | None = None,
    *,
    style: str = "medium",
    zone: bool = True,
) -> str:
    """``{% when application.submitted_at %}``: an instant in the city's zone, or in ``tz``."""
    _style(style, MOMENTS["en"])
    if value is None:
        return NOTHING
    where = tz or _of_city(context, "timezone")
    return moment_html(value, where, style=style, zone=zone)


def moment_html(
    value: datetime,
    where: tzinfo | str | None,
    language: str | None = None,
    *,
    style: str = "medium",
    zone: bool = True,
) -> SafeString:
    """Write an instant as an element that also says it in UTC."""
    return _moment_html(value, where or timezone.get_current_timezone(), _language(language), style, zone)


@lru_cache(maxsize=8192)
def _moment_html(value: datetime, where: tzinfo | str, language: str, style: str, zone: bool) -> SafeString:  # noqa: FBT001  a cache's key
    return _time(value.astimezone(UTC).isoformat(), moment(value, where, language, style=style, zone=zone))


def day_html(value: date, language: str | None = None, *, style: str = "long") -> SafeString:
    """Write a calendar day as an element that also says it by number."""
    return _time(value.isoformat(), day(value, language, style=style))


@register.simple_tag(takes_context=True, name="day")
def day_tag(
    context: Context, value: date | None, tz: tzinfo | str | None = None, *, style: str = "long"
) -> str:
    """``{% day cycle.decides_on %}``: a calendar day; an instant becomes its day in the city's zone."""
    _style(style, DAYS["en"])
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        where = tz or _of_city(context, "timezone") or timezone.get_current_timezone()
        value = value.astimezone(_zone(where) if isinstance(where, str) else where).date()
    return day_html(value, style=style)


@register.simple_tag(takes_context=True, name="ago")
def ago_tag(context: Context, value: datetime | None, *, tz: str | None = None) -> str:
    """``{% ago task.since %}``: "3 days ago", with the exact instant as its title, by default on the city's clock."""
    if value is None:
        return NOTHING
    exact = moment(value, tz or _of_city(context, "timezone"))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.astimezone(UTC).isoformat(), exact, ago(value)
    )


@register.simple_tag(name="number")
def number_tag(value: float | Decimal | None) -> str:
    """``{% number page.count %}``."""
    return number(value)


@register.simple_tag(name="percent")
def percent_tag(part: float, whole: float) -> str:
    """``{% percent paid_cents pool_cents %}``."""
    return percent(part, whole)


def _time(machine: str, human: str) -> SafeString:
    return mark_safe(f'<time datetime="{machine}">{escape(human)}</time>')
