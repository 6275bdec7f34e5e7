"""What staff type on the desk."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cities.interface.fields import ListSelect, MoneyField

from .states import Decision

REASON_MAX = 2000
NOTE_MAX = 4000


class QueueFilter(forms.Form):
    """The queue's filter, as it stands in the address. What can't be read is left out and said so."""

    q = forms.CharField(
        label=_("Search by name or reference"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    neighborhood = forms.CharField(label=_("Neighborhood"), required=False, widget=ListSelect())
    category = forms.CharField(label=_("Category"), required=False, widget=ListSelect())
    least = MoneyField(label=_("Asks at least"), required=False)
    most = MoneyField(label=_("Asks at most"), required=False)
    photos = forms.BooleanField(label=_("With photos or files"), required=False)
    cycle = forms.CharField(required=False, widget=forms.HiddenInput())
    status = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("least", "most"):
            self.fields[name].currency = currency  # type: ignore[attr-defined]

    def offer(self, neighborhoods: list[str], categories: list[str]) -> None:
        """Fill the two lists with what there is in the cycle, and with what the address asks for."""
        for name, values in (("neighborhood", neighborhoods), ("category", categories)):
            asked = self.data.get(name, "")
            shown = sorted({*values, asked} - {""}, key=str.casefold)
            self.fields[name].widget.offered = [("", _now("Any")), *((value, value) for value in shown)]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, "", False}}


class ScreeningForm(forms.Form):
    """A decision about what the person looked at (``seen``)."""

    decision = forms.TypedChoiceField(choices=Decision.choices, coerce=Decision, widget=forms.HiddenInput())
    seen = forms.CharField(widget=forms.HiddenInput())
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "The applicant reads this word for word. Be kind and specific, and say what could be done."
        ),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NoteForm(forms.Form):
    """A note for colleagues."""

    text = forms.CharField(
        label=_("New note"),
        help_text=_("For colleagues only. Notes can’t be changed later."),
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please write something first.")},
    )


_WORD = re.compile(r"\w+")
_REFERENCE = re.compile(r"\s*([A-Za-z]{2,4}-\d{4}-\d+)\s*\Z")


def reference_in(text: str) -> str:
    """Return the reference that was typed, if it is one."""
    found = _REFERENCE.match(text)
    return found[1].upper() if found else ""


def search_words(text: str) -> str:
    """Write typed words as a PostgreSQL text query, each as the beginning of a word: ``'gar':* & 'ode':*``."""
    return " & ".join(f"'{word}':*" for word in _WORD.findall(text)[:8])
