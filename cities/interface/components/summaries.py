"""Facts: term and description, and numbers that lead to their rows."""

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cities.interface.components.registry import TONES, draw, one_of, register, trimmed


@register.simple_block_tag
def summary_list(content: str, *, dense: bool = False) -> SafeString:
    """``{% summary_list %}{% summary_row term=… %}…{% endsummary_row %}{% endsummary_list %}``."""
    return format_html('<dl class="summary{}">{}</dl>', " summary--dense" if dense else "", content)


@register.simple_block_tag
def summary_row(content: str, *, term: str, change_url: str = "", change_label: str = "") -> SafeString:
    """One fact, with a link to change it where it may be changed."""
    said = trimmed(content) or format_html('<span class="missing">{}</span>', _("Not given"))
    change = format_html(
        '<dd class="summary__change"><a href="{}">{}<span class="usa-sr-only"> {}</span></a></dd>',
        change_url, change_label or _("Change"), term,
    ) if change_url else ""  # fmt: skip
    return format_html('<div class="summary__row"><dt>{}</dt><dd>{}</dd>{}</div>', term, said, change)


@register.simple_block_tag
def stats(content: str, *, label: str = "") -> SafeString:
    """``{% stats label=_("This cycle") %}{% stat … %}{% endstats %}``."""
    return draw("stats", content=content, label=label)


@register.simple_tag
def stat(label: str, value: object, *, url: str = "", hint: str = "", tone: str = "neutral") -> SafeString:
    """One number; ``url`` leads to the rows it counts or sums. Make money with ``{% money … as value %}``."""
    one_of("tone", tone, TONES)
    words = format_html('<span class="usa-sr-only"> {}</span>', label)
    shown = format_html('<a href="{}">{}{}</a>', url, value, words) if url else value
    below = format_html('<span class="stat__hint">{}</span>', hint) if hint else ""
    return format_html(
        '<div class="stat stat--{}"><dt>{}</dt><dd><span class="stat__value">{}</span>{}</dd></div>',
        tone, label, shown, below,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def money_bar(
    context: Context,
    *,
    pool_cents: int,
    committed_cents: int,
    paid_cents: int,
    proved_cents: int,
    currency: str = "",
    label: str = "",
    url: str = "",
) -> SafeString:
    """``{% money_bar pool_cents=… committed_cents=… paid_cents=… proved_cents=… %}``: a cycle's money in sight.

    Committed is all that was promised, paid a part of it, proved a part of paid. A pool
    overdrawn by a later correction shows a full bar and a negative rest.
    """
    unit = currency or str(context.get("currency") or getattr(context.get("city"), "currency", "USD"))
    whole = max(pool_cents, committed_cents, 1)
    return draw(
        "money_bar",
        label=label or _("Money of this cycle"),
        url=url,
        currency=unit,
        parts=[
            ("pool", _("Pool"), pool_cents, None),
            ("committed", _("Committed"), committed_cents, round(1000 * committed_cents / whole)),
            ("paid", _("Paid"), paid_cents, round(1000 * paid_cents / whole)),
            ("proved", _("Proved"), proved_cents, round(1000 * proved_cents / whole)),
            ("left", _("Left"), pool_cents - committed_cents, None),
        ],
    )
