"""Navigation of staff and Center pages, and of a city's public ones. Upper floors register their own items in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry. ``url`` and ``current`` are filled in for the page at hand.

    ``is_alone`` says that the pages below its address are not its own: *Today* lies above the whole workbench.
    """

    label: Any
    route: str
    icon: str
    order: int
    rule: Callable[[Any, Any], bool]
    is_alone: bool = False
    url: str = ""
    current: bool = False


CENTER_PAGES = frozenset({"/status"})
"""Pages of the Center whose address is older than the Center's own."""

_items: dict[str, list[NavItem]] = {"staff": [], "center": [], "city": []}


def register(
    place: str,
    *,
    label: Any,
    route: str,
    icon: str,
    order: int,
    rule: Callable[[Any, Any], bool],
    is_alone: bool = False,
) -> None:
    """Add an entry to ``staff``, ``city`` (the route takes the city) or ``center`` navigation."""
    items = [item for item in _items[place] if item.route != route]
    _items[place] = sorted(
        [*items, NavItem(label, route, icon, order, rule, is_alone)], key=lambda item: item.order
    )


@lru_cache(maxsize=8192)
def _address(route: str, **arguments: str) -> str:
    return reverse(route, kwargs=arguments)


def items_for(request: HttpRequest) -> list[NavItem]:
    """Return what this person may open from here; the longest matching address is the current one."""
    city = getattr(request, "city", None)
    if city is not None and request.path.startswith(f"/{city.slug}/staff/"):
        place, arguments = "staff", {"city": city.slug}
    elif request.path.startswith("/center/") or request.path in CENTER_PAGES:
        place, arguments = "center", {}
    elif city is not None:
        place, arguments = "city", {"city": city.slug}
    else:
        return []
    shown = [
        replace(item, url=_address(item.route, **arguments))
        for item in _items[place]
        if item.rule(request.user, city)
    ]
    matching = [
        item
        for item in shown
        if request.path == item.url or (not item.is_alone and request.path.startswith(item.url))
    ]
    current = max(matching, key=lambda item: len(item.url), default=None)
    return [replace(item, current=item is current) for item in shown]
