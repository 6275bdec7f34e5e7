"""What is asked before a token is made."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.machines.models import Scope
from cities.tenancy.models import City

MYSELF = "me"
DAYS = [(30, _("30 days")), (90, _("90 days")), (180, _("Half a year")), (365, _("A year"))]


class TokenForm(forms.Form):
    """A name to know it by, where it holds, what it may do, and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What will use it? For example: “Budget sheet”."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Give the token a name.")},
    )
    place = forms.ChoiceField(
        label=_("Where does it work?"),
        help_text=_(
            "In one place, with the role you have there. “Myself” means your own applications, projects and letters."
        ),
        widget=forms.RadioSelect,
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"), choices=Scope.choices, initial=Scope.READ, widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(label=_("How long does it work?"), choices=DAYS, initial=90, coerce=int)

    def __init__(self, *args: Any, places: list[City], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        choices = [(MYSELF, _("Myself, without a role"))]
        field: Any = self.fields["place"]
        field.choices = [*((key, place.name) for key, place in self.places.items()), *choices]
        field.initial = field.choices[0][0]
        if places:
            self.fields["scope"].help_text = _(
                "In its first hour a token that may change things may also invite people, change their roles and name deputies. After that, only you can."
            )

    def clean_place(self) -> City | None:
        return self.places.get(self.cleaned_data["place"])
