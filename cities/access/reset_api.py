"""Lost second steps over the API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.audit.readings import record_list
from cities.tenancy.scopes import city_scope

from .models import FactorReset
from .permissions import can_answer_reset, can_manage_team
from .queries import people_here
from .reset_views import all_open, answer, open_at_center
from .resets import ask_factor_reset, open_resets
from .rules import fetch_or_404, is_officer


class ResetSerializer(serializers.ModelSerializer[FactorReset]):
    city = serializers.CharField(source="city.name", read_only=True)
    person = serializers.CharField(source="person.name", read_only=True)
    asked_by = serializers.CharField(source="asked_by.name", read_only=True)

    class Meta:
        model = FactorReset
        fields = ("id", "city", "person", "person_id", "asked_by", "asked_at", "reason")


class NewResetSerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField()
    reason = serializers.CharField(max_length=300)


class AnswerSerializer(serializers.Serializer[Any]):
    answer = serializers.ChoiceField(["approve", "refuse"])


class Resets(APIView):
    """What was asked in the city and isn't answered."""

    rules = {"GET": can_manage_team, "POST": can_manage_team}

    @extend_schema(responses=ResetSerializer(many=True), operation_id="factor_resets_list")
    def get(self, request: Request, city: str) -> Response:
        rows = open_resets().select_related("person", "asked_by", "city").order_by("asked_at")
        return Response(ResetSerializer(rows, many=True).data)

    @extend_schema(
        request=NewResetSerializer, responses={201: ResetSerializer}, operation_id="factor_resets_create"
    )
    def post(self, request: Request, city: str) -> Response:
        """Ask for a member; a second person has to approve."""
        shape = NewResetSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        person = fetch_or_404(people_here, shape.validated_data["person"])
        reset = ask_factor_reset(person.pk, reason=shape.validated_data["reason"], actor=request.user)  # type: ignore[arg-type]
        return Response(ResetSerializer(reset).data, status=status.HTTP_201_CREATED)


class ResetAnswer(APIView):
    """A second manager's answer."""

    rules = {"POST": can_answer_reset}

    def get_ruled_object(self) -> Any:
        return fetch_or_404(open_resets, self.kwargs["pk"])

    @extend_schema(request=AnswerSerializer, responses={204: None}, operation_id="factor_resets_answer")
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        shape = AnswerSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        answer(pk, shape.validated_data["answer"], actor=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)


class CenterResets(APIView):
    """What waits for an answer, in all cities."""

    rules = {"GET": is_officer}

    @extend_schema(responses=ResetSerializer(many=True), operation_id="center_factor_resets_list")
    def get(self, request: Request) -> Response:
        rows = list(all_open())
        record_list(request.user, "api-center-reset-list", row_count=len(rows))
        return Response(ResetSerializer(rows, many=True).data)


class CenterResetAnswer(APIView):
    """The Center's answer."""

    in_steps = True
    rules = {"POST": is_officer}

    @extend_schema(
        request=AnswerSerializer, responses={204: None}, operation_id="center_factor_resets_answer"
    )
    def post(self, request: Request, pk: UUID) -> Response:
        shape = AnswerSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        reset = open_at_center(request.user, pk)  # type: ignore[arg-type]
        with city_scope(reset.city_id):
            answer(pk, shape.validated_data["answer"], actor=request.user, by_center=True)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)
