"""A floor's routes, set under what many of them begin with: to resolve an address, Django tries one after the other."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.urls import URLPattern, include, path
from django.urls.resolvers import RoutePattern

PREFIXES = (
    "api/v1/cities/<slug:city>/",
    "api/v1/center/",
    "api/v1/me/",
    "center/",
    "me/",
    "<slug:city>/staff/",
    "<slug:city>/",
)
"""The longer before the shorter that also matches. Whatever begins with none of them comes before them all."""


def floor(name: str) -> Any:
    """Return what ``include()`` gives for the routes of ``<name>/urls.py``; each keeps name, route and order."""
    routes: Sequence[URLPattern] = import_module(f"{name}.urls").urlpatterns
    below: dict[str, list[URLPattern]] = {prefix: [] for prefix in ("", *PREFIXES)}
    for route in routes:
        written = str(route.pattern)
        prefix = next((each for each in PREFIXES if written.startswith(each)), "")
        rest = RoutePattern(written.removeprefix(prefix), name=route.name, is_endpoint=True)
        below[prefix].append(URLPattern(rest, route.callback, route.default_args, route.name))
    nested = [path(prefix, include(below[prefix])) for prefix in PREFIXES if below[prefix]]
    return include(([*below[""], *nested], name))
