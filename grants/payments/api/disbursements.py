"""Payments: the queue, one payment, and what is done to it."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.interface.days import DayShape
from grants.payments.actions import (
    approve_disbursement,
    record_payment,
    refuse_disbursement,
    request_disbursement,
    void_disbursement,
)
from grants.payments.carrying import by_api
from grants.payments.models import Disbursement
from grants.payments.permissions import (
    can_approve,
    can_record,
    can_refuse,
    can_request,
    can_request_here,
    can_see_disbursement,
    can_see_payments,
    can_void,
    person,
)
from grants.payments.queries import PAYMENT_TABS, PaymentQueue, awards_with_cycle, before_deed, with_award
from grants.payments.states import Method, Status, VoidCause
from grants.payments.table import seats_at

from . import AnswerSerializer, ReasonSerializer, money_call, valid


class PaymentRowSerializer(serializers.Serializer[Any]):
    """One row of the queue."""

    id = serializers.UUIDField()
    award = serializers.UUIDField(source="award_id")
    award_reference = serializers.CharField(source="award__reference")
    number = serializers.IntegerField()
    status = serializers.ChoiceField(Status.choices)
    amount_cents = serializers.IntegerField()
    currency = serializers.CharField()
    payee_name = serializers.CharField()
    method = serializers.ChoiceField(Method.choices)
    purpose = serializers.CharField()
    requested_at = serializers.DateTimeField()
    paid_on = serializers.DateField(allow_null=True)
    voucher_number = serializers.CharField()


class PaymentPageSerializer(serializers.Serializer[Any]):
    """A page of the queue; count and sum are of the whole filter: on ``all`` of any status, also refused and voided."""

    count = serializers.IntegerField()
    amount_cents = serializers.IntegerField()
    currency = serializers.CharField()
    after = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    results = PaymentRowSerializer(many=True)


class NewPaymentSerializer(serializers.Serializer[Any]):
    award = serializers.UUIDField()
    amount_cents = serializers.IntegerField(min_value=1)
    payee_name = serializers.CharField(max_length=160)
    method = serializers.ChoiceField(Method.choices)
    purpose = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class RecordSerializer(serializers.Serializer[Any]):
    paid_on = DayShape()
    voucher_number = serializers.CharField(max_length=60)


class VoidSerializer(ReasonSerializer):
    cause = serializers.ChoiceField(
        VoidCause.choices,
        default=VoidCause.NEVER_ARRIVED,
        help_text="Whether the money never arrived, or did and was recorded wrongly: the grantee reads which.",
    )


class SeatSerializer(serializers.Serializer[Any]):
    """A seat at the payment: who took it and when, or who may take it and why you may not."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own label
    state = serializers.CharField()
    who = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    people = serializers.ListField(child=serializers.CharField())
    why_not = serializers.CharField()


class PaymentSerializer(serializers.ModelSerializer[Disbursement]):
    """One payment with its three seats."""

    reference = serializers.CharField()
    seats = SeatSerializer(many=True)

    class Meta:
        model = Disbursement
        fields = (
            "id", "reference", "award", "number", "status", "amount_cents", "currency", "payee_name", "method", "purpose",
            "paid_on", "voucher_number", "reason", "seats",
        )  # fmt: skip


PARAMETERS = [
    OpenApiParameter("tab", str, enum=list(PAYMENT_TABS)),
    OpenApiParameter("q", str, description="Words of payee or project, a reference, or a voucher number."),
    OpenApiParameter("method", str, enum=Method.values),
    OpenApiParameter("cycle", str, description="Web name of the call."),
    OpenApiParameter(
        "sort", str, description="requested, amount, payee or status; with a minus for falling."
    ),
    OpenApiParameter("after", str, description="Cursor of the page before."),
    OpenApiParameter("before", str),
]


class Payments(APIView):
    """The queue, and new payments."""

    rules: ClassVar[dict[str, Any]] = {"GET": can_see_payments, "POST": can_request_here}

    @extend_schema(operation_id="payments_list", parameters=PARAMETERS, responses=PaymentPageSerializer)
    def get(self, request: Request, city: str) -> Response:
        """Payments of the city; those that wait on you unless another tab is asked for."""
        queue = PaymentQueue(request.user, request._request.city, request.query_params)  # type: ignore[attr-defined]
        body = {
            "count": queue.total.count,
            "amount_cents": queue.total.cents,
            "currency": queue.city.currency,
            "after": queue.page.after,
            "before": queue.page.before,
            "results": queue.page.rows,
        }
        return Response(PaymentPageSerializer(body).data)

    @money_call("payments_request", NewPaymentSerializer, status=201)
    def post(self, request: Request, city: str) -> Response:
        """Request a payment on an accepted award."""
        wanted = valid(NewPaymentSerializer, request)
        award = fetch_or_404(awards_with_cycle, wanted.pop("award"))
        if not can_request(request.user, award):
            raise PermissionDenied
        answer = by_api(
            request,
            "payment:request",
            lambda: request_disbursement(award.pk, actor=person(request), **wanted),
        )
        return Response(AnswerSerializer(answer).data, status=201)


class PaymentDeed(APIView):
    """Base of what is done to one payment of this city."""

    def get_ruled_object(self) -> Any:
        payment = before_deed(self.kwargs["pk"])
        if payment is None:
            raise Http404
        return payment


class Payment(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_disbursement}

    @cached_property
    def payment(self) -> Disbursement:
        found: Disbursement = fetch_or_404(with_award, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Any:
        return self.payment

    @extend_schema(operation_id="payments_read", responses=PaymentSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """One payment: who took which seat, who may next, and why you may not."""
        row: Any = self.payment
        row.seats = seats_at(row, request.user)
        return Response(PaymentSerializer(row).data)


class Approval(PaymentDeed):
    rules: ClassVar[dict[str, Any]] = {"POST": can_approve}

    @money_call("payments_approve")
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Approve a payment, as the second person."""
        answer = by_api(request, "payment:approve", lambda: approve_disbursement(pk, actor=person(request)))
        return Response(AnswerSerializer(answer).data)


class Refusal(PaymentDeed):
    rules: ClassVar[dict[str, Any]] = {"POST": can_refuse}

    @money_call("payments_refuse", ReasonSerializer)
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Refuse a payment that isn't paid yet."""
        wanted = valid(ReasonSerializer, request)
        answer = by_api(
            request, "payment:refuse", lambda: refuse_disbursement(pk, actor=person(request), **wanted)
        )
        return Response(AnswerSerializer(answer).data)


class Recording(PaymentDeed):
    rules: ClassVar[dict[str, Any]] = {"POST": can_record}

    @money_call("payments_record", RecordSerializer)
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Record a payment as paid, as the third person. The grantee is told."""
        wanted = valid(RecordSerializer, request)
        answer = by_api(
            request, "payment:record", lambda: record_payment(pk, actor=person(request), **wanted)
        )
        return Response(AnswerSerializer(answer).data)


class Voiding(PaymentDeed):
    rules: ClassVar[dict[str, Any]] = {"POST": can_void}

    @money_call("payments_void", VoidSerializer)
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Take the record of a payment back, by a reversing entry."""
        wanted = valid(VoidSerializer, request)
        answer = by_api(
            request, "payment:void", lambda: void_disbursement(pk, actor=person(request), **wanted)
        )
        return Response(AnswerSerializer(answer).data)
