"""Forms about people and their roles."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cities.interface.fields import RowChoiceField

from .models import CITY_ROLES, Role

ROLE_WORDS = {
    Role.MANAGER: _("Manager: sets up the city, its team and its grant cycles"),
    Role.STAFF: _("Staff: reads and screens applications"),
    Role.FINANCE: _("Finance: keeps the money of the grants"),
    Role.APPROVER: _("Approver: approves what others ask to be paid"),
    Role.REVIEWER: _("Reviewer: scores applications, sees nothing else; may be from outside city hall"),
    Role.VIEWER: _("Viewer: looks on, changes nothing"),
}


class RolesForm(forms.Form):
    """Which roles a member holds."""

    roles = forms.MultipleChoiceField(
        label=_("What may this person do?"),
        choices=[(role.value, words) for role, words in ROLE_WORDS.items() if role in CITY_ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )


class InvitationForm(RolesForm):
    """Whom to invite."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The letter goes there, and they sign in with it."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES, initial="en")

    field_order = ["name", "email", "roles", "language"]

    def clean_email(self) -> Any:
        return self.cleaned_data["email"].strip().lower()


class ResetForm(forms.Form):
    """Why a second step is gone."""

    reason = forms.CharField(
        label=_("What happened?"),
        help_text=_("A few words, such as “new phone”. Whoever approves this reads them."),
        max_length=300,
        error_messages={"required": _("Please say in a few words what happened.")},
    )


class SuccessorForm(forms.Form):
    """Who takes over. The list is read at once: the Center draws the page when the city is closed again."""

    successor = RowChoiceField(
        label=_("Who takes over what is open?"),
        queryset=None,
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who takes over.")},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        field.queryset = people
        field.choices = list(field.choices)
