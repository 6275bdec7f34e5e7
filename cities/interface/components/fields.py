"""Forms: labels, hints and errors in the USWDS way, from a Django form."""

# ruff: noqa: A002 - props are named as the HTML attributes they become

from collections.abc import Iterable
from typing import Any

from babel.numbers import get_currency_symbol
from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cities.interface.components.registry import draw, one_of, register
from cities.interface.fields import DateInput, DateTimeInput, MoneyInput

WIDTHS = ("", "2xs", "xs", "small", "medium", "lg", "xl", "2xl")


@register.simple_tag
def fields(form: forms.BaseForm, *, only: str = "", skip: str = "", summary: bool = True) -> SafeString:
    """``{% fields form %}``: error summary, hidden fields, then every field (or ``only="name email"``)."""
    wanted = only.split() or [name for name in form.fields if name not in skip.split()]
    visible = [draw_field(form[name]) for name in wanted if not form[name].is_hidden]
    hidden = [bound.as_widget() for bound in form.hidden_fields()]
    top = draw_summary(form) if summary else ""
    return format_html("{}{}{}", top, _joined(hidden), _joined(visible))


@register.simple_tag
def field(bound: BoundField, *, label: str = "", hint: str = "", width: str = "") -> SafeString:
    """``{% field form.title %}``: one field with its label, hint and errors."""
    return draw_field(bound, label=label, hint=hint, width=one_of("width", width, WIDTHS))


@register.simple_tag
def error_summary(form: forms.BaseForm, *, heading: str = "") -> SafeString:
    """``{% error_summary form %}``: what is to be changed, with links to the fields. Empty without errors."""
    return draw_summary(form, heading=heading)


@register.simple_block_tag
def control(
    content: str,
    *,
    label: str,
    id: str,
    hint: str = "",
    error: str = "",
    required: bool = False,
    name: str = "",
) -> SafeString:
    """``{% control label=… id="street" %}<input id="street" …>{% endcontrol %}``: label an input of your own.

    Give the input ``aria-describedby="<id>_helptext"`` for the hint and ``"<id>_error"`` for the error.
    """
    errors = [error] if error else []
    values: dict[str, object] = {"hint": hint, "errors": errors, "required": required, "name": name or id}
    return _labelled(label, id, content, **values)


@register.simple_block_tag
def fieldset(
    content: str,
    *,
    legend: str,
    id: str = "",
    hint: str = "",
    error: str = "",
    required: bool = False,
    name: str = "",
) -> SafeString:
    """``{% fieldset legend=_("Your address") %}controls{% endfieldset %}``."""
    errors = [error] if error else []
    values: dict[str, object] = {"hint": hint, "errors": errors, "required": required, "name": name or id}
    return draw("fieldset", legend=legend, id=id, control=content, **values)


def draw_summary(form: forms.BaseForm, *, heading: str = "") -> SafeString:
    """List a form's errors, each linked to its field; what is wrong with a hidden one is said without a link."""
    if not form.errors:
        return SafeString("")
    linked = [
        {"target": _first_input(form[name]), "field": form[name].label, "text": text}
        for name, errors in form.errors.items()
        if name in form.fields and not form[name].is_hidden
        for text in errors
    ]
    hidden = [text for bound in form.hidden_fields() for text in bound.errors]
    general = [*form.non_field_errors(), *hidden]
    return draw("error_summary", heading=heading, linked=linked, general=general)


def draw_field(bound: BoundField, *, label: str = "", hint: str = "", width: str = "") -> SafeString:
    """Draw one bound field by the kind of its widget."""
    widget = bound.field.widget
    values: dict[str, object] = {
        "name": bound.html_name,
        "hint": hint or bound.help_text,
        "errors": list(bound.errors),
        "required": bound.field.required,
    }
    caption = label or bound.label
    described = _described(bound, values["hint"])
    if isinstance(widget, forms.CheckboxInput):
        return draw(
            "checkbox",
            label=caption,
            id=bound.id_for_label,
            control=_input(bound, "usa-checkbox__input", described),
            **values,
        )
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one too
        return draw("fieldset", legend=caption, id=bound.auto_id, control=_options(bound), **values)
    if widget.use_fieldset:
        control = _input(bound, "usa-input", described)
        return draw("fieldset", legend=caption, id=bound.auto_id, control=control, **values)
    return _labelled(caption, bound.id_for_label, _control(bound, width, described), **values)


