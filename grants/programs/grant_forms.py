"""What officers type when they grant and send money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.interface.days import DayField
from cities.interface.fields import MoneyField, RowChoiceField
from cities.tenancy.models import City
from grants.ledger.forms import MoneyForm

from .forms import MOST_CENTS
from .models import Cohort


class GrantForm(MoneyForm):
    """A program grant for one city, in that city's currency."""

    city = RowChoiceField(queryset=City.objects.none(), label=_("City"), empty_label=_("Choose a city"))
    cohort = RowChoiceField(
        queryset=City.objects.none(),
        label=_("Cohort"),
        required=False,
        empty_label=_("None"),
        help_text=_("The city must have its place in it."),
    )
    reference = forms.CharField(
        label=_("Reference"), max_length=40, help_text=_("As it stands on the agreement. Used once.")
    )
    amount_cents = MoneyField(
        label=_("Amount"), min_cents=1, max_cents=MOST_CENTS, help_text=_("In the city’s own currency.")
    )
    starts_on = DayField(label=_("Period of performance starts"))
    ends_on = DayField(label=_("Period of performance ends"))
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = City.objects.cities().order_by("name")  # type: ignore[attr-defined]
        self.fields["cohort"].queryset = Cohort.objects.order_by("-starts_on", "name")  # type: ignore[attr-defined]
        amount: Any = self.fields["amount_cents"]
        if city := self._city():
            amount.currency = city.currency
        else:
            amount.widget.currency = ""

    def _city(self) -> City | None:
        """Return the chosen city before the amount is read: a currency without cents reads it otherwise."""
        field: Any = self.fields["city"]
        try:
            chosen: City | None = field.clean((self.data if self.is_bound else self.initial).get("city"))
        except forms.ValidationError:
            return None
        return chosen

    @property
    def facts(self) -> dict[str, Any]:
        """What the grant is made of."""
        found = self.cleaned_data
        kept = ("amount_cents", "starts_on", "ends_on", "reference", "purpose")
        return {
            "recipient_id": found["city"].pk,
            "currency": found["city"].currency,
            "cohort_id": found["cohort"].pk if found["cohort"] else None,
            **{name: found[name] for name in kept},
        }


class TrancheForm(MoneyForm):
    """Money that the Center's bank sent."""

    amount_cents = MoneyField(label=_("Amount"), min_cents=1, max_cents=MOST_CENTS)
    sent_on = DayField(label=_("Sent on"))
    bank_reference = forms.CharField(
        label=_("Bank reference"), max_length=60, help_text=_("The city’s finance looks for it.")
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_cents"].currency = currency  # type: ignore[attr-defined]
