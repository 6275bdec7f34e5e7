"""Left navigation of staff and Center pages. Upper floors register their own items in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry. ``url`` and ``current`` are filled in for the page at hand."""

    label: Any
    route: str
    icon: str
    order: int
    rule: Callable[[Any, Any], bool]
    url: str = ""
    current: bool = False


_items: dict[str, list[NavItem]] = {"staff": [], "center": []}


def register(
    place: str, *, label: Any, route: str, icon: str, order: int, rule: Callable[[Any, Any], bool]
) -> None:
    """Add an entry to ``staff`` (route takes the city) or ``center`` navigation."""
    items = [item for item in _items[place] if item.route != route]
    _items[place] = sorted([*items, NavItem(label, route, icon, order, rule)], key=lambda item: item.order)


def items_for(request: HttpRequest) -> list[NavItem]:
    """Return what this person may open from here; the longest matching address is the current one."""
    city = getattr(request, "city", None)
    if city is not None and request.path.startswith(f"/{city.slug}/staff/"):
        place, arguments = "staff", {"city": city.slug}
    elif request.path.startswith("/center/"):
        place, arguments = "center", {}
    else:
        return []
    shown = [
        replace(item, url=reverse(item.route, kwargs=arguments))
        for item in _items[place]
        if item.rule(request.user, city)
    ]
    matching = [item for item in shown if request.path.startswith(item.url)]
    current = max(matching, key=lambda item: len(item.url), default=None)
    return [replace(item, current=item is current) for item in shown]
