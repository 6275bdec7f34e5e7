"""What is typed about awards."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cities.interface.days import DayField
from cities.interface.fields import ListSelect
from grants.ledger.forms import MoneyForm

REASON_MAX = 2000


class RankingFilter(forms.Form):
    """The ranking's filter, as it stands in the address. What can't be read is left out and said so."""

    neighborhood = forms.CharField(label=_("Neighborhood"), required=False, widget=ListSelect())
    least = forms.DecimalField(
        label=_("Mean score at least"),
        required=False,
        max_digits=6,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    complete = forms.BooleanField(label=_("All scores are in"), required=False)
    cycle = forms.CharField(required=False, widget=forms.HiddenInput())
    decision = forms.CharField(required=False, widget=forms.HiddenInput())

    def offer(self, neighborhoods: list[str]) -> None:
        """Fill the list with what there is in the call, and with what the address asks for."""
        asked = self.data.get("neighborhood", "")
        shown = sorted({*neighborhoods, asked} - {""}, key=str.casefold)
        self.fields["neighborhood"].widget.offered = [("", _now("Any")), *((name, name) for name in shown)]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, "", False}}


class OfferForm(MoneyForm):
    """What goes with several offers: conditions, and until when to answer."""

    conditions = forms.CharField(
        label=_("Conditions"),
        help_text=_("Each applicant reads and agrees to these. One a line."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    answer_by_on = DayField(
        label=_("Please answer by"),
        help_text=_("After this day the offer can’t be accepted, unless you give it more time."),
        required=False,
    )


class ReasonsForm(forms.Form):
    """One reason for several applicants, and words of their own for some."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Applicants read this word for word. Be kind and specific, and say what could be done."),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ExtendForm(MoneyForm):
    """A later last day to answer."""

    answer_by_on = DayField(
        label=_("New last day to answer"),
        help_text=_("The applicant can answer until the end of this day, and gets a letter."),
        error_messages={"required": _("Please choose a day.")},
    )


class RescindForm(MoneyForm):
    """Why an offer is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant reads this word for word."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please give a reason. The applicant will read it.")},
    )


class AcceptForm(MoneyForm):
    """A resident's yes: who gets the money, and agreement to what the city asks."""

    payee_name = forms.CharField(
        label=_("Who should get the money?"),
        help_text=_("Your name, your group, or the sponsor who holds the money for you."),
        max_length=160,
        error_messages={"required": _("Please write who should get the money.")},
    )
    agrees = forms.BooleanField(
        label=_("I have read what the city asks, and I agree."),
        error_messages={"required": _("Please read it and tick the box to say yes.")},
    )


class RefuseForm(MoneyForm):
    """A resident's no."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("You do not have to say. It helps the city to do better."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
