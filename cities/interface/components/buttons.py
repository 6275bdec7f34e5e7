"""Buttons. A link goes somewhere, a button does something; they look alike and are not."""

# ruff: noqa: A002 - props are named as the HTML attributes they become

from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cities.interface.components.registry import one_of, register
from cities.interface.icons import icon_html

KINDS = {
    "primary": "usa-button",
    "secondary": "usa-button usa-button--outline",
    "danger": "usa-button usa-button--secondary",
    "plain": "usa-button usa-button--unstyled",
}
SIZES = {"": "", "big": " usa-button--big", "small": " button--small"}


def _classes(kind: str, size: str) -> str:
    return KINDS[one_of("kind", kind, KINDS)] + SIZES[one_of("size", size, SIZES)]


def _button(label: str, icon: str, attributes: dict[str, object]) -> SafeString:
    shown = {name.rstrip("_"): value for name, value in attributes.items() if value not in ("", None)}
    mark = icon_html(icon) if icon else ""
    return format_html("<button{}>{}{}</button>", flatatt(shown), mark, label)


@register.simple_tag
def submit(
    label: str,
    *,
    kind: str = "primary",
    size: str = "",
    icon: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
    formaction: str = "",
) -> SafeString:
    """``{% submit _("Save and continue") %}``."""
    attributes: dict[str, object] = {
        "type": "submit",
        "class": _classes(kind, size),
        "name": name,
        "value": value,
    }
    return _button(label, icon, attributes | {"form": form, "formaction": formaction})


@register.simple_tag
def button(
    label: str, *, kind: str = "secondary", size: str = "", icon: str = "", id: str = "", controls: str = ""
) -> SafeString:
    """``{% button _("Add a line") id="add-line" %}``: does something only through a script."""
    attributes: dict[str, object] = {"type": "button", "class": _classes(kind, size), "id": id}
    return _button(label, icon, attributes | {"aria-controls": controls})


@register.simple_tag
def link_button(url: str, label: str, *, kind: str = "primary", size: str = "", icon: str = "") -> SafeString:
    """``{% link_button apply_url _("Apply now") size="big" icon="arrow_forward" %}``."""
    mark = icon_html(icon) if icon else ""
    return format_html('<a class="{}" href="{}">{}{}</a>', _classes(kind, size), url, label, mark)


@register.simple_tag
def copy_button(text: str, *, label: str = "") -> SafeString:
    """``{% copy_button reference %}``: shown only where the browser can copy."""
    attributes: dict[str, object] = {
        "type": "button",
        "class": "usa-button usa-button--unstyled copy",
        "data-copy": text,
        "data-copied": _("Copied"),
        "hidden": True,
    }
    return _button(label or _("Copy"), "content_copy", attributes)
