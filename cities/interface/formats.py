"""Money, days and instants in the reader's language, as functions and as template tags.

Spanish is the Spanish of the United States (CLDR ``es_US``): readers of a
Baltimore page expect ``$1,250.00`` and ``11:59 p.m.``, not ``1.250,00 US$``.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from django import template
from django.template import Context, TemplateSyntaxError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
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
    digits = get_currency_precision(currency)
    amount = Decimal(cents).scaleb(-digits)
    locale = _locale(_language(language))
    if short and amount == amount.to_integral_value():
        pattern = locale.currency_formats["standard"].pattern.split(";")[0].replace(".00", "")
        return format_currency(amount, currency, pattern, locale=locale, currency_digits=False)
    return format_currency(amount, currency, locale=locale)


def number(value: float | Decimal | None, language: str | None = None) -> str:
    """Write a number with the reader's separators."""
    return NOTHING if value is None else format_decimal(value, locale=_locale(_language(language)))


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
    return format_datetime(value, pattern, tzinfo=_with_a_name(where, value), locale=_locale(code))


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
    return format_date(value, DAYS[code][style], locale=_locale(code))


def ago(value: datetime, language: str | None = None, *, now: datetime | None = None) -> str:
    """Write how long ago (or how far ahead) an instant lies, in its largest unit."""
    distance = value - (now or timezone.now())
    return format_timedelta(distance, add_direction=True, locale=_locale(_language(language)))


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
    return format_html('<data class="money" value="{}">{}</data>', cents, money(cents, unit, short=short))


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
    return _time(value.astimezone(UTC).isoformat(), moment(value, where, style=style, zone=zone))


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
    return _time(value.isoformat(), day(value, style=style))


@register.simple_tag(takes_context=True, name="ago")
def ago_tag(context: Context, value: datetime | None) -> str:
    """``{% ago task.since %}``: "3 days ago", with the exact instant as its title."""
    if value is None:
        return NOTHING
    exact = moment(value, _of_city(context, "timezone"))
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
    return format_html('<time datetime="{}">{}</time>', machine, human)
