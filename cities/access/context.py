"""What every page's template may use: the city, the person, the navigation, and whether the demo is on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cities.interface.navigation import items_for


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "city": getattr(request, "city", None),
        "user": getattr(request, "user", None),
        "nav_items": SimpleLazyObject(lambda: items_for(request)),
        "is_demo_site": settings.DEMO,
        "site_name": settings.SITE_NAME,
    }
