"""What every page's template may use: the city, the person, the navigation, and whether the demo is on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cities.interface.navigation import items_for

from .memberships import is_desk, roles_in
from .models import Role

WORKBENCH_KEY = "workbench"
"""Where in the session a person's desk stands, found once at sign-in: no page asks the database for it."""


def _workbench_url(request: HttpRequest) -> str:
    """Return where this person works: this city's desk, else what was found at sign-in; empty for residents."""
    if not request.user.is_authenticated:
        return ""
    city = getattr(request, "city", None)
    if city is not None and is_desk(request.user, city.pk):
        return f"/{city.slug}/staff/"
    if city is not None and Role.REVIEWER in roles_in(request.user, city.pk):
        return f"/{city.slug}/review/"
    return str(request.session.get(WORKBENCH_KEY, ""))


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "city": getattr(request, "city", None),
        "user": getattr(request, "user", None),
        "workbench_url": SimpleLazyObject(lambda: _workbench_url(request)),
        "nav_items": SimpleLazyObject(lambda: items_for(request)),
        "is_demo_site": settings.DEMO,
        "site_name": settings.SITE_NAME,
    }
