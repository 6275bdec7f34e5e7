"""A city's settings over the API."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.interface.accent import HEX
from cities.tenancy.models import City

from .actions import CHANGEABLE, ticket_of, update_city
from .permissions import can_change_settings, can_see_settings
from .views import accent_preview


class CitySettingsSerializer(serializers.ModelSerializer[City]):
    """What a city shows, and where its clocks stand. Name and web name are the Center's to change.

    Send ``seen`` back with a change to be told, by 409, if somebody else saved in between.
    """

    languages = serializers.ListField(child=serializers.ChoiceField(settings.LANGUAGES), allow_empty=False)
    has_logo = serializers.SerializerMethodField()
    seen = serializers.CharField(required=False)

    class Meta:
        model = City
        fields = [
            "slug",
            "name",
            "region",
            "country",
            "currency",
            *sorted(CHANGEABLE),
            "has_logo",
            "seen",
            "latitude",
            "longitude",
        ]
        read_only_fields = ["slug", "name", "region", "country", "currency", "latitude", "longitude"]

    def to_representation(self, city: City) -> Any:
        return super().to_representation(city) | {"seen": ticket_of(city)}

    def get_has_logo(self, city: City) -> bool:
        return bool(city.logo)


class CitySettings(APIView):
    """``GET`` for the city's desk, ``PATCH`` for its managers."""

    rules = {"GET": can_see_settings, "PATCH": can_change_settings}

    @extend_schema(responses=CitySettingsSerializer)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Return the settings of the city."""
        return Response(CitySettingsSerializer(request._request.city).data)  # type: ignore[attr-defined]

    @extend_schema(request=CitySettingsSerializer(partial=True), responses=CitySettingsSerializer)
    def patch(self, request: Request, **_kwargs: Any) -> Response:
        """Change settings; what isn't sent stays. With an old ``seen`` it is refused by 409."""
        city = request._request.city  # type: ignore[attr-defined]
        given = CitySettingsSerializer(city, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changed = update_city(city.pk, actor=request.user, **given.validated_data)  # type: ignore[arg-type]
        return Response(CitySettingsSerializer(changed).data)


class AccentSerializer(serializers.Serializer[Any]):
    chosen = serializers.CharField()
    used = serializers.CharField()
    shades = serializers.DictField(child=serializers.CharField())
    ratio = serializers.FloatField()
    used_ratio = serializers.FloatField()
    is_changed = serializers.BooleanField()


class AccentPreview(APIView):
    """How a color would look on the city's pages; the settings page asks while the color is being chosen."""

    rules = {"GET": can_see_settings}

    @extend_schema(parameters=[OpenApiParameter("color", str, required=True)], responses=AccentSerializer)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Return the shades made of a color, and its contrast on white."""
        color = request.query_params.get("color", "")
        if not HEX.fullmatch(color):
            raise ValidationError({"color": ["Use a color like #005ea2."]})
        return Response(AccentSerializer(accent_preview(color)).data)
