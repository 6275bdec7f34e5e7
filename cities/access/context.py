"""What every page's template may use: the city, the person, the navigation, and whether the demo is on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cities.interface.navigation import items_for

from .memberships import is_desk


def _workbench_url(request: HttpRequest) -> str:
    """Return where this person works: the city's desk, or the Center; empty for residents."""
    if not request.user.is_authenticated:
        return ""
    city = getattr(request, "city", None)
    if city is not None:
        return f"/{city.slug}/staff/" if is_desk(request.user, city.pk) else ""
    return "/center/" if request.path.startswith("/center/") else ""


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "city": getattr(request, "city", None),
        "user": getattr(request, "user", None),
        "workbench_url": SimpleLazyObject(lambda: _workbench_url(request)),
        "workbench_url": request.session.get("workbench", "") if hasattr(request, "session") else "",
        "nav_items": SimpleLazyObject(lambda: items_for(request)),
        "is_demo_site": settings.DEMO,
        "site_name": settings.SITE_NAME,
    }
