"""Pages of projects: for everybody, for who tells about one, and for the desk."""

from typing import Any

from django.http import HttpRequest

from cities.tenancy.models import City

PAGES = "projects/delivery"


def city_of(request: HttpRequest) -> City:
    city: Any = request.city  # type: ignore[attr-defined]
    return city  # type: ignore[no-any-return]
