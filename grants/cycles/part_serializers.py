"""Shapes of a call's parts over the API, as the call format has them."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cities.interface.days import refuse_other_years

from .calls.dates import read_date
from .forms.eligibility import TYPES
from .models import FormVersion
from .parts import MATCH_BASES, PAYMENT_MODES
from .questions import Kind

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


class TestSerializer(serializers.Serializer[Any]):
    op = serializers.ChoiceField(["eq", "in", "gte", "lte"])
    value = serializers.JSONField()


class MustSerializer(serializers.Serializer[Any]):
    words = serializers.CharField(allow_blank=True, max_length=1000)
    test = TestSerializer(allow_null=True)


class ItemWordsSerializer(serializers.Serializer[Any]):
    """A question of the self-check in another language; what is left out stays as it is."""

    label = serializers.CharField(required=False, allow_blank=True, max_length=300)  # type: ignore[assignment]
    words = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class EligibilityItemSerializer(serializers.Serializer[Any]):
    """One question of the self-check."""

    key = KeyField()
    label = serializers.CharField(max_length=300)  # type: ignore[assignment]
    type = serializers.ChoiceField([value for value, _label in TYPES])
    options = serializers.ListField(child=serializers.CharField(max_length=200), max_length=100)
    must = MustSerializer()
    stops = serializers.BooleanField()
    translations = serializers.DictField(child=ItemWordsSerializer(), required=False)


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


class TranslationsField(serializers.DictField):
    """Per language, the words given for a text of the call: ``{"es": {"Budget": "Presupuesto"}}``."""

    def __init__(self, **kwargs: Any) -> None:
        words = serializers.DictField(child=serializers.CharField(max_length=2000))
        super().__init__(child=words, **kwargs)


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


class QuestionWordsSerializer(serializers.Serializer[Any]):
    """A question or column in another language; what is left out stays as it is. ``options`` are as many as those."""

    label = serializers.CharField(required=False, allow_blank=True, max_length=500)  # type: ignore[assignment]
    help = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    options = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=200), required=False, max_length=200
    )


class SectionWordsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(required=False, allow_blank=True, max_length=150)


class ColumnSerializer(serializers.Serializer[Any]):
    key = KeyField()
    label = serializers.CharField(max_length=300)  # type: ignore[assignment]
    type = serializers.ChoiceField([str(kind) for kind in Kind if kind not in {Kind.TABLE, Kind.PEOPLE}])
    options = serializers.ListField(child=serializers.JSONField(), required=False)
    suggestions = serializers.ListField(child=serializers.CharField(), required=False)
    translations = serializers.DictField(child=QuestionWordsSerializer(), required=False)


class ConditionSerializer(serializers.Serializer[Any]):
    question = KeyField()
    op = serializers.ChoiceField(["eq", "in", "gte", "lte"])
    value = serializers.JSONField()


class QuestionSerializer(serializers.Serializer[Any]):
    """One question, as the call format writes it; keys that are left out are unknown."""

    key = KeyField()
    label = serializers.CharField(max_length=500)  # type: ignore[assignment]
    help = serializers.CharField(allow_null=True, required=False, max_length=1000)
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
    translations = serializers.DictField(child=QuestionWordsSerializer(), required=False)


class SectionSerializer(serializers.Serializer[Any]):
    key = KeyField()
    title = serializers.CharField(max_length=150)
    questions = QuestionSerializer(many=True, max_length=200)  # type: ignore[call-arg]
    translations = serializers.DictField(child=SectionWordsSerializer(), required=False)


class FormSerializer(serializers.Serializer[Any]):
    """The form that people apply with. Send ``seen`` to be told if somebody else saved in between."""

    id = serializers.UUIDField(read_only=True)
    stage = serializers.ChoiceField(FormVersion.Stage.choices, read_only=True)
    number = serializers.IntegerField(read_only=True)
    sections = SectionSerializer(many=True, source="definition", max_length=60)  # type: ignore[call-arg]
    summary_keys = serializers.DictField(child=serializers.CharField(allow_null=True), required=False)
    seen = serializers.CharField(required=False, write_only=True)


class WorkshopDate(serializers.CharField):
    """A day, or an instant with its offset, as the call format writes it."""

    default_error_messages = {
        "date": _("Write a day, or an hour with its offset, like 2027-04-30T17:00:00-04:00.")
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        moment = read_date(text)
        if moment is None:
            self.fail("date")
        refuse_other_years(moment)
        return text


class WorkshopSerializer(serializers.Serializer[Any]):
    required = serializers.BooleanField(allow_null=True)  # type: ignore[assignment]
    dates = serializers.ListField(child=WorkshopDate(max_length=40), max_length=50)