def _labelled(label: object, id: str, control: str, **values: Any) -> SafeString:
    """Draw a control under its label. In one piece: a page has dozens, and most have neither hint nor error."""
    required = draw("label_required", **values) if values["required"] else ""
    said = draw("hint_and_error", id=id, **values) if values["hint"] or values["errors"] else ""
    return format_html(
        '<div class="usa-form-group{}" data-field="{}"><label class="usa-label" for="{}">{}{}</label>{}{}</div>',
        " usa-form-group--error" if values["errors"] else "",
        values["name"], id, label, required and format_html(" {}", required), said, control,
    )  # fmt: skip


def _control(bound: BoundField, width: str, described: str) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, MoneyInput) and widget.currency:
        sign = get_currency_symbol(widget.currency, locale="es_US" if get_language() == "es" else "en_US")
        prefix = format_html('<div class="usa-input-prefix" aria-hidden="true">{}</div>', sign)
        return format_html(
            '<div class="usa-input-group usa-input-group--sm">{}{}</div>',
            prefix,
            _input(bound, "usa-input", described),
        )
    if isinstance(widget, forms.Select):
        return _input(bound, "usa-select" + _width(width), described)
    if isinstance(widget, forms.Textarea):
        return _input(bound, "usa-textarea", described)
    if isinstance(widget, forms.FileInput):
        return _input(bound, "file-input", described)
    return _input(bound, "usa-input" + _width(width or _natural_width(widget)), described)


def _width(width: str) -> str:
    return f" usa-input--{width}" if width else ""


def _natural_width(widget: forms.Widget) -> str:
    if isinstance(widget, DateInput | DateTimeInput | forms.TimeInput):
        return "lg" if isinstance(widget, DateTimeInput) else "medium"
    return "small" if isinstance(widget, forms.NumberInput) else ""


def _input(bound: BoundField, classes: str, described: str) -> SafeString:
    own = str(bound.field.widget.attrs.get("class", ""))
    error = " usa-input--error" if bound.errors else ""
    attributes: dict[str, str | bool] = {"class": f"{classes}{error} {own}".strip()}
    if described:
        attributes["aria-describedby"] = described
    return bound.as_widget(attrs=attributes)


def _described(bound: BoundField, hint: object) -> str:
    ids = [str(bound.field.widget.attrs.get("aria-describedby", ""))]
    if hint:
        ids.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(filter(None, ids))


def _options(bound: BoundField) -> SafeString:
    kind = "checkbox" if isinstance(bound.field.widget, forms.CheckboxSelectMultiple) else "radio"
    return format_html(
        '<div class="options">{}</div>', _joined(_option(bound, kind, each.data) for each in bound)
    )


def _option(bound: BoundField, kind: str, data: dict[str, object]) -> SafeString:
    given = data["attrs"] if isinstance(data["attrs"], dict) else {}
    # "required" on each checkbox of a group would demand all of them.
    kept = {name: value for name, value in given.items() if kind == "radio" or name != "required"}
    attributes = kept | {
        "type": kind,
        "class": f"usa-{kind}__input",
        "name": data["name"],
        "value": str(data["value"]),
        "checked": bool(data["selected"]),
    }
    return format_html(
        '<div class="usa-{}"><input{}><label class="usa-{}__label" for="{}">{}</label></div>',
        kind, flatatt(attributes), kind, str(given.get("id", "")), data["label"],
    )  # fmt: skip


def _first_input(bound: BoundField) -> str:
    """The id a summary link jumps to: a group of options is entered at its first."""
    return bound.id_for_label or f"{bound.auto_id}_0"


def _joined(parts: Iterable[object]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
