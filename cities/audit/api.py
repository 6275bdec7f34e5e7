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


class ActingTokenSerializer(serializers.Serializer[Any]):
    """An API token that acted; a person's own one, for no place, is not named."""

    id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)


class LineSerializer(serializers.Serializer[Any]):
    """One event; ``seal`` is its number in the city's chain and ``hash`` its link, empty until it is sealed.

    What is hidden from the reader (by a conflict of interest, or as reviews of their own application) has neither tag nor subject.
    """

    id = serializers.UUIDField(source="event.pk")
    at = serializers.DateTimeField(source="event.created_at")
    tag = serializers.CharField(allow_blank=True)
    words = serializers.CharField()
    token = ActingTokenSerializer(
        allow_null=True, help_text="Which API token acted for the person, if one did."
    )
    subject_type = serializers.CharField(allow_blank=True)
    subject_id = serializers.UUIDField(allow_null=True)
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
        page = trail_page(
            request._request.city,  # type: ignore[attr-defined]
            wanted,
            reader=request.user,
            after=request.query_params.get("after", ""),
        )
        return Response(TrailPageSerializer(page).data)
