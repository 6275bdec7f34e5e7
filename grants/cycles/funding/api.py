"""The city's money over the API: the same deeds, each under an idempotency key."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.tenancy.models import City
from grants.cycles.models import Cycle
from grants.ledger.api import IDEMPOTENCY_KEY
from grants.ledger.once import Answer, Call, once
from grants.programs.actions import accept_grant, confirm_tranche
from grants.programs.models import ProgramGrant, Tranche

from .actions import allocate, deallocate
from .books import Books
from .permissions import can_accept_grant, can_confirm_tranche, can_fund_cycle, can_see_money
from .serializers import (
    AmountSerializer,
    BooksSerializer,
    ConfirmSerializer,
    DoneSerializer,
    MoneySerializer,
    money_body,
)
from .views import grants_received, tranches_received

REFUSALS = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


def _city(request: Request) -> City:
    city: City = request._request.city  # type: ignore[attr-defined]
    return city


def _valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    found: dict[str, Any] = checked.validated_data
    return found


def _answer(body: Answer) -> Response:
    return Response(DoneSerializer(body).data, status=status.HTTP_201_CREATED)


class MoneyOverview(APIView):
    rules = {"GET": can_see_money}

    @extend_schema(operation_id="money_retrieve", responses=MoneySerializer)
    def get(self, request: Request, city: str) -> Response:
        """Return program grants, unallocated money and where each call's money stands."""
        return Response(MoneySerializer(money_body(_city(request))).data)


class EntryList(APIView):
    rules = {"GET": can_see_money}

    @extend_schema(
        operation_id="money_entries_list",
        parameters=[
            OpenApiParameter("kind", str),
            OpenApiParameter("account", str, description="Adds what each entry did to it, and their sum."),
            OpenApiParameter("cycle", OpenApiTypes.UUID),
            OpenApiParameter("about", OpenApiTypes.UUID, description="Id of what the entry is about."),
            OpenApiParameter("after", str, description="Cursor of the page before."),
        ],
        responses=BooksSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        """List the entries of the city's books, newest first."""
        return Response(
            BooksSerializer(Books(_city(request), request.query_params, reader=request.user)).data
        )


class GrantAcceptance(APIView):
    rules = {"POST": can_accept_grant}

    def get_ruled_object(self) -> ProgramGrant:
        grant: ProgramGrant = fetch_or_404(grants_received, self.kwargs["pk"])
        return grant

    @extend_schema(
        operation_id="money_grant_accept",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={201: DoneSerializer, **REFUSALS},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Accept a program grant."""

        def deed() -> Answer:
            return {"id": str(accept_grant(pk, actor=request.user).pk)}  # type: ignore[arg-type]

        return _answer(once(Call.of_api(request, "grant:accept"), deed))


class TrancheReceipt(APIView):
    rules = {"POST": can_confirm_tranche}

    def get_ruled_object(self) -> Tranche:
        tranche: Tranche = fetch_or_404(tranches_received, self.kwargs["pk"])
        return tranche

    @extend_schema(
        operation_id="money_tranche_confirm",
        parameters=[IDEMPOTENCY_KEY],
        request=ConfirmSerializer,
        responses={201: DoneSerializer, **REFUSALS},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Confirm that a tranche arrived."""
        wanted = _valid(ConfirmSerializer, request)

        def deed() -> Answer:
            return {"id": str(confirm_tranche(pk, actor=request.user, **wanted).pk)}  # type: ignore[arg-type]

        return _answer(once(Call.of_api(request, "tranche:confirm"), deed))


class OneCycle(APIView):
    """Base of what moves one call's money: found in this city, or 404."""

    rules = {"POST": can_fund_cycle}

    def get_ruled_object(self) -> Cycle:
        cycle: Cycle = fetch_or_404(Cycle, self.kwargs["pk"])
        return cycle

    def move(self, request: Request, tag: str, deed: Any) -> Response:
        cents = _valid(AmountSerializer, request)["amount_cents"]

        def once_only() -> Answer:
            return {"id": str(deed(self.kwargs["pk"], amount_cents=cents, actor=request.user).pk)}

        return _answer(once(Call.of_api(request, tag), once_only))


class Allocations(OneCycle):
    @extend_schema(
        operation_id="money_cycle_allocate",
        parameters=[IDEMPOTENCY_KEY],
        request=AmountSerializer,
        responses={201: DoneSerializer, **REFUSALS},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Allocate received money to a call."""
        return self.move(request, "cycle:allocate", allocate)


class Deallocations(OneCycle):
    @extend_schema(
        operation_id="money_cycle_deallocate",
        parameters=[IDEMPOTENCY_KEY],
        request=AmountSerializer,
        responses={201: DoneSerializer, **REFUSALS},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Take money back from a call that is not awarded."""
        return self.move(request, "cycle:deallocate", deallocate)
