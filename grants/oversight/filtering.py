"""The filter over every payment of every city: as it is typed, as it is understood, and as a condition on rows."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cities.interface.days import DayField
from cities.interface.fields import ListSelect, MoneyField
from cities.tenancy.models import City
from grants.payments.searching import typed
from grants.payments.states import Method, Status

from .marks import Mark, conditions

FEW = ("status", "method")
"""What a filter names one of few values of: these stand in the statement as they are."""

_CENTS_PER_SEARCH = 100_000_000_000
_LOOKUPS = {
    "city": "city__slug",
    "status": "status",
    "method": "method",
    "least": "amount_cents__gte",
    "most": "amount_cents__lte",
    "paid_since": "paid_on__gte",
    "paid_until": "paid_on__lte",
    "requested_since": "requested_at__gte",
    "requested_until": "requested_at__lt",
}


class DisbursementFilter(forms.Form):
    """The list's filter, as it stands in the address. What can't be read is left out."""

    q = forms.CharField(
        label=_("Reference, payee or voucher"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    city = forms.CharField(label=_("City"), required=False, max_length=40, widget=ListSelect())
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any")), *Status.choices])
    method = forms.ChoiceField(label=_("Method"), required=False, choices=[("", _("Any")), *Method.choices])
    kind = forms.ChoiceField(label=_("Exception"), required=False, choices=[("", _("With or without")), ("any", _("Any exception")), *Mark.choices])  # fmt: skip
    dated = forms.ChoiceField(
        label=_("Day of"), required=False, choices=[("", _("Request")), ("paid", _("Payment"))]
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)
    least = MoneyField(label=_("At least"), required=False, min_cents=0, max_cents=_CENTS_PER_SEARCH)
    most = MoneyField(label=_("At most"), required=False, min_cents=0, max_cents=_CENTS_PER_SEARCH)
    sort = forms.CharField(required=False, widget=forms.HiddenInput())

    def offer(self, cities: Iterable[tuple[str, str]]) -> None:
        """Let the page's list of cities be chosen from; the API and exports need none."""
        self.fields["city"].widget.offered = [("", _now("All cities")), *cities]

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in {None, ""} and name != "sort"
        }

    @property
    def parameters(self) -> dict[str, str]:
        """The same as plain words, from which the same filter is read again in any language: a day may be typed in its way."""
        return {
            name: value.isoformat() if isinstance(value, date) else str(self.data.get(name, ""))
            for name, value in self.wanted.items()
        }


def sought(wanted: Mapping[str, Any], center: City) -> dict[str, Any]:
    """Return what :func:`condition` takes of a filter.

    A day is that of the payment as recorded, or of the request by the Center's clock.
    """
    found = {name: value for name, value in wanted.items() if name in _LOOKUPS or name == "q"}
    if wanted.get("dated") == "paid":
        return {**found, **{f"paid_{name}": wanted[name] for name in ("since", "until") if name in wanted}}
    for name, whole_days in (("since", 0), ("until", 1)):
        if name in wanted:
            start = datetime.combine(wanted[name], time.min, tzinfo=center.zone)
            found[f"requested_{name}"] = start + timedelta(days=whole_days)
    return found


def condition(values: Mapping[str, Any]) -> Q:
    """Return the condition on payments of what was sought, their exceptions apart."""
    found = Q()
    for name, lookup in _LOOKUPS.items():
        if name in values:
            found &= Q(**{lookup: values[name]})
    return found & typed(values["q"].strip()) if "q" in values else found


def exceptional(kind: str, today: date) -> Q:
    """Return the condition on payments with one kind of exception, or with ``"any"``."""
    known = conditions(today)
    if kind != "any":
        return known[Mark(kind)]
    found = Q()
    for each in known.values():
        found |= each
    return found
