"""Payments and exceptions of all cities over the API. Nothing here changes anything of a city's."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.audit.readings import record_list, record_opening
from grants.payments.states import Method, ReceiptStatus, Status
from grants.programs.api import valid
from grants.programs.permissions import can_see_center
from grants.programs.queries import center_row

from .disbursements import ORDERS, DisbursementList, marks_of
from .documents import KINDS, request_export
from .exceptions import ExceptionFilter, Kind
from .following import Followed, disbursements_everywhere, follow
from .marks import Mark

FILTERS = [
    OpenApiParameter("q", str, description="Reference, part of a payee, or a voucher number."),
    OpenApiParameter("city", str, description="A city's web name."),
    OpenApiParameter("status", str, enum=Status.values),
    OpenApiParameter("method", str, enum=Method.values),
    OpenApiParameter("kind", str, enum=["any", *Mark.values], description="Kind of exception."),
    OpenApiParameter(
        "dated", str, enum=["paid"], description="Days are those of the payment, else of the request."
    ),
    OpenApiParameter("since", OpenApiTypes.DATE),
    OpenApiParameter("until", OpenApiTypes.DATE),
    OpenApiParameter("least", str, description="In major units, like 100.00."),
    OpenApiParameter("most", str, description="In major units, like 500.00."),
]
PAGING = [
    OpenApiParameter("sort", str, description=f"{', '.join(ORDERS)}; with a minus for falling."),
    OpenApiParameter("after", str),
    OpenApiParameter("before", str),
]


class CenterSumsSerializer(serializers.Serializer[Any]):
    """Sums over the whole filter in one currency, in its minor units."""

    currency = serializers.CharField()
    count = serializers.IntegerField()
    cents = serializers.IntegerField()
    paid_cents = serializers.IntegerField()
    unproved_cents = serializers.IntegerField()


class CenterCitySumsSerializer(serializers.Serializer[Any]):
    city = serializers.CharField(source="city__slug")
    name = serializers.CharField(source="city__name")
    currency = serializers.CharField()
    count = serializers.IntegerField()
    cents = serializers.IntegerField()


class CenterCardSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(source="mark", choices=Mark.choices)
    count = serializers.IntegerField()
    cents = serializers.DictField(child=serializers.IntegerField(), help_text="By currency.")


class CenterDisbursementSerializer(serializers.Serializer[Any]):
    """One payment of a city. Amounts are minor units of its currency."""

    id = serializers.UUIDField()
    reference = serializers.SerializerMethodField()
    city = serializers.CharField(source="city__slug")
    title = serializers.CharField(source="award__title")
    payee_name = serializers.CharField()
    amount_cents = serializers.IntegerField()
    currency = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    method = serializers.ChoiceField(choices=Method.choices)
    requested_by = serializers.CharField(source="requester")
    requested_at = serializers.DateTimeField()
    approved_by = serializers.CharField(source="approver", allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    recorded_by = serializers.CharField(source="recorder", allow_blank=True)
    recorded_at = serializers.DateTimeField(allow_null=True)
    paid_on = serializers.DateField(allow_null=True)
    voucher_number = serializers.CharField(allow_blank=True)
    unproved_cents = serializers.IntegerField(help_text="What no accepted receipt and no return covers.")
    exceptions = serializers.SerializerMethodField()

    def get_reference(self, row: dict[str, Any]) -> str:
        return f"{row['award__reference']}/{row['number']}"

    @extend_schema(responses=serializers.ListField(child=serializers.ChoiceField(Mark.choices)))
    def get_exceptions(self, row: dict[str, Any]) -> list[str]:
        return [str(mark) for mark in marks_of(row)]


class CenterDisbursementsSerializer(serializers.Serializer[Any]):
    """One page of payments, and the sums of the whole filter."""

    as_of = serializers.DateTimeField()
    totals = CenterSumsSerializer(many=True)
    by_city = CenterCitySumsSerializer(many=True)
    cards = CenterCardSerializer(many=True)
    after = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    results = CenterDisbursementSerializer(many=True)


class CenterEntrySerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(source="entry.kind")
    amount_cents = serializers.IntegerField(source="entry.amount_cents")
    occurred_on = serializers.DateField(source="entry.occurred_on")
    posted_at = serializers.DateTimeField(source="entry.posted_at")
    sides = serializers.SerializerMethodField()

    @extend_schema(responses=serializers.DictField(child=serializers.IntegerField()))
    def get_sides(self, posted: Any) -> dict[str, int]:
        return {side.account.kind: side.cents for side in posted.sides}


class CenterEventSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(source="event.created_at")
    tag = serializers.CharField(source="event.tag")
    words = serializers.CharField()
    seal = serializers.IntegerField(source="seal.seq", default=None, allow_null=True)
    hash = serializers.CharField(source="seal.hash", default="")


class CenterReceiptSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=ReceiptStatus.choices)
    vendor = serializers.CharField()
    bought_on = serializers.DateField()
    amount_cents = serializers.IntegerField()
    accepted_cents = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    possible_duplicate_of = serializers.UUIDField(source="possible_duplicate_of_id", allow_null=True)


class CenterTrancheSerializer(serializers.Serializer[Any]):
    grant = serializers.CharField(source="program_grant.reference")
    number = serializers.IntegerField()
    amount_cents = serializers.IntegerField()
    currency = serializers.CharField()
    sent_on = serializers.DateField()


class CenterFollowedSerializer(serializers.Serializer[Any]):
    """One payment with all that stands behind it."""

    id = serializers.UUIDField(source="disbursement.pk")
    reference = serializers.CharField(source="disbursement.reference")
    status = serializers.CharField(source="disbursement.status")
    amount_cents = serializers.IntegerField(source="disbursement.amount_cents")
    currency = serializers.CharField(source="disbursement.currency")
    award = serializers.UUIDField(source="disbursement.award_id")
    application = serializers.UUIDField(source="disbursement.award.application_id")
    exceptions = serializers.ListField(source="marks", child=serializers.ChoiceField(Mark.choices))
    unproved_cents = serializers.IntegerField()
    answers = serializers.SerializerMethodField(help_text="As submitted, by question.")
    entries = CenterEntrySerializer(source="books", many=True)
    events = CenterEventSerializer(source="trail", many=True)
    receipts = CenterReceiptSerializer(many=True)
    tranches = CenterTrancheSerializer(many=True)

    @extend_schema(responses=serializers.DictField())
    def get_answers(self, found: Followed) -> dict[str, Any]:
        return {each.question.key: each.value for shown in found.dossier.sections for each in shown.questions}


class CenterExceptionSerializer(serializers.Serializer[Any]):
    city = serializers.CharField()
    reference = serializers.CharField(source="label")
    detail = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    cents = serializers.IntegerField()
    currency = serializers.CharField()


class CenterExceptionsSerializer(serializers.Serializer[Any]):
    """One kind of exception: count, sums, and some of its rows, oldest first; ``more`` come after them."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    count = serializers.IntegerField()
    cents = serializers.DictField(child=serializers.IntegerField(), help_text="By currency.")
    lines = CenterExceptionSerializer(many=True)
    more = serializers.IntegerField()


class ExportSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=[(name, name) for name in KINDS])


class ExportedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the document; its progress is at /api/v1/center/documents/.")
    status = serializers.CharField()


class CenterDisbursements(APIView):
    """Payments of all cities."""

    rules = {"GET": can_see_center}

    @extend_schema(
        operation_id="center_disbursements_list",
        parameters=[*FILTERS, *PAGING],
        responses=CenterDisbursementsSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the payments of the filter, with sums per currency and city over the whole of it."""
        found = DisbursementList(request.query_params, timezone.now(), center_row())
        rows, asked = found.page.rows, found.form.parameters
        record_list(request.user, "center-disbursement-list", row_count=len(rows), asked=asked)
        answer = {
            "as_of": found.sums.as_of,
            "totals": found.sums.totals,
            "by_city": found.sums.by_city,
            "cards": found.sums.cards,
            "after": found.page.after,
            "before": found.page.before,
            "results": rows,
        }
        return Response(CenterDisbursementsSerializer(answer).data)


class CenterDisbursement(APIView):
    """One payment of a city."""

    rules = {"GET": can_see_center}

    @extend_schema(operation_id="center_disbursements_retrieve", responses=CenterFollowedSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a payment with award, answers, books, trail, receipts and the Center's money."""
        disbursement = disbursements_everywhere().filter(pk=pk).first()
        if disbursement is None:
            raise Http404
        found = follow(disbursement, timezone.now().astimezone(center_row().zone).date())
        record_opening(
            request.user, "center-disbursement-detail", city_id=disbursement.city_id, subject=disbursement
        )
        return Response(CenterFollowedSerializer(found).data)


class CenterExceptions(APIView):
    """Exceptions of all cities."""

    rules = {"GET": can_see_center}

    @extend_schema(
        operation_id="center_exceptions_list",
        parameters=[
            OpenApiParameter("kind", str, enum=Kind.values, description="Only this kind, page by page."),
            OpenApiParameter("page", int, description="Of one kind, counted from 1."),
        ],
        responses=CenterExceptionsSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return every kind of exception with count, sums and its oldest rows; or one kind, page by page."""
        form = ExceptionFilter(request.query_params)
        groups = form.read(timezone.now(), center_row())
        row_count = sum(len(one.lines) for one in groups)
        record_list(request.user, "center-exception-list", row_count=row_count, asked=form.asked)
        return Response(CenterExceptionsSerializer(groups, many=True).data)


class CenterExports(APIView):
    """Files of payments."""

    rules = {"POST": can_see_center}

    @extend_schema(
        operation_id="center_disbursements_export",
        parameters=FILTERS,
        request=ExportSerializer,
        responses={202: ExportedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Have the whole filter made as XLSX or CSV."""
        wanted = valid(ExportSerializer, request)
        document = request_export(wanted["format"], request.query_params, actor=request.user)
        return Response(ExportedSerializer(document).data, status=status.HTTP_202_ACCEPTED)
