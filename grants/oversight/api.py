"""The ledger over the API: totals, cities in numbers, and the founding of new ones in steps."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.audit.readings import record_list, record_opening
from cities.tenancy.models import City
from cities.tenancy.scopes import center_scope, city_scope
from grants.programs.actions import change_city_facts
from grants.programs.api import valid
from grants.programs.founding import found_in_steps
from grants.programs.models import Cohort
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import city_or_404

from .figures import CityFigures, Stage
from .portfolio import CALLS, ORDERS, Portfolio
from .record import CityRecord, city_record

FILTERS = [
    OpenApiParameter("q", str, description="Part of the name."),
    OpenApiParameter("cohort", str, description="Id of a cohort, or “none”."),
    OpenApiParameter("state", str),
    OpenApiParameter("call", str, enum=list(CALLS)),
]
ORDER = OpenApiParameter("sort", str, description=f"{', '.join(ORDERS)}; with a minus for falling.")


class TotalsSerializer(serializers.Serializer[Any]):
    """Sums over the cities of the filter. Money is summed per currency, in minor units."""

    as_of = serializers.DateTimeField()
    cities = serializers.IntegerField()
    open_calls = serializers.IntegerField()
    closing_soon = serializers.IntegerField(help_text="Open calls that close within a week.")
    drafts = serializers.IntegerField()
    submitted = serializers.IntegerField()
    people = serializers.IntegerField()
    asked_cents = serializers.DictField(child=serializers.IntegerField(), help_text="By currency.")
    pool_cents = serializers.DictField(child=serializers.IntegerField(), help_text="By currency.")


class CohortNameSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class CenterCallSerializer(serializers.Serializer[Any]):
    """One call in numbers."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    drafts = serializers.IntegerField()
    submitted = serializers.IntegerField()
    asked_cents = serializers.IntegerField()
    pool_cents = serializers.IntegerField()


class CityRowSerializer(serializers.Serializer[Any]):
    """One city in numbers, over its published calls. Amounts are minor units of its currency."""

    id = serializers.UUIDField(source="city.pk")
    slug = serializers.SlugField(source="city.slug")
    name = serializers.CharField(source="city.name")
    region = serializers.CharField(source="city.region")
    timezone = serializers.CharField(source="city.timezone")
    currency = serializers.CharField(source="city.currency")
    latitude = serializers.FloatField(source="city.latitude", allow_null=True)
    longitude = serializers.FloatField(source="city.longitude", allow_null=True)
    cohorts = serializers.SerializerMethodField()
    call = CenterCallSerializer(
        allow_null=True, help_text="The open call that closes next, else the next to open."
    )
    open_calls = serializers.SerializerMethodField()
    drafts = serializers.IntegerField()
    submitted = serializers.IntegerField()
    asked_cents = serializers.IntegerField()
    pool_cents = serializers.IntegerField()
    people = serializers.IntegerField()

    @extend_schema(responses=CohortNameSerializer(many=True))
    def get_cohorts(self, row: CityFigures) -> list[dict[str, Any]]:
        return [{"id": str(key), "name": name} for key, name in row.cohorts]

    def get_open_calls(self, row: CityFigures) -> int:
        return len(row.open_calls)


class TrailSerializer(serializers.Serializer[Any]):
    """The end of a city's audit chain, and the last head that was signed of it."""

    sealed_seq = serializers.IntegerField(allow_null=True)
    sealed_at = serializers.DateTimeField(allow_null=True)
    unsealed = serializers.IntegerField()
    head_seq = serializers.IntegerField(allow_null=True)
    head_hash = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)
    signature_holds = serializers.BooleanField()


class CityRecordSerializer(serializers.Serializer[Any]):
    """One city: its numbers, all its calls, and the state of its audit trail."""

    figures = CityRowSerializer()
    calls = CenterCallSerializer(many=True, source="figures.calls")
    trail = TrailSerializer()


class FactsSerializer(serializers.Serializer[Any]):
    """What the Center may change of a city later."""

    name = serializers.CharField(max_length=100)
    region = serializers.CharField(required=False, allow_blank=True, max_length=60)
    latitude = serializers.FloatField(required=False, allow_null=True, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, allow_null=True, min_value=-180, max_value=180)


