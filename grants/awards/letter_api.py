"""The letter of an award over the API; progress and file are those of the document."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.documents.api import DocumentSerializer

from .documents import letter_of, request_letter
from .models import Award
from .permissions import can_see_award, person
from .queries import awards_with_application


class AwardLetterSerializer(serializers.Serializer[Any]):
    """``letter`` is null while the caller has none that is up to date."""

    letter = DocumentSerializer(allow_null=True)


class Letter(APIView):
    """The caller's letter of one award."""

    rules = {"GET": can_see_award, "POST": can_see_award}

    def get_ruled_object(self) -> Award:
        award: Award = fetch_or_404(awards_with_application, self.kwargs["pk"])
        return award

    @extend_schema(operation_id="award_letter_detail", responses=AwardLetterSerializer)
    def get(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        document = letter_of(self.get_ruled_object(), request.user)
        return Response(AwardLetterSerializer({"letter": document}).data)

    @extend_schema(operation_id="award_letter_request", request=None, responses={201: DocumentSerializer})
    def post(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        award = self.get_ruled_object()
        document = letter_of(award, request.user) or request_letter(award, actor=person(request))
        return Response(DocumentSerializer(document).data, status=status.HTTP_201_CREATED)
