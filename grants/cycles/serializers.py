"""Shapes of calls over the API. What a shape can't say, the actions refuse."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.interface.days import FIRST_YEAR, LAST_YEAR, DayShape, refuse_other_years
from cities.tenancy.models import City

from .deadlines import closing, opening
from .models import Cycle
from .part_serializers import (
    AttachmentNameSerializer,
    AwardTermsSerializer,
    BudgetSerializer,
    EligibilityItemSerializer,
    FormSerializer,
    RubricSerializer,
    TranslationsField,
    WorkshopSerializer,
)
from .readiness import inventions
from .states import Status


class LocalMoment(serializers.DateTimeField):
    """An instant with its offset, or a day: then the city's day, opening at its start and closing at its end."""

    def __init__(self, *, closes: bool, **kwargs: Any) -> None:
        self.closes = closes
        super().__init__(allow_null=True, required=False, **kwargs)

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) == len("2027-04-30"):
            day = DayShape().run_validation(value)
            read = closing if self.closes else opening
            return read(day, None, self.context["city"].zone)
        moment = super().to_internal_value(value)
        refuse_other_years(moment)
        if isinstance(value, str) and not re.search(r"(Z|[+-]\d{2}:?\d{2})$", value):
            raise serializers.ValidationError("An hour needs its offset, like 2027-04-30T17:00:00-04:00.")
        return moment


class SeenSerializer(serializers.Serializer[Any]):
    """A ticket per part. Send back those of the parts that you change: 409 if somebody else saved in between.

    ``basics`` is name, year and purpose; ``dates`` all dates and the workshop; ``money`` pool, limits and awards.
    """

    basics = serializers.CharField(required=False)
    dates = serializers.CharField(required=False)
    money = serializers.CharField(required=False)
    form = serializers.CharField(required=False)
    eligibility = serializers.CharField(required=False)
    budget = serializers.CharField(required=False)
    attachments = serializers.CharField(required=False)
    rubric = serializers.CharField(required=False)
    award_terms = serializers.CharField(required=False)
    translations = serializers.CharField(required=False)


class CycleSerializer(serializers.ModelSerializer[Cycle]):
    """A call with all its parts. In a ``PATCH`` what isn't sent stays. Amounts are minor units."""

    status = serializers.ChoiceField(Status.choices, read_only=True)
    opens_at = LocalMoment(closes=False)
    closes_at = LocalMoment(closes=True)
    workshop = WorkshopSerializer(required=False)
    eligibility = EligibilityItemSerializer(many=True, required=False, max_length=60)  # type: ignore[call-arg]
    budget = BudgetSerializer(required=False)
    attachments = AttachmentNameSerializer(many=True, required=False, max_length=60)  # type: ignore[call-arg]
    rubric = RubricSerializer(required=False)
    award_terms = AwardTermsSerializer(required=False)
    translations = TranslationsField(required=False)
    form = FormSerializer(required=False)
    seen = SeenSerializer(required=False)
    missing = serializers.ListField(child=serializers.CharField(), read_only=True)
    invented = serializers.SerializerMethodField()

    class Meta:
        model = Cycle
        fields = [
            "id", "name", "slug", "year", "purpose", "status", "opens_at", "closes_at", "decision_on", "project_starts_on", "project_ends_on",
            "min_request_cents", "max_request_cents", "planned_pool_cents", "expected_awards", "workshop", "eligibility", "budget",
            "attachments", "rubric", "award_terms", "translations", "form", "seen", "notes", "missing", "invented", "published_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["slug", "notes", "published_at", "created_at"]
        # Not by partial=True: that would let half a budget pass as well.
        extra_kwargs = {
            "name": {"required": False},
            "year": {"required": False, "min_value": FIRST_YEAR, "max_value": LAST_YEAR},
            **{
                name: {"validators": [refuse_other_years]}
                for name in ("decision_on", "project_starts_on", "project_ends_on")
            },
        }

    def get_invented(self, cycle: Cycle) -> list[str]:
        return [invention.path for invention in inventions(cycle)]


class CycleRowSerializer(serializers.ModelSerializer[Cycle]):
    """A call in a list."""

    class Meta:
        model = Cycle
        fields = ["id", "name", "slug", "year", "status", "opens_at", "closes_at", "planned_pool_cents"]


class NewCycleSerializer(serializers.Serializer[Any]):
    """Either ``call``, a whole call in the call format, or a name and year to begin with."""

    name = serializers.CharField(max_length=150, required=False)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    purpose = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    call = serializers.JSONField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if "call" not in given and not {"name", "year"} <= set(given):
            raise serializers.ValidationError("Send a call, or a name and a year.")
        return given


class CopySerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)


class CopiedSerializer(CycleRowSerializer):
    left_blank = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(CycleRowSerializer.Meta):
        fields = [*CycleRowSerializer.Meta.fields, "left_blank"]


class DayCountSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    count = serializers.IntegerField()
    total = serializers.IntegerField()


class FiguresSerializer(serializers.Serializer[Any]):
    """One published call in numbers; ``asked_cents`` of what is in the running."""

    id = serializers.UUIDField(source="cycle.id")
    name = serializers.CharField(source="cycle.name")
    stage = serializers.ChoiceField(["upcoming", "open", "closed"])
    closes_at = serializers.DateTimeField(source="cycle.closes_at")
    days_left = serializers.IntegerField()
    drafts = serializers.IntegerField()
    submitted = serializers.IntegerField()
    to_screen = serializers.IntegerField()
    asked_cents = serializers.IntegerField()
    planned_pool_cents = serializers.IntegerField(source="cycle.planned_pool_cents")
    by_day = serializers.SerializerMethodField()

    def get_by_day(self, figures: Any) -> list[dict[str, Any]]:
        return [
            dict(DayCountSerializer({"day": day, "count": count, "total": total}).data)
            for day, count, total in figures.curve()
        ]


class PlaceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    title = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    requested_cents = serializers.IntegerField(allow_null=True)
    status = serializers.CharField()


class WaitingSerializer(serializers.Serializer[Any]):
    """So many of a kind wait on the person who asks, the oldest since ``since``. ``address`` leads to them."""

    what = serializers.CharField(source="label", help_text="In words.")
    count = serializers.IntegerField()
    since = serializers.DateTimeField(allow_null=True)
    cents = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    address = serializers.CharField(source="url")


class SummarySerializer(serializers.Serializer[Any]):
    """What waits on the person who asks, the longest-waiting first, and the figures of the staff home."""

    waiting = serializers.SerializerMethodField()
    calls = FiguresSerializer(many=True, source="figures")
    drafts = CycleRowSerializer(many=True)
    places = PlaceSerializer(many=True)

    @extend_schema_field(WaitingSerializer(many=True))
    def get_waiting(self, _today: Any) -> Any:
        return WaitingSerializer(self.context["waiting"], many=True).data


def in_city(city: City) -> dict[str, Any]:
    """Return the context that the date fields need."""
    return {"city": city}