class NewCitySerializer(FactsSerializer):
    """A city to be founded; ``cohort`` and ``manager_email`` are steps of their own."""

    slug = serializers.CharField(max_length=40, help_text="The city’s web name. It stays for good.")
    timezone = serializers.CharField(
        max_length=60, required=False, help_text="IANA name, like America/New_York."
    )
    currency = serializers.CharField(max_length=3, required=False, help_text="ISO 4217. It stays for good.")
    languages = serializers.ListField(
        child=serializers.ChoiceField(settings.LANGUAGES), required=False, max_length=10
    )
    contact_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    contact_email = serializers.EmailField(required=False, allow_blank=True)
    cohort = serializers.UUIDField(required=False, allow_null=True)
    manager_email = serializers.EmailField(required=False, allow_blank=True, default="")
    manager_name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class FoundedSerializer(serializers.Serializer[Any]):
    """What came of founding a city. ``left_undone`` says which later step was refused, and why."""

    id = serializers.UUIDField(source="city.pk")
    slug = serializers.SlugField(source="city.slug")
    is_new = serializers.BooleanField(help_text="False if the same person founded the same city before.")
    joined = serializers.BooleanField()
    invited = serializers.CharField(allow_blank=True)
    left_undone = serializers.ListField(child=serializers.CharField())


class Overview(APIView):
    """Totals over cities."""

    rules = {"GET": can_see_center}

    @extend_schema(operation_id="center_overview", parameters=FILTERS, responses=TotalsSerializer)
    def get(self, request: Request) -> Response:
        """Return the sums over the cities of the filter."""
        now = timezone.now()
        portfolio = Portfolio(request.query_params, now)
        sums = portfolio.totals
        record_list(request.user, "center-overview", row_count=sums.cities, asked=portfolio.form.wanted)
        return Response(
            TotalsSerializer(
                {
                    "as_of": now,
                    "cities": sums.cities,
                    "open_calls": sums.open_calls,
                    "closing_soon": sums.closing_soon,
                    "drafts": sums.drafts,
                    "submitted": sums.submitted,
                    "people": sums.people,
                    "asked_cents": sums.asked,
                    "pool_cents": sums.pool,
                }
            ).data
        )


class CityList(APIView):
    """Every city in numbers, and new ones."""

    in_steps = True
    rules = {"GET": can_see_center, "POST": can_run_program}

    @extend_schema(
        operation_id="center_cities_list",
        parameters=[*FILTERS, ORDER],
        responses=CityRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the cities of the filter, all of them."""
        with center_scope(request.user):
            portfolio = Portfolio(request.query_params, timezone.now())
            rows, asked = portfolio.rows, portfolio.form.wanted
            record_list(request.user, "center-city-list", row_count=len(rows), asked=asked)
            return Response(CityRowSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="center_cities_create", request=NewCitySerializer, responses={201: FoundedSerializer}
    )
    def post(self, request: Request) -> Response:
        """Found a city, give it its place in a cohort, invite its first manager: each in a step of its own.

        The same city sent twice by the same person is gone on with, and answered with 200.
        """
        facts = valid(NewCitySerializer, request)
        steps = {name: facts.pop(name) for name in ("manager_email", "manager_name")}
        cohort_id = facts.pop("cohort", None)
        if cohort_id is not None:
            self._require_cohort(request, cohort_id)
        founding = found_in_steps(facts, actor=request.user, cohort_id=cohort_id, **steps)  # type: ignore[arg-type]
        made = status.HTTP_201_CREATED if founding.is_new else status.HTTP_200_OK
        return Response(FoundedSerializer(founding).data, status=made)

    def _require_cohort(self, request: Request, cohort_id: Any) -> None:
        with center_scope(request.user):
            if not Cohort.objects.filter(pk=cohort_id).exists():
                raise serializers.ValidationError({"cohort": ["There is no such cohort."]})


class CityDetail(APIView):
    """One city, by its web name or id."""

    in_steps = True
    rules = {"GET": can_see_center, "PATCH": can_run_program}

    @extend_schema(operation_id="center_cities_retrieve", responses=CityRecordSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Return one city's numbers, calls and audit trail."""
        return Response(CityRecordSerializer(self._record(request, city_or_404(slug))).data)

    @extend_schema(
        operation_id="center_cities_update",
        request=FactsSerializer(partial=True),
        responses=CityRecordSerializer,
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change the facts that the Center owns; what isn't sent stays."""
        city = city_or_404(slug)
        facts = valid(FactsSerializer, request, partial=True)
        with city_scope(city):
            change_city_facts(city.pk, actor=request.user, **facts)  # type: ignore[arg-type]
        return Response(CityRecordSerializer(self._record(request, city_or_404(slug))).data)

    def _record(self, request: Request, city: City) -> CityRecord:
        with center_scope(request.user):
            record_opening(request.user, "center-city-detail", city_id=city.pk)
            return city_record(city, timezone.now())
