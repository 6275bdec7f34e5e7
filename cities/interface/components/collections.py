"""Several of a kind: cards of calls and projects, photos, and what happened when."""

from datetime import datetime

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cities.interface.components.registry import draw, register, trimmed


@register.simple_block_tag
def cards(content: str, *, label: str = "") -> SafeString:
    """``{% cards label=_("Open calls") %}{% card … %}…{% endcard %}{% endcards %}``."""
    return draw("cards", content=content, label=label)


@register.simple_block_tag
def card(
    content: str,
    *,
    title: str,
    url: str = "",
    eyebrow: str = "",
    image: str = "",
    image_alt: str = "",
    level: int = 3,
) -> SafeString:
    """One card; the whole of it leads to ``url``. An image without words beside it needs ``image_alt``."""
    values: dict[str, object] = {"image": image, "image_alt": image_alt, "level": level}
    return draw("card", content=trimmed(content), title=title, url=url, eyebrow=eyebrow, **values)


@register.simple_block_tag
def photos(content: str, *, label: str) -> SafeString:
    """``{% photos label=_("Photos of the place") %}{% photo … %}…{% endphoto %}{% endphotos %}``."""
    return format_html('<ul class="photos" aria-label="{}">{}</ul>', label, content)


@register.simple_block_tag
def photo(content: str, *, source: str, alt: str, url: str = "") -> SafeString:
    """One photo, its caption and buttons inside; ``url`` opens it in full."""
    return draw("photo", content=trimmed(content), source=source, alt=alt, url=url)


@register.simple_block_tag
def history(content: str, *, label: str) -> SafeString:
    """``{% history label=_("What happened") %}{% entry … %}…{% endentry %}{% endhistory %}``: newest first."""
    return format_html('<ol class="history" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag(takes_context=True)
def entry(
    context: Context,
    content: str,
    *,
    title: str,
    at: datetime | None = None,
    who: str = "",
    icon: str = "",
    tz: str = "",
) -> SafeString:
    """One thing that happened: who did it and when, with details inside."""
    where = tz or getattr(context.get("city"), "timezone", None)
    values: dict[str, object] = {"at": at, "who": who, "icon": icon, "timezone": where}
    return draw("entry", content=trimmed(content), title=title, **values)
