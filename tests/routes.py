"""The URL map as data: every route, its methods, its rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    path: str
    name: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def view_class(self) -> Any:
        return getattr(self.view, "view_class", None) or getattr(self.view, "cls", None)

    @property
    def is_api(self) -> bool:
        return self.path.startswith("api/")

    @property
    def methods(self) -> tuple[str, ...]:
        if self.view_class is not None:
            return tuple(
                m for m in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(self.view_class, m.lower())
            )
        return ("GET", "POST")

    def rule(self, method: str) -> Any:
        if self.view_class is not None and hasattr(self.view_class, "rules"):
            return self.view_class.rules.get(method)
        return getattr(self.view, "rule", None)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", "", ()))


def _walk(patterns: Any, prefix: str, namespace: str, above: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        parameters = (*above, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, path, inner, parameters)
        elif isinstance(pattern, URLPattern):
            yield Route(path, namespace + (pattern.name or ""), pattern.callback, parameters)
