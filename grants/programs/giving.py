"""The Center's program grants as a list: filtered by what the address says, with totals per currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import BigIntegerField, Count, DateField, F, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .models import GrantAcceptance, ProgramGrant, Tranche

SIZE = 50
STATES: dict[str, tuple[Any, Q]] = {
    "waiting": (_("Not accepted yet"), Q(accepted_at__isnull=True)),
    "unconfirmed": (_("With money not confirmed"), Q(unconfirmed_since__isnull=False)),
    "unsent": (_("With money to send"), Q(left_cents__gt=0)),
}


class GrantFilter(forms.Form):
    """The list's filter, as it stands in the address. What can't be read is left out."""

    q = forms.CharField(
        label=_("City or reference"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any")), *((key, label) for key, (label, _condition) in STATES.items())],
    )
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)

    @cached_property
    def wanted(self) -> dict[str, str]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """What was granted, sent and confirmed in one currency, in its minor units."""

    currency: str
    count: int
    granted_cents: int
    sent_cents: int
    confirmed_cents: int

    @property
    def unconfirmed_cents(self) -> int:
        return self.sent_cents - self.confirmed_cents


class Giving:
    """The program grants that the address asks for. Reads when it is asked, through the Center's door."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params
        self.form = GrantFilter(params)

    @cached_property
    def rows(self) -> Any:
        """Return the grants that pass the filter, newest first, with what the cities answered."""
        wanted, rows = self.form.wanted, grants_with_answers().select_related("recipient", "cohort")
        if "q" in wanted:
            typed = wanted["q"]
            rows = rows.filter(Q(recipient__name__icontains=typed) | Q(reference__icontains=typed))
        if "currency" in wanted:
            rows = rows.filter(currency=wanted["currency"].upper())
        if "state" in wanted:
            rows = rows.filter(STATES[wanted["state"]][1])
        return rows.order_by("-created_at", "-id")

    @cached_property
    def totals(self) -> list[CurrencyTotal]:
        """Return one line per currency: different ones are never added up."""
        grouped = (
            self.rows.order_by()
            .values("currency")
            .annotate(
                n=Count("id"), granted=Sum("amount_cents"), sent=Sum("sent_cents"), got=Sum("confirmed_cents")
            )
            .order_by("currency")
        )
        return [
            CurrencyTotal(row["currency"], row["n"], int(row["granted"]), int(row["sent"]), int(row["got"]))
            for row in grouped
        ]

    @cached_property
    def page_number(self) -> int:
        asked = str(self.params.get("page", ""))
        return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1  # noqa: PLR2004

    @cached_property
    def _found(self) -> list[ProgramGrant]:
        first = (self.page_number - 1) * SIZE
        return list(self.rows[first : first + SIZE + 1])

    @property
    def page(self) -> list[ProgramGrant]:
        return self._found[:SIZE]

    @property
    def next_page(self) -> int | None:
        return self.page_number + 1 if len(self._found) > SIZE else None

    @property
    def previous_page(self) -> int | None:
        return self.page_number - 1 if self.page_number > 1 else None


def grants_with_answers() -> Any:
    """Return program grants with ``accepted_at``, ``confirmed_cents``, ``unconfirmed_since`` and ``left_cents``."""
    sent = Tranche.objects.filter(program_grant=OuterRef("pk")).order_by().values("program_grant")
    accepted = GrantAcceptance.objects.filter(program_grant=OuterRef("pk")).values("accepted_at")[:1]
    confirmed = sent.filter(receipts__isnull=False).annotate(n=Sum("amount_cents")).values("n")
    waiting = sent.filter(receipts__isnull=True).annotate(n=Min("sent_on")).values("n")
    return ProgramGrant.objects.annotate(
        accepted_at=Subquery(accepted),
        confirmed_cents=Coalesce(
            Subquery(confirmed, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField()
        ),
        unconfirmed_since=Subquery(waiting, output_field=DateField(null=True)),
        left_cents=F("amount_cents") - F("sent_cents"),
    )
