"""Receipts: sent by grantees as multipart, decided by the desk."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404, is_signed_in
from cities.interface.days import DayShape
from grants.payments.actions import NewReceipt, decide_receipt, remove_receipt, undo_receipt_decision
from grants.payments.carrying import by_api
from grants.payments.models import Receipt
from grants.payments.permissions import can_decide, can_remove, can_see_payments, can_see_picture, person
from grants.payments.queries import (
    RECEIPT_TABS,
    ReceiptQueue,
    receipts_of_every_status,
    receipts_with_award,
)
from grants.payments.states import ReceiptStatus
from grants.payments.uploading import receive_receipt

from . import KEY, AnswerSerializer, money_call, valid


class ReceiptSerializer(serializers.Serializer[Any]):
    """One receipt, as grantee and desk see it. Amounts in minor units."""

    id = serializers.UUIDField()
    award = serializers.UUIDField(source="award_id")
    status = serializers.ChoiceField(ReceiptStatus.choices)
    vendor = serializers.CharField()
    bought_on = serializers.DateField()
    amount_cents = serializers.IntegerField()
    accepted_cents = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    what = serializers.CharField()
    category = serializers.CharField()
    content_type = serializers.CharField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class ReceiptRowSerializer(serializers.Serializer[Any]):
    """One row of the queue."""

    id = serializers.UUIDField()
    award = serializers.UUIDField(source="award_id")
    award_reference = serializers.CharField(source="award__reference")
    status = serializers.ChoiceField(ReceiptStatus.choices)
    vendor = serializers.CharField()
    bought_on = serializers.DateField()
    amount_cents = serializers.IntegerField()
    accepted_cents = serializers.IntegerField(allow_null=True)
    uploaded_at = serializers.DateTimeField()
    is_possible_duplicate = serializers.SerializerMethodField()

    def get_is_possible_duplicate(self, row: dict[str, Any]) -> bool:
        return row["possible_duplicate_of_id"] is not None


class ReceiptPageSerializer(serializers.Serializer[Any]):
    """A page of the queue; count and sum are of the whole tab."""

    count = serializers.IntegerField()
    amount_cents = serializers.IntegerField()
    currency = serializers.CharField()
    after = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    results = ReceiptRowSerializer(many=True)


class NewReceiptSerializer(serializers.Serializer[Any]):
    """A receipt with its picture: a photo (JPEG, PNG, HEIC, WebP) or a PDF."""

    file = serializers.FileField()
    vendor = serializers.CharField(max_length=120)
    bought_on = DayShape()
    amount_cents = serializers.IntegerField(min_value=1)
    what = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    category = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class DecisionSerializer(serializers.Serializer[Any]):
    """How much is accepted. Anything but the whole needs a reason, which the grantee reads."""

    accepted_cents = serializers.IntegerField(min_value=0)
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class Receipts(APIView):
    """The desk's queue."""

    rules: ClassVar[dict[str, Any]] = {"GET": can_see_payments}

    @extend_schema(
        operation_id="receipts_list",
        parameters=[
            OpenApiParameter("tab", str, enum=list(RECEIPT_TABS)),
            OpenApiParameter("after", str),
            OpenApiParameter("before", str),
        ],
        responses=ReceiptPageSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        """Receipts of the city; those to decide, the longest-waiting first, unless another tab is asked for."""
        queue = ReceiptQueue(request.user, request._request.city, request.query_params)  # type: ignore[attr-defined]
        body = {
            "count": queue.total.count,
            "amount_cents": queue.total.cents,
            "currency": queue.city.currency,
            "after": queue.page.after,
            "before": queue.page.before,
            "results": queue.page.rows,
        }
        return Response(ReceiptPageSerializer(body).data)


class AwardReceipts(APIView):
    """Uploads, in steps: no transaction is open while the photo is read and stored. The steps ask who may."""

    rules: ClassVar[dict[str, Any]] = {"POST": is_signed_in}
    parser_classes = [MultiPartParser]
    in_steps = True

    @extend_schema(
        operation_id="receipts_add",
        parameters=[KEY],
        request={"multipart/form-data": NewReceiptSerializer},
        responses={201: AnswerSerializer, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Add a receipt to your award. Photos lose their metadata."""
        wanted = valid(NewReceiptSerializer, request)
        tenant = request._request.city  # type: ignore[attr-defined]
        file, key = wanted.pop("file"), request.headers.get("Idempotency-Key", "")
        receipt = receive_receipt(tenant, pk, NewReceipt(**wanted), file, key=key, actor=person(request))
        body = {"id": receipt, "status": ReceiptStatus.SUBMITTED}
        return Response(AnswerSerializer(body).data, status=201)


class OneReceipt(APIView):
    """Base of what concerns one receipt of this city."""

    @cached_property
    def receipt(self) -> Receipt:
        rows = receipts_of_every_status if self.request.method == "DELETE" else receipts_with_award
        found: Receipt = fetch_or_404(rows, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Any:
        return self.receipt


class ReceiptDetail(OneReceipt):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_picture, "DELETE": can_remove}

    @extend_schema(operation_id="receipts_read", responses=ReceiptSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """One receipt, for the grantee and the desk."""
        return Response(ReceiptSerializer(self.receipt).data)

    @extend_schema(
        operation_id="receipts_remove",
        request=None,
        responses={200: ReceiptSerializer, 409: OpenApiTypes.OBJECT},
    )
    def delete(self, request: Request, city: str, pk: UUID) -> Response:
        """Take a receipt back that isn't accepted. To take it back again is a success."""
        return Response(ReceiptSerializer(remove_receipt(pk, actor=person(request))).data)


class Decision(OneReceipt):
    rules: ClassVar[dict[str, Any]] = {"POST": can_decide}

    @money_call("receipts_decide", DecisionSerializer)
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Accept a receipt in whole, in part or not at all. The grantee is told."""
        wanted = valid(DecisionSerializer, request)
        answer = by_api(
            request, "receipt:decide", lambda: decide_receipt(pk, actor=person(request), **wanted)
        )
        return Response(AnswerSerializer(answer).data)


class Undoing(OneReceipt):
    rules: ClassVar[dict[str, Any]] = {"POST": can_decide}

    @money_call("receipts_undo")
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Take a decision back, by a reversing entry."""
        answer = by_api(request, "receipt:undo", lambda: undo_receipt_decision(pk, actor=person(request)))
        return Response(AnswerSerializer(answer).data)
