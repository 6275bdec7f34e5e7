"""One award's money: for the grantee and the desk; returns, and its end."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.interface.days import DayShape
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.payments.actions import (
    complete_award,
    record_return,
    reopen_award,
    undo_return,
)
from grants.payments.award_money import AwardMoney
from grants.payments.carrying import by_api
from grants.payments.forms import UNDO_MAX
from grants.payments.permissions import (
    can_complete,
    can_record_return,
    can_see_money,
    can_undo_return,
    person,
)
from grants.payments.queries import awards_with_cycle, returns_with_award
from grants.payments.states import Status

from . import AnswerSerializer, money_call, valid
from .receipts import ReceiptSerializer


class NewReturnSerializer(serializers.Serializer[Any]):
    amount_cents = serializers.IntegerField(min_value=1)
    returned_on = DayShape()
    reference = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=300)


class UndoSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=UNDO_MAX, help_text="Why it was wrong. The grantee reads it.")


class ReturnSerializer(NewReturnSerializer):
    """Money that came back, as it was recorded."""

    id = serializers.UUIDField()
    undone_because = serializers.CharField(allow_null=True, help_text="Null while the return counts.")


class OwnPaymentSerializer(serializers.Serializer[Any]):
    """A payment as the grantee sees it."""

    number = serializers.IntegerField()
    status = serializers.ChoiceField(Status.choices)
    amount_cents = serializers.IntegerField()
    payee_name = serializers.CharField()
    purpose = serializers.CharField()
    paid_on = serializers.DateField(allow_null=True)


class AwardMoneySerializer(serializers.Serializer[Any]):
    """One award's money, in minor units of the city's currency."""

    id = serializers.UUIDField(source="award.pk")
    reference = serializers.CharField(source="award.reference")
    status = serializers.ChoiceField(AwardStatus.choices, source="award.status")
    currency = serializers.CharField(source="award.city.currency")
    amount_cents = serializers.IntegerField(source="award.amount_cents")
    paid_cents = serializers.IntegerField(source="award.paid_cents")
    proved_cents = serializers.IntegerField(source="award.proved_cents")
    released_cents = serializers.IntegerField(
        source="award.released_cents", help_text="What of the amount went back to the pool, returns included."
    )
    returned_cents = serializers.IntegerField()
    under_way_cents = serializers.IntegerField()
    left_to_spend_cents = serializers.IntegerField()
    left_to_prove_cents = serializers.IntegerField()
    payments = OwnPaymentSerializer(many=True, source="disbursements")
    receipts = ReceiptSerializer(many=True)
    returns = ReturnSerializer(many=True)


class OneAward(APIView):
    """Base of what concerns the money of one award of this city."""

    @cached_property
    def award(self) -> Award:
        found: Award = fetch_or_404(awards_with_cycle, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Any:
        return self.award


class AwardMoneyDetail(OneAward):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_money}

    @extend_schema(operation_id="awards_money", responses=AwardMoneySerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """What was paid, what is left to spend and to prove, and the receipts: for the grantee and the desk."""
        return Response(AwardMoneySerializer(AwardMoney(self.award)).data)


class Returns(OneAward):
    rules: ClassVar[dict[str, Any]] = {"POST": can_record_return}

    @money_call("awards_record_return", NewReturnSerializer, status=201)
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Record money that a grantee gave back."""
        wanted = valid(NewReturnSerializer, request)
        answer = by_api(request, "award:return", lambda: record_return(pk, actor=person(request), **wanted))
        return Response(AnswerSerializer(answer).data, status=201)


class ReturnUndoing(APIView):
    rules: ClassVar[dict[str, Any]] = {"POST": can_undo_return}

    def get_ruled_object(self) -> Any:
        return fetch_or_404(returns_with_award, self.kwargs["pk"])

    @money_call("returns_undo", UndoSerializer)
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Take the record of a return back, by a reversing entry. The grantee is told."""
        wanted = valid(UndoSerializer, request)
        answer = by_api(request, "return:undo", lambda: undo_return(pk, actor=person(request), **wanted))
        return Response(AnswerSerializer(answer).data)


class Completion(OneAward):
    rules: ClassVar[dict[str, Any]] = {"POST": can_complete}

    @money_call("awards_complete")
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """End an award; what was never paid goes back to the call's pool. The grantee is told."""
        answer = by_api(request, "award:complete", lambda: complete_award(pk, actor=person(request)))
        return Response(AnswerSerializer(answer).data)


class Reopening(OneAward):
    rules: ClassVar[dict[str, Any]] = {"POST": can_complete}

    @money_call("awards_reopen", UndoSerializer)
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Open a completed award again; what its end gave back to the pool is committed again. The grantee is told."""
        wanted = valid(UndoSerializer, request)
        answer = by_api(request, "award:reopen", lambda: reopen_award(pk, actor=person(request), **wanted))
        return Response(AnswerSerializer(answer).data)
