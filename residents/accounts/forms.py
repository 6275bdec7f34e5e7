"""What is typed at sign-in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """The first page: where the code goes."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write a full e-mail address, like name@example.org."),
        },
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip().lower()


class CodeForm(forms.Form):
    """The second page: the code."""

    code = forms.CharField(
        label=_("The code from the mail"),
        help_text=_("Eight letters. Small letters and missing hyphens are fine."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
        error_messages={"required": _("Type the code that we sent you.")},
    )
