"""The quick controls are the templates' own, letter for letter but white space."""

from datetime import date
from html import unescape

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from cities.interface.rendering import _QUICK, QuickRenderer

HOSTILE = """"><script>alert('x')</script>&amp;"""
CHOICES = [
    ("", gettext_lazy("Any")),
    (1, "One & only"),
    (HOSTILE, HOSTILE),
    ("Group <b>", [("a", "A"), ("b", mark_safe("<i>B</i>"))]),
]
WIDGETS = {
    "text": (forms.TextInput({"data-x": HOSTILE, "required": True, "disabled": False}), HOSTILE),
    "empty": (forms.TextInput(), None),
    "number": (forms.NumberInput({"min": 0}), 12_345),
    "email": (forms.EmailInput(), "a@example.org"),
    "url": (forms.URLInput(), "https://example.org/?a=1&b=2"),
    "hidden": (forms.HiddenInput(), "0"),
    "date": (forms.DateInput({"type": "date"}), date(2026, 3, 1)),
    "datetime": (forms.DateTimeInput(), "2026-03-01T10:00"),
    "time": (forms.TimeInput(), "10:00"),
    "ticked": (forms.CheckboxInput(), True),
    "not ticked": (forms.CheckboxInput(), False),
    "textarea": (forms.Textarea(), f"\nfirst\n{HOSTILE}"),
    "list": (forms.Select(choices=CHOICES), "1"),
    "list of groups": (forms.Select({"class": "usa-select"}, choices=CHOICES), "b"),
    "several": (forms.SelectMultiple(choices=CHOICES), ["a", 1]),
    "radio": (forms.RadioSelect(choices=CHOICES), "a"),
}


@pytest.mark.parametrize("name", sorted(WIDGETS))
def test_a_control_is_drawn_as_the_template_draws_it(name):
    widget, value = WIDGETS[name]

    quick, slow = (
        widget.render("field", value, {"id": "id_field"}, renderer=renderer)
        for renderer in (QuickRenderer(), TemplatesSetting())
    )

    assert parse_html(quick) == parse_html(slow)
    assert "<script>" not in quick


def test_a_text_area_keeps_a_leading_line_feed():
    drawn = forms.Textarea().render("field", "\nfirst", {}, renderer=QuickRenderer())

    assert unescape(drawn).endswith(">\n\nfirst</textarea>")


def test_every_quick_control_has_a_template_of_django():
    from django.template.loader import get_template

    assert all(get_template(name) for name in _QUICK)
