"""Small marks within a line: icons, states, and the script elements pages ask for."""

from functools import lru_cache

from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cities.interface.components.registry import TONES, one_of, register
from cities.interface.icons import icon_html

TONE_ICONS = {
    "neutral": "radio_button_unchecked",
    "info": "info",
    "success": "check_circle",
    "warning": "warning",
    "danger": "error",
    "waiting": "schedule",
}


@register.simple_tag
def icon(name: str, *, label: str = "", size: int = 0) -> SafeString:
    """``{% icon "check" %}``."""
    return icon_html(name, label=label, size=size)


@register.simple_tag
def status(label: object, *, tone: str = "neutral", icon: str = "") -> SafeString:
    """``{% status _("Submitted") tone="info" %}``: an icon and a word, never colour alone."""
    return _status(str(label), tone, icon)


@lru_cache(maxsize=1024, typed=True)
def _status(label: str, tone: str, icon: str) -> SafeString:
    one_of("tone", tone, TONES)
    mark = icon_html(icon or TONE_ICONS[tone])
    return format_html('<span class="status status--{}">{}<span>{}</span></span>', tone, mark, label)


@register.simple_tag(takes_context=True)
def module(context: Context, name: str) -> SafeString:
    """``{% module "forms" %}``: load ``static/src/js/forms.js`` on this page."""
    return format_html(
        '<script type="module" src="{}"{}></script>', static(f"js/{name}.js"), nonce_attribute(context)
    )


def nonce_attribute(context: Context) -> SafeString | str:
    """Write the page's CSP nonce as an attribute, if the response carries one."""
    nonce = getattr(context.get("request"), "csp_nonce", None)
    return format_html(' nonce="{}"', str(nonce)) if nonce else ""
