"""Awards over the API: the same ranking and deeds, under the same rules. A money call carries an ``Idempotency-Key``."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from grants.applications.desk.dossier import applications_on_the_desk
from grants.applications.models import Application
from grants.ledger.once import Call, once

from .actions import (
    Chosen,
    Declined,
    accept_award,
    award_applications,
    decline_applications,
    decline_award,
    extend_offer,
    rescind_award,
    undo_decline,
)
from .listing import Listing
from .models import Award
from .permissions import (
    can_answer_award,
    can_decide_award,
    can_decide_awards,
    can_extend_offer,
    can_rescind_award,
    can_see_award,
    can_see_awards,
    person,
)
from .picks import Picks
from .queries import awards_with_application
from .ranking import Ranking
from .serializers import (
    AcceptanceSerializer,
    AwardSerializer,
    DecidedSerializer,
    ExtensionSerializer,
    ListSerializer,
    OffersSerializer,
    RankingSerializer,
    ReasonSerializer,
    RefusalSerializer,
    RefusalsSerializer,
)

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A new key for each deed, at most 80 characters. The same key and body are answered the same, and done once.",
)
CYCLE = OpenApiParameter(
    "cycle", str, description="Web name of the call; the one that closed last if left out."
)
REFUSED = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class RankingList(APIView):
    """All applications of a call that are ready for a decision, or decided."""

    rules: ClassVar[dict[str, Any]] = {"GET": can_see_awards}

    @extend_schema(
        operation_id="ranking_list",
        parameters=[
            CYCLE,
            OpenApiParameter(
                "sort",
                str,
                description="score, spread, scores, asked, recommended, neighborhood or title; with a minus for falling.",
            ),
            OpenApiParameter("decision", str, enum=["ready", "awarded", "unfunded"]),
            OpenApiParameter("neighborhood", str),
            OpenApiParameter("least", str, description="Smallest mean score."),
            OpenApiParameter("complete", bool, description="Only where all scores are in."),
        ],
        responses=RankingSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        ranking = Ranking(request.user, request._request.city, request.query_params, Picks())  # type: ignore[attr-defined]
        return Response(RankingSerializer(ranking).data)


class AwardList(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_awards, "POST": can_decide_awards}

    @extend_schema(
        operation_id="awards_list",
        parameters=[CYCLE, OpenApiParameter("status", str)],
        responses=ListSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        """List the awards of a call, newest first."""
        listing = Listing(request.user, request._request.city, request.query_params)  # type: ignore[attr-defined]
        return Response(ListSerializer(listing).data)

    @extend_schema(
        operation_id="awards_offer",
        parameters=[KEY],
        request=OffersSerializer,
        responses={201: DecidedSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str) -> Response:
        """Offer money to these applications: all of them or none."""
        wanted = _valid(OffersSerializer, request)
        chosen = [
            Chosen(
                each["application"], each["amount_cents"], wanted["conditions"], wanted.get("answer_by_on")
            )
            for each in wanted["offers"]
        ]

        def deed() -> dict[str, Any]:
            return {"ids": [str(award.pk) for award in award_applications(chosen, actor=person(request))]}

        return Response(once(Call.of_api(request, "award:offer"), deed), status=201)


class RefusalList(APIView):
    rules: ClassVar[dict[str, Any]] = {"POST": can_decide_awards}

    @extend_schema(
        operation_id="awards_refuse",
        request=RefusalsSerializer,
        responses={200: DecidedSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str) -> Response:
        """Decide that these applications get no money, each with a reason: all of them or none."""
        wanted = _valid(RefusalsSerializer, request)
        chosen = [Declined(each["application"], each["reason"]) for each in wanted["refusals"]]
        done = decline_applications(chosen, actor=person(request))
        return Response({"ids": [str(each.pk) for each in done]})


class UndoneRefusal(APIView):
    rules: ClassVar[dict[str, Any]] = {"DELETE": can_decide_award}

    def get_ruled_object(self) -> Application:
        application: Application = fetch_or_404(applications_on_the_desk, self.kwargs["pk"])
        return application

    @extend_schema(operation_id="awards_refuse_undo", responses={200: DecidedSerializer, **REFUSED})
    def delete(self, request: Request, city: str, pk: UUID) -> Response:
        """Take a no back: the application waits for a decision again."""
        return Response({"ids": [str(undo_decline(pk, actor=person(request)).pk)]})


class OneAward(APIView):
    """Base of what concerns one award: found in this city, or 404."""

    def get_ruled_object(self) -> Award:
        award: Award = fetch_or_404(awards_with_application, self.kwargs["pk"])
        return award


class AwardDetail(OneAward):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_award}

    @extend_schema(operation_id="awards_retrieve", responses=AwardSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        return Response(AwardSerializer(fetch_or_404(awards_with_application, pk)).data)


class Acceptance(OneAward):
    rules: ClassVar[dict[str, Any]] = {"POST": can_answer_award}

    @extend_schema(
        operation_id="awards_accept",
        parameters=[KEY],
        request=AcceptanceSerializer,
        responses={200: AwardSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Say yes to an offer, as its applicant, and name who gets the money."""
        wanted = _valid(AcceptanceSerializer, request)
        call = Call.of_api(request, "award:accept")
        return Response(
            once(
                call, lambda: _told(accept_award(pk, payee_name=wanted["payee_name"], actor=person(request)))
            )
        )


class AnswerNo(OneAward):
    rules: ClassVar[dict[str, Any]] = {"POST": can_answer_award}

    @extend_schema(
        operation_id="awards_decline",
        parameters=[KEY],
        request=ReasonSerializer,
        responses={200: AwardSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Say no to an offer, as its applicant. The money is available again."""
        wanted = _valid(ReasonSerializer, request)
        call = Call.of_api(request, "award:decline")
        return Response(
            once(call, lambda: _told(decline_award(pk, reason=wanted["reason"], actor=person(request))))
        )


class Extension(OneAward):
    rules: ClassVar[dict[str, Any]] = {"POST": can_extend_offer}

    @extend_schema(
        operation_id="awards_extend",
        parameters=[KEY],
        request=ExtensionSerializer,
        responses={200: AwardSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Name a later last day to answer. The applicant is told."""
        day = _valid(ExtensionSerializer, request)["answer_by_on"]
        call = Call.of_api(request, "award:extend")
        return Response(once(call, lambda: _told(extend_offer(pk, answer_by_on=day, actor=person(request)))))


class Rescission(OneAward):
    rules: ClassVar[dict[str, Any]] = {"POST": can_rescind_award}

    @extend_schema(
        operation_id="awards_rescind",
        parameters=[KEY],
        request=RefusalSerializer,
        responses={200: AwardSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Take an offer back before it is answered. The applicant reads the reason."""
        wanted = _valid(RefusalSerializer, request)
        call = Call.of_api(request, "award:rescind")
        return Response(
            once(call, lambda: _told(rescind_award(pk, reason=wanted["reason"], actor=person(request))))
        )


def _told(award: Award) -> dict[str, Any]:
    return dict(AwardSerializer(award).data)


def _valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    found: dict[str, Any] = checked.validated_data
    return found
