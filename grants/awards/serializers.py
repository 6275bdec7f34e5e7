"""The shapes of awards in the API. Amounts are minor units of the city's currency."""

from typing import Any

from rest_framework import serializers

from cities.interface.days import DayShape

from .forms import REASON_MAX
from .listing import MANY
from .models import Award
from .ranking import Ranking
from .states import Status


class RowSerializer(serializers.Serializer[Any]):
    """One application in the ranking. What its reviews say is null of one's own, and until one's own scores are in."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    title = serializers.CharField()
    group_name = serializers.CharField()
    neighborhood = serializers.CharField()
    status = serializers.CharField()
    award_status = serializers.CharField(allow_blank=True)
    score_mean = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    score_spread = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    scored_count = serializers.IntegerField(allow_null=True)
    assigned_count = serializers.IntegerField(allow_null=True)
    requested_cents = serializers.IntegerField(allow_null=True)
    recommended_cents = serializers.IntegerField(allow_null=True)
    awarded_cents = serializers.IntegerField(allow_null=True)
    is_below_minimum = serializers.BooleanField()
    fails_gate = serializers.BooleanField()


class RankingSerializer(serializers.Serializer[Any]):
    """A call's applications in the order that was asked for, and where its money stands."""

    cycle = serializers.SlugField(source="cycle.slug", allow_null=True, default=None)
    currency = serializers.CharField(source="city.currency")
    planned_cents = serializers.IntegerField(source="standing.planned_cents", allow_null=True)
    available_cents = serializers.IntegerField(source="standing.available_cents")
    committed_cents = serializers.IntegerField(source="standing.committed_cents")
    paid_cents = serializers.IntegerField(source="standing.paid_cents")
    proved_cents = serializers.IntegerField(source="standing.proved_cents")
    results = serializers.SerializerMethodField()

    def get_results(self, ranking: Ranking) -> list[dict[str, Any]]:
        rows = [
            {**row.facts, "is_below_minimum": row.is_low, "fails_gate": row.fails_gate}
            for row in ranking.rows
        ]
        return list(RowSerializer(rows, many=True).data)


class AwardSerializer(serializers.Serializer[Any]):
    """A city's promise of money to one application."""

    id = serializers.UUIDField()
    application = serializers.UUIDField(source="application_id")
    reference = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    amount_cents = serializers.IntegerField()
    requested_cents = serializers.IntegerField(allow_null=True)
    paid_cents = serializers.IntegerField()
    proved_cents = serializers.IntegerField()
    released_cents = serializers.IntegerField(help_text="What of the amount went back to the pool.")
    payee_name = serializers.CharField()
    conditions = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    answer_by_on = serializers.DateField(allow_null=True)
    offered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answer_reason = serializers.CharField()


class ListSerializer(serializers.Serializer[Any]):
    """Awards of a call and status, with their sums; without a status, of those that weren't declined or taken back."""

    cycle = serializers.SlugField(source="cycle.slug", allow_null=True, default=None)
    count = serializers.IntegerField(help_text=f"Of this status; `results` are the newest {MANY} of them.")
    total_cents = serializers.IntegerField()
    released_cents = serializers.IntegerField(help_text="What of the sum went back to the pool.")
    results = serializers.SerializerMethodField()

    def get_results(self, listing: Any) -> list[dict[str, Any]]:
        awards: list[Award] = [award for award, _mark in listing.rows]
        return list(AwardSerializer(awards, many=True).data)


class OfferSerializer(serializers.Serializer[Any]):
    application = serializers.UUIDField()
    amount_cents = serializers.IntegerField(min_value=1)


class OffersSerializer(serializers.Serializer[Any]):
    offers = OfferSerializer(many=True, allow_empty=False, max_length=500)  # type: ignore[call-arg]
    conditions = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default=None,
        help_text="Those of the call if left out, none if left empty.",
    )
    answer_by_on = DayShape(required=False, allow_null=True, help_text="In two weeks if left out.")


class DecidedSerializer(serializers.Serializer[Any]):
    """What was made or changed."""

    ids = serializers.ListField(child=serializers.UUIDField())


class RefusedSerializer(serializers.Serializer[Any]):
    application = serializers.UUIDField()
    reason = serializers.CharField(max_length=REASON_MAX)


class RefusalsSerializer(serializers.Serializer[Any]):
    refusals = RefusedSerializer(many=True, allow_empty=False, max_length=500)  # type: ignore[call-arg]


class RefusalSerializer(serializers.Serializer[Any]):
    """Why an offer is taken back."""

    reason = serializers.CharField(max_length=1000)


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason that may be left out."""

    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class AcceptanceSerializer(serializers.Serializer[Any]):
    payee_name = serializers.CharField(max_length=160)
    agrees = serializers.BooleanField(help_text="Agreement to the award's conditions; must be true.")

    def validate_agrees(self, value: bool) -> bool:  # noqa: FBT001  the signature is the library's
        if not value:
            raise serializers.ValidationError("The award's conditions must be agreed to.")
        return value


class ExtensionSerializer(serializers.Serializer[Any]):
    """A later last day to answer."""

    answer_by_on = DayShape()
