"""Reads over tokens and the places they may be for."""

from typing import Any

from cities.access.models import Membership
from cities.tenancy.models import City
from cities.tenancy.scopes import person_scope

from .models import ApiToken


def tokens_of(user: Any) -> Any:
    """Return the person's living tokens, newest first."""
    return ApiToken.objects.living().filter(user=user).select_related("place").order_by("-created_at")


def places_of(user: Any) -> list[City]:
    """Return the Center and the cities where the person holds any role now. Opens the person's door."""
    with person_scope(user):
        rows = Membership.objects.filter(user=user, ended_at__isnull=True).select_related("city")
        places = {row.city_id: row.city for row in rows}
    return sorted(places.values(), key=lambda place: (place.kind, place.name))
