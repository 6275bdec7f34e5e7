"""Program grants and tranches, at the Center's door. Each deed runs under an idempotency key."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.audit.readings import record_list, record_opening
from cities.interface.days import DayShape
from grants.ledger.api import IDEMPOTENCY_KEY
from grants.ledger.once import Answer, Call, once
from grants.programs.actions import grant_program, send_tranche
from grants.programs.forms import MOST_CENTS
from grants.programs.giving import Giving
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import city_or_404, fundings_given

from . import valid

REFUSALS = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class NewGrantSerializer(serializers.Serializer[Any]):
    """A program grant to be made. ``amount_cents`` are minor units of the city's own currency."""

    city = serializers.CharField(help_text="The city’s web name or id.")
    amount_cents = serializers.IntegerField(min_value=1, max_value=MOST_CENTS)
    currency = serializers.CharField(min_length=3, max_length=3)
    starts_on = DayShape()
    ends_on = DayShape()
    reference = serializers.CharField(max_length=40)
    purpose = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    cohort_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class GivenSerializer(serializers.Serializer[Any]):
    """A program grant with the city's answer to it."""

    id = serializers.UUIDField(source="pk")
    reference = serializers.CharField()
    city = serializers.CharField(source="recipient.slug")
    amount_cents = serializers.IntegerField()
    currency = serializers.CharField()
    sent_cents = serializers.IntegerField()
    confirmed_cents = serializers.IntegerField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    unconfirmed_since = serializers.DateField(allow_null=True)


class CurrencyTotalSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    count = serializers.IntegerField()
    granted_cents = serializers.IntegerField()
    sent_cents = serializers.IntegerField()
    confirmed_cents = serializers.IntegerField()
    unconfirmed_cents = serializers.IntegerField()


class GivingSerializer(serializers.Serializer[Any]):
    """A page of program grants; totals are of the whole filter."""

    totals = CurrencyTotalSerializer(many=True)
    next_page = serializers.IntegerField(allow_null=True)
    results = GivenSerializer(many=True, source="page")


class SentSerializer(serializers.Serializer[Any]):
    """A tranche, and what the city confirmed."""

    id = serializers.UUIDField(source="tranche.pk")
    number = serializers.IntegerField(source="tranche.number")
    amount_cents = serializers.IntegerField(source="tranche.amount_cents")
    sent_on = serializers.DateField(source="tranche.sent_on")
    bank_reference = serializers.CharField(source="tranche.bank_reference")
    received_on = serializers.DateField(source="receipt.received_on", allow_null=True, default=None)
    confirmed_at = serializers.DateTimeField(source="receipt.confirmed_at", allow_null=True, default=None)


class GrantSerializer(serializers.Serializer[Any]):
    """One program grant with its tranches."""

    id = serializers.UUIDField(source="grant.pk")
    reference = serializers.CharField(source="grant.reference")
    city = serializers.CharField(source="grant.recipient.slug")
    purpose = serializers.CharField(source="grant.purpose")
    amount_cents = serializers.IntegerField(source="grant.amount_cents")
    currency = serializers.CharField(source="grant.currency")
    starts_on = serializers.DateField(source="grant.starts_on")
    ends_on = serializers.DateField(source="grant.ends_on")
    sent_cents = serializers.IntegerField(source="grant.sent_cents")
    confirmed_cents = serializers.IntegerField()
    accepted_at = serializers.DateTimeField(source="acceptance.accepted_at", allow_null=True, default=None)
    tranches = SentSerializer(many=True)


class NewTrancheSerializer(serializers.Serializer[Any]):
    amount_cents = serializers.IntegerField(min_value=1, max_value=MOST_CENTS)
    sent_on = DayShape()
    bank_reference = serializers.CharField(max_length=60)


class MadeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class GrantList(APIView):
    """Program grants, and new ones."""

    rules = {"GET": can_see_center, "POST": can_run_program}

    @extend_schema(
        operation_id="center_grants_list",
        parameters=[
            OpenApiParameter("q", str, description="Part of the city’s name or of the reference."),
            OpenApiParameter("state", str, enum=["waiting", "unconfirmed", "unsent"]),
            OpenApiParameter("currency", str),
            OpenApiParameter("page", int),
        ],
        responses=GivingSerializer,
    )
    def get(self, request: Request) -> Response:
        """List program grants, newest first, with totals per currency."""
        giving = Giving(request.query_params)
        record_list(
            request.user,
            "center-grant-list",
            row_count=sum(total.count for total in giving.totals),
            asked=giving.form.wanted,
        )
        return Response(GivingSerializer(giving).data)

    @extend_schema(
        operation_id="center_grants_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewGrantSerializer,
        responses={201: MadeSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Grant money to a city, in its own currency."""
        wanted = valid(NewGrantSerializer, request)
        try:
            recipient = city_or_404(wanted.pop("city"))
        except Http404:
            raise serializers.ValidationError({"city": ["There is no such city."]}) from None

        def deed() -> Answer:
            made = grant_program(recipient_id=recipient.pk, actor=request.user, **wanted)  # type: ignore[arg-type]
            return {"id": str(made.pk)}

        made = once(Call.of_api(request, "grant:create"), deed)
        return Response(MadeSerializer(made).data, status=status.HTTP_201_CREATED)


class GrantDetail(APIView):
    rules = {"GET": can_see_center}

    @extend_schema(operation_id="center_grants_retrieve", responses=GrantSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a program grant with its tranches and what the city confirmed."""
        found = fundings_given(pk=pk)
        if not found:
            raise Http404
        grant = found[0].grant
        record_opening(request.user, "center-grant-detail", city_id=grant.recipient_id, subject=grant)
        return Response(GrantSerializer(found[0]).data)


class Tranches(APIView):
    rules = {"POST": can_run_program}

    @extend_schema(
        operation_id="center_tranches_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewTrancheSerializer,
        responses={201: MadeSerializer, **REFUSALS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Record money that was sent to the city."""
        if not fundings_given(pk=pk):
            raise Http404
        wanted = valid(NewTrancheSerializer, request)

        def deed() -> Answer:
            return {"id": str(send_tranche(pk, actor=request.user, **wanted).pk)}  # type: ignore[arg-type]

        made = once(Call.of_api(request, "tranche:send"), deed)
        return Response(MadeSerializer(made).data, status=status.HTTP_201_CREATED)
