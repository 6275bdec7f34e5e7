"""Budget rules: what may be paid for, and how much of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.interface.fields import MoneyField
from cities.tenancy.models import City
from grants.cycles.models import Cycle
from grants.cycles.parts import MATCH_BASES
from grants.cycles.questions import Budget
from grants.cycles.questions.forms import words

from .numbers import AmountField, PercentField, amount_shown
from .rows import Lines, PartForm, RowForm, keyed, rows_of

COLUMNS = {
    "requested": _("Money asked from the city"),
    "match_cash": _("Cash the group adds"),
    "match_in_kind": _("Donated goods and services"),
    "match_volunteer_labor": _("Volunteer time, in money"),
}


class CategoryRow(RowForm):
    label = forms.CharField(label=_("Kind of cost"), max_length=150, required=False)
    max_percent = PercentField(label=_("At most, percent of the award"))
    max_amount = AmountField(label=_("At most, amount"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["max_amount"].currency = currency  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("label") and any(found.get(name) for name in ("max_percent", "max_amount")):
            self.add_error("label", _("Name this kind of cost."))
        return found


class BudgetMain(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns of the budget table"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("The first is always asked. Add the others when groups must match the grant."),
    )  # fmt: skip
    disallowed = Lines(
        label=_("What the grant can’t pay for"),
        required=False,
        help_text=_("One per line. Residents see this list beside the budget."),
    )
    needs_match = forms.BooleanField(
        label=_("The group must add something of its own (a match)"), required=False
    )
    match_percent = PercentField(
        label=_("How much, in percent"),
        most=1000,
        help_text=_("100 percent of the request means dollar for dollar."),
    )
    match_of = forms.ChoiceField(
        label=_("Percent of what"), choices=list(MATCH_BASES.items()), required=False
    )
    match_may_be = Lines(
        label=_("What counts as a match"),
        required=False,
        rows=3,
        help_text=_("One per line, like: cash, donated goods, volunteer hours."),
    )
    volunteer_hour_value = AmountField(label=_("Value of one volunteer hour"))
    match_note = forms.CharField(label=_("In words"), required=False, max_length=500)
    vendor_quotes_over = AmountField(
        label=_("Ask for a vendor’s quote above"), help_text=_("Left empty: no quotes are needed.")
    )


class BudgetForm(PartForm):
    """The whole page: categories with ceilings, what isn't allowed, the match."""

    def __init__(self, city: City, cycle: Cycle, data: Any = None) -> None:
        budget = cycle.budget
        self.grant_column = Budget.from_json(budget).grant_column
        match = budget["match_required"] or {}
        self.main = BudgetMain(
            data,
            initial={
                "columns": budget["columns"],
                "disallowed": budget["disallowed"],
                "needs_match": bool(match),
                "match_percent": match.get("percent"),
                "match_of": match.get("of", "request"),
                "match_may_be": [words(kind) for kind in match.get("may_be", ())],
                "volunteer_hour_value": amount_shown(match.get("volunteer_hour_value")),
                "match_note": match.get("note"),
                "vendor_quotes_over": amount_shown(budget["vendor_quotes_over"]),
            },
        )
        self._offer_columns(budget["columns"])
        for field in self.main.fields.values():
            if isinstance(field, MoneyField):
                field.currency = city.currency
        categories = [{**row, "max_amount": amount_shown(row["max_amount"])} for row in budget["categories"]]
        self.rows = {
            "categories": rows_of(
                CategoryRow,
                prefix="categories",
                initial=categories,
                data=data,
                form_kwargs={"currency": city.currency},
            )
        }
        self.read(data)

    def _offer_columns(self, stored: list[str]) -> None:
        """Offer the usual columns, and whatever else an imported call has."""
        others = {key: words(key) for key in stored if key not in COLUMNS}
        columns = self.main.fields["columns"]
        columns.choices = list((COLUMNS | others).items())  # type: ignore[attr-defined]

    def value(self) -> dict[str, Any]:
        found = self.main.cleaned_data
        categories = keyed(row for row in self.rows["categories"].values() if row["label"])
        return {
            "columns": [self.grant_column, *(c for c in found["columns"] if c != self.grant_column)],
            "categories": [
                {name: row[name] for name in ("key", "label", "max_percent", "max_amount")}
                for row in categories
            ],
            "disallowed": found["disallowed"],
            "match_required": self._match(found) if found["needs_match"] else None,
            "vendor_quotes_over": found["vendor_quotes_over"],
        }

    @staticmethod
    def _match(found: dict[str, Any]) -> dict[str, Any]:
        return {
            "percent": found["match_percent"],
            "of": found["match_of"] or "request",
            "may_be": [_kind(line) for line in found["match_may_be"]],
            "volunteer_hour_value": found["volunteer_hour_value"],
            "note": found["match_note"] or None,
        }


def _kind(line: str) -> str:
    """Write a kind of match as the format does where it is one of its own words: ``In kind`` → ``in_kind``."""
    key = line.lower().replace(" ", "_")
    return key if words(key) == line else line
