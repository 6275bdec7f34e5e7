"""What is typed at sign-in."""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from cities.access.models import User


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


def own_names() -> list[tuple[str, str]]:
    """Return the site's languages, each by the name that its own speakers know it by."""
    names = ((code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES)
    return [(code, name[:1].upper() + name[1:]) for code, name in names]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """What a person tells us about themselves."""

    language = forms.ChoiceField(
        label=_("Language of our letters and pages"), choices=own_names, widget=forms.RadioSelect
    )

    class Meta:
        model = User
        fields = ("name", "phone", "language", "may_be_contacted", "may_share_story")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        labels = {
            "name": _("Your name"),
            "phone": _("Phone number"),
            "may_be_contacted": _("Cities may write to me about new calls"),
            "may_share_story": _("Cities may tell the story of my project with my first name"),
        }
        help_texts = {"phone": _("Only if you would like to be called back.")}

    def _post_clean(self) -> None:
        """Leave the account as it is: the action changes it, under a lock."""


class DeletionForm(forms.Form):
    """Typed by whoever means it."""

    email = forms.EmailField(
        label=_("Type your e-mail address to show that you mean it"),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("Type your e-mail address."),
        },
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if email != self.expected:
            raise forms.ValidationError(_("This is not the address of this account."))
        return email


def mark_used(app: Authenticator, digits: str) -> None:
    """Keep an app's digits from working again while they are valid: allauth looks here, and remembers one period only."""
    seconds = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD
    cache.set(app.wrap()._get_used_cache_key(digits), "y", seconds)


class _Once:
    """Digits that were taken are used up."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            mark_used(self.authenticator, code)
        return code


class FactorForm(_Once, AuthenticateForm):  # type: ignore[misc]
    """The second step at sign-in."""


class FactorAgainForm(_Once, ReauthenticateForm):  # type: ignore[misc]
    """The second step, asked for once more."""
