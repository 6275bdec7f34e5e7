"""Shapes of calls over the API. What a shape can't say, the actions refuse."""

import re
from typing import Any

from rest_framework import serializers

from cities.tenancy.models import City
from grants.cycles.forms.eligibility import TYPES
from grants.cycles.parts import MATCH_BASES, PAYMENT_MODES

from .deadlines import closing, opening
from .models import Cycle, FormVersion
from .questions import Kind
from .readiness import inventions
from .states import Status

KEY = re.compile(r"^[a-z][a-z0-9_]*\Z")
DECIMAL = re.compile(r"^\d+(\.\d{1,2})?\Z")


class KeyField(serializers.RegexField):
    """Small letters, digits, underscores; begins with a letter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(KEY, max_length=80, **kwargs)


class DecimalText(serializers.RegexField):
    """A decimal number as text, like ``"1200.00"``; ``null`` where unknown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DECIMAL, max_length=15, allow_null=True, **kwargs)


class PointsNumber(serializers.FloatField):
    """A number that stays whole where it is whole, as the call format has it."""

    def to_internal_value(self, data: Any) -> Any:
        number = super().to_internal_value(data)
        return int(number) if number.is_integer() else number

    def to_representation(self, value: Any) -> Any:
        return value


class LocalMoment(serializers.DateTimeField):
    """An instant with its offset, or a day: then the city's day, opening at its start and closing at its end."""

    def __init__(self, *, closes: bool, **kwargs: Any) -> None:
        self.closes = closes
        super().__init__(allow_null=True, required=False, **kwargs)

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) == len("2027-04-30"):
            day = serializers.DateField().run_validation(value)
            read = closing if self.closes else opening
            return read(day, None, self.context["city"].zone)
        moment = super().to_internal_value(value)
        if isinstance(value, str) and not re.search(r"(Z|[+-]\d{2}:?\d{2})$", value):
            raise serializers.ValidationError("An hour needs its offset, like 2027-04-30T17:00:00-04:00.")
        return moment


class TestSerializer(serializers.Serializer[Any]):
    op = serializers.ChoiceField(["eq", "in", "gte", "lte"])
    value = serializers.JSONField()


class MustSerializer(serializers.Serializer[Any]):
    words = serializers.CharField(allow_blank=True, max_length=1000)
    test = TestSerializer(allow_null=True)


class EligibilityItemSerializer(serializers.Serializer[Any]):
    """One question of the self-check."""

    key = KeyField()
    label = serializers.CharField(max_length=300)  # type: ignore[assignment]
    type = serializers.ChoiceField([value for value, _label in TYPES])
    options = serializers.ListField(child=serializers.CharField(max_length=200), max_length=100)
    must = MustSerializer()
    stops = serializers.BooleanField()
    translations = serializers.DictField(child=serializers.DictField(), required=False)


class CategorySerializer(serializers.Serializer[Any]):
    key = KeyField()
    label = serializers.CharField(max_length=150)  # type: ignore[assignment]
    max_percent = DecimalText()
    max_amount = DecimalText()


class MatchSerializer(serializers.Serializer[Any]):
    percent = DecimalText()
    of = serializers.ChoiceField(list(MATCH_BASES))
    may_be = serializers.ListField(child=serializers.CharField(max_length=100), max_length=20)
    volunteer_hour_value = DecimalText()
    note = serializers.CharField(allow_null=True, allow_blank=True, max_length=500)


class BudgetSerializer(serializers.Serializer[Any]):
    columns = serializers.ListField(child=KeyField(), min_length=1, max_length=10)
    categories = CategorySerializer(many=True, max_length=60)  # type: ignore[call-arg]
    disallowed = serializers.ListField(child=serializers.CharField(max_length=300), max_length=100)
    match_required = MatchSerializer(allow_null=True)
    vendor_quotes_over = DecimalText()


class AttachmentNameSerializer(serializers.Serializer[Any]):
    key = KeyField()
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]
    required = serializers.BooleanField()  # type: ignore[assignment]
    when = serializers.CharField(allow_null=True, max_length=300)


class GateSerializer(serializers.Serializer[Any]):
    key = KeyField()
    label = serializers.CharField(max_length=300)  # type: ignore[assignment]


class CriterionSerializer(GateSerializer):
    max_points = PointsNumber(allow_null=True)
    guidance = serializers.CharField(allow_null=True, max_length=1000)


class RubricSerializer(serializers.Serializer[Any]):
    gates = GateSerializer(many=True, max_length=60)  # type: ignore[call-arg]
    criteria = CriterionSerializer(many=True, max_length=60)  # type: ignore[call-arg]
    bonus = CriterionSerializer(many=True, max_length=60)  # type: ignore[call-arg]
    minimum_total = PointsNumber(allow_null=True)
    reviewers = serializers.CharField(allow_null=True, max_length=300)


class ReportSerializer(serializers.Serializer[Any]):
    kind = KeyField()
    due = serializers.CharField(allow_null=True, max_length=200)


class ServiceSerializer(serializers.Serializer[Any]):
    key = KeyField()
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]


