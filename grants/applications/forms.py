"""Input of the resident's pages beside the questions themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class StartForm(forms.Form):
    """What is asked before the first question: whose application it is."""

    name = forms.CharField(
        label=_("Your full name"),
        max_length=160,
        help_text=_("The city uses it when it calls or writes to you."),
        error_messages={"required": _("Please type your name.")},
    )
    another = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class DeclarationForm(forms.Form):
    """The promise that stands above the send button."""

    declaration = forms.BooleanField(
        label=_("What I wrote is true as far as I know, and my group agrees with it."),
        error_messages={"required": _("Please check the box before you send.")},
    )
