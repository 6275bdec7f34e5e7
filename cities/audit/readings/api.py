"""The read log over the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .forms import GRAINS, ReadingFilter
from .permissions import can_read_readings
from .queries import looks_page


class LookSerializer(serializers.Serializer[Any]):
    """One look of the Center: at a record of this city, or at a list over all cities."""

    id = serializers.UUIDField(source="reading.pk")
    at = serializers.DateTimeField(source="reading.read_at")
    reader = serializers.CharField(source="reading.reader.name")
    page = serializers.CharField(source="reading.page", help_text="The page's code.")
    words = serializers.CharField(source="page", help_text="The page in words.")
    is_of_city = serializers.BooleanField(help_text="False for lists and totals over all cities.")
    subject_type = serializers.CharField(allow_blank=True)
    subject_id = serializers.UUIDField(allow_null=True)
    filter = serializers.DictField(source="reading.filter", child=serializers.CharField())
    row_count = serializers.IntegerField(source="reading.row_count")


class LookPageSerializer(serializers.Serializer[Any]):
    after = serializers.CharField(allow_blank=True, help_text="Cursor of what is older.")
    results = LookSerializer(source="looks", many=True)


class Readings(APIView):
    """What the Center looked at, newest first."""

    rules = {"GET": can_read_readings}

    @extend_schema(
        operation_id="readings_list",
        parameters=[
            OpenApiParameter("who", str, description="Part of a name or e-mail address."),
            OpenApiParameter("grain", str, enum=[key for key, _words in GRAINS if key]),
            OpenApiParameter("page", str, description="Code of a page."),
            OpenApiParameter("day", str, description="A day in the city's zone, like 2026-11-22."),
            OpenApiParameter("after", str),
        ],
        responses=LookPageSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        """List the Center's looks at this city's records, and at lists over all cities."""
        page = looks_page(
            request._request.city,  # type: ignore[attr-defined]
            ReadingFilter(request.query_params).wanted,
            reader=request.user,
            after=request.query_params.get("after", ""),
        )
        return Response(LookPageSerializer(page).data)
