"""Forms that move money carry a key, so that a double click or a second sending does it once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.tenancy.models import new_id

STALE = _("Nothing was done: this page was not sent whole. Please send it again.")


class KeyInput(forms.HiddenInput):
    """A new key whenever the form is drawn: after a refusal, what is corrected is another call."""

    def format_value(self, value: Any) -> str:
        return new_id().hex


class MoneyForm(forms.Form):
    """Base of forms whose deed runs under :func:`.once.once`."""

    key = forms.CharField(
        max_length=80,
        widget=KeyInput,
        error_messages={"required": STALE, "max_length": STALE, "null_characters_not_allowed": STALE},
    )
