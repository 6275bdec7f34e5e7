"""Deputies: named by a city, answered by the Center."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.audit.readings import record_list
from cities.tenancy.scopes import city_scope
from grants.payments.actions import approve_deputy, end_deputy, nominate_deputy
from grants.payments.models import Deputy
from grants.payments.permissions import (
    can_answer_deputies,
    can_end_deputy,
    can_name_deputies,
    can_see_deputies_of_all,
    can_see_payments,
    person,
)
from grants.payments.states import Seat
from grants.payments.views.deputies import deputies_with_people, find_deputy

from . import valid

MOST = 500


class DeputySerializer(serializers.Serializer[Any]):
    """Somebody who takes a seat at payments, once ``approved_at`` and until ``ended_at``."""

    id = serializers.UUIDField()
    city = serializers.UUIDField(source="city_id")
    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField(source="person.name")
    seat = serializers.ChoiceField(Seat.choices)
    reason = serializers.CharField()
    nominated_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class NewDeputySerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField()
    seat = serializers.ChoiceField(Seat.choices)
    reason = serializers.CharField(max_length=300)


class EndSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class Deputies(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_payments, "POST": can_name_deputies}

    @extend_schema(operation_id="deputies_list", responses=DeputySerializer(many=True))
    def get(self, request: Request, city: str) -> Response:
        """Deputies of the city, newest first."""
        rows = deputies_with_people().order_by("-nominated_at", "-id")[:MOST]
        return Response(DeputySerializer(rows, many=True).data)

    @extend_schema(
        operation_id="deputies_nominate",
        request=NewDeputySerializer,
        responses={201: DeputySerializer, 422: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, city: str) -> Response:
        """Name somebody of the desk for a seat. It counts once the Center has approved it."""
        wanted = valid(NewDeputySerializer, request)
        deputy = nominate_deputy(
            person_id=wanted["person"], seat=wanted["seat"], reason=wanted["reason"], actor=person(request)
        )
        return Response(DeputySerializer(deputy).data, status=201)


class DeputyDetail(APIView):
    rules: ClassVar[dict[str, Any]] = {"DELETE": can_end_deputy}

    @cached_property
    def deputy(self) -> Deputy:
        found: Deputy = fetch_or_404(deputies_with_people, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Any:
        return self.deputy

    @extend_schema(
        operation_id="deputies_end", request=None, responses={200: DeputySerializer, 409: OpenApiTypes.OBJECT}
    )
    def delete(self, request: Request, city: str, pk: UUID) -> Response:
        """End a deputy. What they did stays."""
        return Response(DeputySerializer(end_deputy(pk, actor=person(request))).data)


class CenterDeputies(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_deputies_of_all}

    @extend_schema(operation_id="center_deputies_list", responses=DeputySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Deputies of all cities, newest first."""
        rows = list(deputies_with_people().order_by("-nominated_at", "-id")[:MOST])
        record_list(request.user, "center-deputy-list", row_count=len(rows))
        return Response(DeputySerializer(rows, many=True).data)


class CenterDeputyApproval(APIView):
    """In steps: the right is read at the Center, the deed runs in the city."""

    rules: ClassVar[dict[str, Any]] = {"POST": can_answer_deputies}
    in_steps = True

    @extend_schema(
        operation_id="center_deputies_approve",
        request=None,
        responses={200: DeputySerializer, 409: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Approve a deputy."""
        with city_scope(find_deputy(person(request), pk).city_id):
            return Response(DeputySerializer(approve_deputy(pk, actor=person(request))).data)


class CenterDeputyDetail(APIView):
    """In steps: the right is read at the Center, the deed runs in the city."""

    rules: ClassVar[dict[str, Any]] = {"DELETE": can_answer_deputies}
    in_steps = True

    @extend_schema(
        operation_id="center_deputies_refuse",
        request=EndSerializer,
        responses={200: DeputySerializer, 409: OpenApiTypes.OBJECT},
    )
    def delete(self, request: Request, pk: UUID) -> Response:
        """Refuse a deputy, or end one who was approved."""
        wanted = valid(EndSerializer, request)
        with city_scope(find_deputy(person(request), pk).city_id):
            return Response(
                DeputySerializer(end_deputy(pk, reason=wanted["reason"], actor=person(request))).data
            )
