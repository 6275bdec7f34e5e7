"""Calls and their self-check over the API, open to everybody."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import anybody
from cities.tenancy.scopes import public_scope
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.part_serializers import TranslationsField
from grants.cycles.questions import check, items_from_json

from .queries import published_calls, state_of


class CallRow(serializers.Serializer[Any]):
    """A published call in a list. Amounts are minor units of the city's currency."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    city = serializers.CharField(source="city.slug")
    city_name = serializers.CharField(source="city.name")
    currency = serializers.CharField(source="city.currency")
    timezone = serializers.CharField(source="city.timezone")
    purpose = serializers.CharField()
    state = serializers.SerializerMethodField(help_text="upcoming, open or closed, by the server's clock")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    decision_on = serializers.DateField(allow_null=True)
    min_request_cents = serializers.IntegerField(allow_null=True)
    max_request_cents = serializers.IntegerField(allow_null=True)

    def get_state(self, cycle: Cycle) -> str:
        return state_of(cycle, timezone.now())


class CallDetailSerializer(CallRow):
    """A published call whole: form, self-check, budget rules and papers in the shapes of the call format."""

    project_starts_on = serializers.DateField(allow_null=True)
    project_ends_on = serializers.DateField(allow_null=True)
    workshop = serializers.JSONField()
    eligibility = serializers.JSONField()
    budget = serializers.JSONField()
    attachments = serializers.JSONField()
    translations = TranslationsField(read_only=True)
    sections = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_sections(self, cycle: Cycle) -> list[dict[str, Any]]:
        version = FormVersion.objects.filter(cycle=cycle, is_applied_with=True).first()
        return version.form.to_json() if version else []


class EligibilityInput(serializers.Serializer[Any]):
    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True), help_text="Answers by the key of the item."
    )


class OutcomeSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(source="item.key")
    state = serializers.CharField(help_text="ok, stop, warn, unknown (staff will look) or unanswered")
    sentence = serializers.CharField()


class EligibilityResult(serializers.Serializer[Any]):
    may_apply = serializers.SerializerMethodField()
    complete = serializers.BooleanField()
    outcomes = OutcomeSerializer(many=True)

    def get_may_apply(self, result: Any) -> bool:
        return not result.stopped


class OpenCalls(APIView):
    """Without a city in its path no door is open yet; this view opens the public one."""

    rules: ClassVar[dict[str, Any]] = {"GET": anybody}

    @extend_schema(
        operation_id="calls_list",
        parameters=[OpenApiParameter("q", str, description="Words in the names of call, city or state.")],
        responses=CallRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """Published calls of all cities that are open now or will be."""
        words, now = request.query_params.get("q", "").replace("\0", "")[:80], timezone.now()
        with transaction.atomic(), public_scope():
            rows = published_calls(words).filter(closes_at__gte=now).order_by("closes_at", "name")[:500]
            return Response(CallRow(rows, many=True).data)


class CityCalls(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": anybody}

    @extend_schema(operation_id="city_calls_list", responses=CallRow(many=True))
    def get(self, request: Request, city: str) -> Response:
        """Published calls of this city."""
        return Response(CallRow(published_calls().order_by("-closes_at")[:200], many=True).data)


class CityCall(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": anybody}

    @extend_schema(operation_id="city_calls_read", responses=CallDetailSerializer)
    def get(self, request: Request, city: str, slug: str) -> Response:
        """One published call with its form, self-check and budget rules."""
        return Response(CallDetailSerializer(published_call(slug)).data)


class EligibilityCheck(APIView):
    rules: ClassVar[dict[str, Any]] = {"POST": anybody}

    @extend_schema(operation_id="city_calls_check", request=EligibilityInput, responses=EligibilityResult)
    def post(self, request: Request, city: str, slug: str) -> Response:
        """Judge answers of the self-check. Nothing is stored."""
        given = EligibilityInput(data=request.data)
        given.is_valid(raise_exception=True)
        result = check(items_from_json(published_call(slug).eligibility), given.validated_data["answers"])
        return Response(EligibilityResult(result).data)


def published_call(slug: str) -> Cycle:
    cycle: Cycle | None = Cycle.objects.published().select_related("city").filter(slug=slug).first()
    if cycle is None:
        raise Http404
    return cycle