class AwardTermsSerializer(serializers.Serializer[Any]):
    payment_modes = serializers.ListField(child=serializers.ChoiceField(list(PAYMENT_MODES)))
    sponsor_fee_max_percent = DecimalText()
    reports = ReportSerializer(many=True, max_length=60)  # type: ignore[call-arg]
    conditions = serializers.ListField(child=serializers.CharField(max_length=1000), max_length=100)
    city_services = ServiceSerializer(many=True, max_length=100)  # type: ignore[call-arg]


class ColumnSerializer(serializers.Serializer[Any]):
    key = KeyField()
    label = serializers.CharField(max_length=300)  # type: ignore[assignment]
    type = serializers.ChoiceField([str(kind) for kind in Kind if kind not in {Kind.TABLE, Kind.PEOPLE}])
    options = serializers.ListField(child=serializers.JSONField(), required=False)
    suggestions = serializers.ListField(child=serializers.CharField(), required=False)
    translations = serializers.DictField(child=serializers.DictField(), required=False)


class ConditionSerializer(serializers.Serializer[Any]):
    question = KeyField()
    op = serializers.ChoiceField(["eq", "in", "gte", "lte"])
    value = serializers.JSONField()


class QuestionSerializer(serializers.Serializer[Any]):
    """One question, as the call format writes it; keys that are left out are unknown."""

    key = KeyField()
    label = serializers.CharField(max_length=500)  # type: ignore[assignment]
    help = serializers.CharField(allow_null=True, required=False, max_length=1000)  # type: ignore[assignment]
    type = serializers.ChoiceField([str(kind) for kind in Kind])
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    options = serializers.ListField(child=serializers.JSONField(), required=False, max_length=200)
    min = serializers.JSONField(required=False, allow_null=True)
    max = serializers.JSONField(required=False, allow_null=True)
    max_words = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10_000)
    max_chars = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=20_000)
    columns = ColumnSerializer(many=True, required=False, max_length=40)  # type: ignore[call-arg]
    min_rows = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=200)
    max_rows = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=200)
    shown_when = ConditionSerializer(required=False, allow_null=True)
    suggestions = serializers.ListField(child=serializers.CharField(), required=False)
    translations = serializers.DictField(child=serializers.DictField(), required=False)


class SectionSerializer(serializers.Serializer[Any]):
    key = KeyField()
    title = serializers.CharField(max_length=150)
    questions = QuestionSerializer(many=True, max_length=200)  # type: ignore[call-arg]
    translations = serializers.DictField(child=serializers.DictField(), required=False)


class FormSerializer(serializers.Serializer[Any]):
    """The form that people apply with. Send ``seen`` to be told if somebody else saved in between."""

    id = serializers.UUIDField(read_only=True)
    stage = serializers.ChoiceField(FormVersion.Stage.choices, read_only=True)
    number = serializers.IntegerField(read_only=True)
    sections = SectionSerializer(many=True, source="definition", max_length=60)  # type: ignore[call-arg]
    summary_keys = serializers.DictField(child=serializers.CharField(allow_null=True), required=False)
    seen = serializers.CharField(required=False, write_only=True)


class WorkshopSerializer(serializers.Serializer[Any]):
    required = serializers.BooleanField(allow_null=True)  # type: ignore[assignment]
    dates = serializers.ListField(child=serializers.CharField(max_length=40), max_length=50)


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
    form = FormSerializer(required=False)
    missing = serializers.ListField(child=serializers.CharField(), read_only=True)
    invented = serializers.SerializerMethodField()

    class Meta:
        model = Cycle
        fields = [
            "id", "name", "slug", "year", "purpose", "status", "opens_at", "closes_at", "decision_on", "project_starts_on", "project_ends_on",
            "min_request_cents", "max_request_cents", "planned_pool_cents", "expected_awards", "workshop", "eligibility", "budget",
            "attachments", "rubric", "award_terms", "form", "notes", "missing", "invented", "published_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["slug", "notes", "published_at", "created_at"]
        # Not by partial=True: that would let half a budget pass as well.
        extra_kwargs = {"name": {"required": False}, "year": {"required": False, "min_value": 2000, "max_value": 2100}}

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
    year = serializers.IntegerField(min_value=2000, max_value=2100, required=False)
    purpose = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    call = serializers.JSONField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if "call" not in given and not {"name", "year"} <= set(given):
            raise serializers.ValidationError("Send a call, or a name and a year.")
        return given


class CopySerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)
    year = serializers.IntegerField(min_value=2000, max_value=2100)


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
        return [dict(DayCountSerializer({"day": day, "count": count, "total": total}).data) for day, count, total in figures.curve()]


class PlaceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    title = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    requested_cents = serializers.IntegerField(allow_null=True)
    status = serializers.CharField()


class SummarySerializer(serializers.Serializer[Any]):
    """The figures of the staff home."""

    calls = FiguresSerializer(many=True, source="figures")
    drafts = CycleRowSerializer(many=True)
    places = PlaceSerializer(many=True)


def in_city(city: City) -> dict[str, Any]:
    """Return the context that the date fields need."""
    return {"city": city}
