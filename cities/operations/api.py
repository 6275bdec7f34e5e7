"""How the site stands, for machines: 200 while it serves, 503 while something fails."""

import hmac
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .judging import standing
from .permissions import Monitor, can_see_status
from .states import State

HEADER = "X-Status-Token"


class MonitorAuthentication(BaseAuthentication):
    """The secret ``LYB_STATUS_TOKEN`` in a header: nobody's session, so it works while the database is away.

    Whoever sends the header is judged by it, also beside a session, and also where it is empty.
    """

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        sent, secret = request.headers.get(HEADER), settings.STATUS_TOKEN
        if sent is None:
            return None
        if not secret or not hmac.compare_digest(sent.encode(), secret.encode()):
            raise AuthenticationFailed
        return Monitor(), None

    def authenticate_header(self, request: Request) -> str:
        return "StatusToken"


class MonitorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the header."""

    target_class = "cities.operations.api.MonitorAuthentication"
    name = "statusToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": HEADER}


class FigureSerializer(serializers.Serializer[Any]):
    """One figure; ``value`` is null where nothing waits or nothing is known."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    value = serializers.FloatField(allow_null=True)
    unit = serializers.ChoiceField(choices=["seconds", "count", "bytes", "percent", "yes"])
    note = serializers.CharField(allow_blank=True)


class StandingSerializer(serializers.Serializer[Any]):
    """``state`` is the worst of all figures."""

    state = serializers.ChoiceField(choices=State.choices)
    at = serializers.DateTimeField()
    figures = FigureSerializer(many=True)
    versions = serializers.DictField(child=serializers.CharField(allow_blank=True))


class Status(APIView):
    """How the site stands: outbox, audit trail, queues, documents, backups, versions."""

    authentication_classes = [MonitorAuthentication, *APIView.authentication_classes]
    rules = {"GET": can_see_status}

    def get_ruled_object(self) -> None:
        return None

    @extend_schema(
        operation_id="status",
        responses={
            200: StandingSerializer,
            503: OpenApiResponse(StandingSerializer, description="Something fails; the figures say what."),
        },
    )
    def get(self, request: Request) -> Response:
        """Tell every figure with its state. A monitor sends ``X-Status-Token``; the Center its session."""
        found = standing(is_database_away=getattr(request._request, "is_database_away", False))
        code = 503 if found.state == State.FAILING else 200
        return Response(StandingSerializer(found).data, status=code, headers={"Cache-Control": "no-store"})


status = Status.as_view()
status.without_database = True  # type: ignore[attr-defined]
status.answers_in_outage = True  # type: ignore[attr-defined]
