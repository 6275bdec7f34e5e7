"""The trail over the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .forms import TrailFilter
from .permissions import can_read_trail
from .queries import trail_page


class LineSerializer(serializers.Serializer[Any]):
    """One event; ``seal`` is its number in the city's chain and ``hash`` its link, empty until it is sealed."""

    id = serializers.UUIDField(source="event.pk")
    at = serializers.DateTimeField(source="event.created_at")
    tag = serializers.CharField(source="event.tag")
    words = serializers.CharField()
    subject_type = serializers.CharField(source="event.subject_type")
    subject_id = serializers.UUIDField(source="event.subject_id")
    seal = serializers.IntegerField(source="seal.seq", default=None, allow_null=True)
    hash = serializers.CharField(source="seal.hash", default="")


class TrailPageSerializer(serializers.Serializer[Any]):
    after = serializers.CharField(allow_blank=True, help_text="Cursor of what is older.")
    results = LineSerializer(source="lines", many=True)


class Trail(APIView):
    """The city's audit trail, newest first."""

    rules = {"GET": can_read_trail}

    @extend_schema(
        operation_id="audit_list",
        parameters=[
            OpenApiParameter("who", str, description="Part of a name or e-mail address."),
            OpenApiParameter("kind", str, description="Type of what it is about, like grants.application."),
            OpenApiParameter("about", str, description="Id of what it is about."),
            OpenApiParameter("day", str, description="A day in the city's zone, like 2026-11-22."),
            OpenApiParameter("after", str),
        ],
        responses=TrailPageSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        wanted = TrailFilter(request.query_params).wanted
        page = trail_page(request._request.city, wanted, after=request.query_params.get("after", ""))  # type: ignore[attr-defined]
        return Response(TrailPageSerializer(page).data)
