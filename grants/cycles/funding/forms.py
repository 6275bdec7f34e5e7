"""What finance and managers type about the city's money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.interface.days import DayField
from cities.interface.fields import MoneyField
from grants.ledger.forms import MoneyForm
from grants.ledger.states import AccountKind, EntryKind

MOST_CENTS = 10**13
CITY_ACCOUNTS = [
    kind
    for kind in AccountKind
    if kind not in {AccountKind.APPROPRIATION, AccountKind.GRANTED, AccountKind.SENT}
]
CITY_ENTRIES = [kind for kind in EntryKind if kind not in {EntryKind.GRANT, EntryKind.TRANCHE}]


class AcceptForm(MoneyForm):
    """Nothing but the key."""


class ConfirmForm(MoneyForm):
    """When the money arrived, and as what."""

    received_on = DayField(label=_("Received on"))
    bank_reference = forms.CharField(
        label=_("Bank reference"),
        max_length=60,
        required=False,
        help_text=_("As it stands on the city’s bank statement."),
    )


class AmountForm(MoneyForm):
    """How much goes into a call's pool, or back."""

    amount_cents = MoneyField(label=_("Amount"), min_cents=1, max_cents=MOST_CENTS)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_cents"].currency = currency  # type: ignore[attr-defined]


class LedgerFilter(forms.Form):
    """The books' filter, as it stands in the address. What can't be read is left out."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        choices=[("", _("Anything")), *((kind.value, kind.label) for kind in CITY_ENTRIES)],
    )
    account = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[("", _("Any")), *((kind.value, kind.label) for kind in CITY_ACCOUNTS)],
    )
    cycle = forms.ChoiceField(label=_("Call"), required=False)
    about = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any, *, cycles: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["cycle"].choices = [("", _("Any")), *cycles]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
