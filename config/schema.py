"""What the API's schema says about each operation, and how it names the parts."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import Serializer

from cities.access.rules import anybody


class Schema(AutoSchema):
    """Says of an operation that is open to everybody that it needs no session.

    Names a shape after its serializer, and after its room as well where two rooms use the same name:
    otherwise the later one would silently stand for both.
    """

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Describe the operation, with the refusals that it shares with others."""
        operation = super().get_operation(*args, **kwargs)
        if operation:
            for status, name in self._shared_refusals(operation):
                operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})
        return operation

    def _shared_refusals(self, operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if "requestBody" in operation:
            yield "400", "Unreadable"
        if {} not in operation["security"]:
            yield "401", "Refused"
            yield "403", "Refused"
        if "{" in self.path:
            yield "404", "Refused"

    def get_auth(self) -> list[dict[str, Any]]:
        auth: list[dict[str, Any]] = super().get_auth()
        return [*auth, {}] if getattr(self.view, "rules", {}).get(self.method) is anybody else auth

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        name: str = super().get_serializer_name(serializer, direction)
        floor, _, rest = type(serializer).__module__.partition(".")
        if floor not in apps.app_configs or not _has_namesake(type(serializer)):
            return name
        return rest.partition(".")[0].title().replace("_", "") + name


def _has_namesake(shape: type) -> bool:
    return any(one is not shape and one.__name__ == shape.__name__ for one in _below(Serializer))


def _below(shape: type[Any]) -> Iterator[type[Any]]:
    one: type[Any]
    for one in shape.__subclasses__():
        yield one
        yield from _below(one)
