"""The trail's filter, as it stands in the address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.interface.days import DayField

from .subjects import kinds


class TrailFilter(forms.Form):
    who = forms.CharField(
        label=_("Done by (name or e-mail)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    kind = forms.CharField(label=_("About"), required=False, widget=forms.Select())
    day = DayField(label=_("On the day"), required=False)
    about = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.choices = [("", _("Anything")), *kinds()]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
