"""The read log's filter, as it stands in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.interface.days import DayField

from .pages import page_choices

GRAINS = [
    ("", _("Anything")),
    ("city", _("Only records of this city")),
    ("lists", _("Only lists and totals over cities")),
]


class ReadingFilter(forms.Form):
    who = forms.CharField(
        label=_("Read by (name or e-mail)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    grain = forms.ChoiceField(label=_("About"), required=False, choices=GRAINS)
    page = forms.CharField(label=_("Page"), required=False, widget=forms.Select())
    day = DayField(label=_("On the day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].widget.choices = [("", _("Any page")), *page_choices()]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
