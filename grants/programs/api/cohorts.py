"""Cohorts and their cities, at the Center's door."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.interface.days import DayShape
from grants.programs.actions import change_cohort, create_cohort, join_cohort, leave_cohort
from grants.programs.forms import MOST_CENTS
from grants.programs.models import Cohort
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import city_or_404, cohorts_with_counts, places

from . import valid


class CohortSerializer(serializers.Serializer[Any]):
    """A group of cities that the Center funds together. Amounts are US cents."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=80)
    starts_on = DayShape(required=False, allow_null=True)
    ends_on = DayShape(required=False, allow_null=True)
    grant_cents = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_CENTS, help_text="For each city, in US cents."
    )


class CohortRowSerializer(CohortSerializer):
    city_count = serializers.IntegerField(read_only=True)


class CohortPlaceSerializer(serializers.Serializer[Any]):
    """A city's place in a cohort."""

    slug = serializers.SlugField(source="city.slug")
    name = serializers.CharField(source="city.name")
    region = serializers.CharField(source="city.region")
    joined_at = serializers.DateTimeField()


class CohortDetailSerializer(CohortSerializer):
    cities = serializers.SerializerMethodField()

    @extend_schema(responses=CohortPlaceSerializer(many=True))
    def get_cities(self, cohort: Cohort) -> list[dict[str, Any]]:
        return [dict(row) for row in CohortPlaceSerializer(places(cohort), many=True).data]


class JoinSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(help_text="The city’s web name or id.")


class CohortList(APIView):
    """All cohorts, and new ones."""

    rules = {"GET": can_see_center, "POST": can_run_program}

    @extend_schema(operation_id="center_cohorts_list", responses=CohortRowSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """List the cohorts, newest first, with how many cities each has."""
        return Response(CohortRowSerializer(cohorts_with_counts(), many=True).data)

    @extend_schema(
        operation_id="center_cohorts_create",
        request=CohortSerializer,
        responses={201: CohortDetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make a cohort."""
        cohort = create_cohort(actor=request.user, **valid(CohortSerializer, request))  # type: ignore[arg-type]
        return Response(CohortDetailSerializer(cohort).data, status=status.HTTP_201_CREATED)


class CohortDetail(APIView):
    """One cohort with its cities."""

    rules = {"GET": can_see_center, "PATCH": can_run_program}

    @extend_schema(operation_id="center_cohorts_retrieve", responses=CohortDetailSerializer)
    def get(self, _request: Request, pk: UUID) -> Response:
        """Return a cohort with its cities."""
        return Response(CohortDetailSerializer(fetch_or_404(Cohort, pk)).data)

    @extend_schema(
        operation_id="center_cohorts_update",
        request=CohortSerializer(partial=True),
        responses=CohortDetailSerializer,
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change a cohort; what isn't sent stays."""
        fetch_or_404(Cohort, pk)
        cohort = change_cohort(pk, actor=request.user, **valid(CohortSerializer, request, partial=True))  # type: ignore[arg-type]
        return Response(CohortDetailSerializer(cohort).data)


class CohortCities(APIView):
    """The places in a cohort."""

    rules = {"POST": can_run_program}

    @extend_schema(
        operation_id="center_cohorts_join", request=JoinSerializer, responses={201: CohortDetailSerializer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Give a city its place in the cohort. 409 if it has it already."""
        cohort = fetch_or_404(Cohort, pk)
        try:
            city = city_or_404(valid(JoinSerializer, request)["city"])
        except Http404:
            raise serializers.ValidationError({"city": ["There is no such city."]}) from None
        join_cohort(pk, city_id=city.pk, actor=request.user)  # type: ignore[arg-type]
        return Response(CohortDetailSerializer(cohort).data, status=status.HTTP_201_CREATED)


class CohortCity(APIView):
    """One city's place in a cohort."""

    rules = {"DELETE": can_run_program}

    @extend_schema(operation_id="center_cohorts_leave", responses={204: None})
    def delete(self, request: Request, pk: UUID, slug: str) -> Response:
        """Take a city out of the cohort; the city itself stays as it is. 409 if it isn't in it."""
        fetch_or_404(Cohort, pk)
        leave_cohort(pk, city_id=city_or_404(slug).pk, actor=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)
