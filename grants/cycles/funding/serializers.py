"""The shapes of the city's money over the API. Amounts are minor units of ``currency``."""

from typing import Any

from rest_framework import serializers

from cities.interface.days import DayShape
from cities.tenancy.models import City
from grants.ledger.states import EntryKind

from .forms import MOST_CENTS
from .overview import city_money


class AmountSerializer(serializers.Serializer[Any]):
    amount_cents = serializers.IntegerField(min_value=1, max_value=MOST_CENTS)


class ConfirmSerializer(serializers.Serializer[Any]):
    received_on = DayShape()
    bank_reference = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)


class DoneSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="What the deed wrote: an acceptance, a receipt or an entry.")


class TrancheSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="tranche.pk")
    number = serializers.IntegerField(source="tranche.number")
    amount_cents = serializers.IntegerField(source="tranche.amount_cents")
    sent_on = serializers.DateField(source="tranche.sent_on")
    bank_reference = serializers.CharField(source="tranche.bank_reference")
    received_on = serializers.DateField(source="receipt.received_on", allow_null=True, default=None)


class FundingSerializer(serializers.Serializer[Any]):
    """A program grant with the city's answer to it."""

    id = serializers.UUIDField(source="grant.pk")
    reference = serializers.CharField(source="grant.reference")
    purpose = serializers.CharField(source="grant.purpose")
    amount_cents = serializers.IntegerField(source="grant.amount_cents")
    sent_cents = serializers.IntegerField(source="grant.sent_cents")
    confirmed_cents = serializers.IntegerField()
    accepted_at = serializers.DateTimeField(source="acceptance.accepted_at", allow_null=True, default=None)
    tranches = TrancheSerializer(many=True)


class CycleMoneySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="cycle.pk")
    name = serializers.CharField(source="cycle.name")
    planned_cents = serializers.IntegerField(source="standing.planned_cents", allow_null=True)
    allocated_cents = serializers.IntegerField(source="standing.allocated_cents")
    available_cents = serializers.IntegerField(source="standing.available_cents")
    committed_cents = serializers.IntegerField(
        source="standing.committed_cents", help_text="Awarded, not paid yet."
    )
    paid_cents = serializers.IntegerField(source="standing.paid_cents")
    proved_cents = serializers.IntegerField(source="standing.proved_cents")


class MoneySerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    unallocated_cents = serializers.IntegerField()
    grants = FundingSerializer(many=True)
    cycles = CycleMoneySerializer(many=True)


def money_body(city: City) -> dict[str, Any]:
    found = city_money()
    return {
        "currency": city.currency,
        "unallocated_cents": found.unallocated_cents,
        "grants": found.fundings,
        "cycles": found.cycles,
    }


class BookRowSerializer(serializers.Serializer[Any]):
    """One entry."""

    id = serializers.UUIDField(source="entry.pk")
    kind = serializers.ChoiceField(choices=EntryKind.choices, source="entry.kind")
    amount_cents = serializers.IntegerField(source="entry.amount_cents")
    change_cents = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField(source="entry.currency")
    occurred_on = serializers.DateField(source="entry.occurred_on")
    posted_at = serializers.DateTimeField(source="entry.posted_at")
    memo = serializers.CharField()
    who = serializers.CharField()
    about = serializers.UUIDField(allow_null=True)
    subject = serializers.CharField(source="subject.label", allow_null=True, default=None)


class BooksSerializer(serializers.Serializer[Any]):
    """A page of the books; ``after`` is the cursor of what is older."""

    total_cents = serializers.IntegerField(allow_null=True)
    after = serializers.CharField(allow_blank=True)
    results = BookRowSerializer(many=True, source="page")
