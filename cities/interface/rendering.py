"""Draw the plainest form controls without a template each: a list of three hundred cities takes three hundred includes."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
WIDGETS = "django/forms/widgets"


class QuickRenderer(TemplatesSetting):
    """Django's renderer, with inputs and lists drawn as its own templates draw them. Everything else goes to templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        quick = _QUICK.get(template_name)
        if quick is None:
            return super().render(template_name, context, request)
        return quick(context["widget"])


def _attributes(attributes: Mapping[str, Any]) -> str:
    parts = [
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    ]
    return "".join(parts)


def _text(value: Any) -> str:
    """Escape as Django does, which for each of a thousand options would first look for lazy ones among its arguments."""
    text = value if isinstance(value, str) else str(value)
    return text if isinstance(text, SafeString) else escape(text)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    kind, name = _text(widget["type"]), _text(widget["name"])
    return mark_safe(f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>')


def _textarea(widget: Widget) -> str:
    value = "" if widget["value"] is None else _text(widget["value"])
    # The line feed is not part of the value: a browser drops the first one.
    return mark_safe(
        f'<textarea name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'
    )


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return mark_safe(
        f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>{groups}</select>'
    )


def _group(name: Any, options: Iterable[Widget]) -> str:
    drawn = "".join(
        f'<option value="{_text(option["value"])}"{_attributes(option["attrs"])}>{_text(option["label"])}</option>'
        for option in options
    )
    return f'<optgroup label="{_text(name)}">{drawn}</optgroup>' if name else drawn


_QUICK: dict[str, Callable[[Widget], str]] = {
    **{
        f"{WIDGETS}/{name}.html": _input
        for name in (
            "input",
            "text",
            "number",
            "color",
            "email",
            "url",
            "tel",
            "search",
            "hidden",
            "date",
            "datetime",
            "time",
            "checkbox",
        )
    },
    f"{WIDGETS}/textarea.html": _textarea,
    f"{WIDGETS}/select.html": _select,
}
