"""The signed-in person's sessions over the API."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import is_signed_in
from cities.tenancy.scopes import CENTER_ID, city_scope

from .sessions import end_other_sessions, end_session
from .views.sessions import own_sessions


class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    device = serializers.CharField(allow_blank=True)
    started_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(help_text="True to five minutes.")
    is_this = serializers.BooleanField(help_text="Whether this call came with it.")


class Sessions(APIView):
    """Where the person is signed in."""

    in_steps = True
    rules = {"GET": is_signed_in, "DELETE": is_signed_in}

    @extend_schema(responses=SessionSerializer(many=True), operation_id="me_sessions_list")
    def get(self, request: Request) -> Response:
        rows = [
            {
                "id": row.pk,
                "device": row.device,
                "started_at": row.started_at,
                "seen_at": row.seen_at,
                "is_this": is_this,
            }
            for row, is_this in own_sessions(request._request)
        ]
        return Response(SessionSerializer(rows, many=True).data)

    @extend_schema(responses={204: None}, operation_id="me_sessions_end_others")
    def delete(self, request: Request) -> Response:
        """End all sessions but the one that this call came with."""
        with city_scope(CENTER_ID):
            end_other_sessions(keep=request._request.session.session_key or "", actor=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionDetail(APIView):
    """One of the person's sessions."""

    in_steps = True
    rules = {"DELETE": is_signed_in}

    @extend_schema(responses={204: None}, operation_id="me_sessions_end")
    def delete(self, request: Request, pk: UUID) -> Response:
        """End it."""
        with city_scope(CENTER_ID):
            end_session(pk, actor=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)
