"""The API, readable: our own page over the OpenAPI schema, without a script and without a network."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView

from cities.access.rules import anybody


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a body, or one parameter. ``kind`` is in words, for example “list of Answer”."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One call."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body: list[Field]
    answers: list[Field]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    return render(request, "config/api_docs.html", {"groups": _groups(), "base": "/api/v1/"})


api_docs.rule = anybody  # type: ignore[attr-defined]


@method_decorator([conditional_page, cache_control(public=True, max_age=300)], name="dispatch")
class SchemaView(SpectacularAPIView):
    """The OpenAPI description of everything under ``/api/v1/``. Open to everybody; put together once in a process."""

    rules = {"GET": anybody}

    @extend_schema(exclude=True)
    def get(self, request: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        return HttpResponse(
            _written(renderer.format),
            content_type=renderer.media_type,
            headers={"Content-Disposition": f'inline; filename="openapi.{renderer.format}"'},
        )


@cache
def _written(as_format: str) -> bytes:
    renderer = OpenApiJsonRenderer() if as_format == "json" else OpenApiYamlRenderer()
    written: bytes = renderer.render(_schema(), renderer_context={})
    return written


@cache
def _schema() -> dict[str, Any]:
    # Else in the language of whoever asks first.
    with translation.override(settings.LANGUAGE_CODE):
        return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call,no-any-return]


@cache
def _groups() -> list[tuple[str, list[Operation]]]:
    groups: dict[str, list[Operation]] = {}
    for operation in _operations():
        group = operation.path.removeprefix("/api/v1/").split("/")[0]
        groups.setdefault(group, []).append(operation)
    return sorted(groups.items())


def _operations() -> Iterator[Operation]:
    for path, methods in sorted(_schema()["paths"].items()):
        for method, raw in methods.items():
            text = raw.get("description", "").strip()
            summary, _, description = text.partition("\n")
            yield Operation(
                anchor=raw["operationId"],
                method=method.upper(),
                path=path,
                summary=raw.get("summary") or summary or raw["operationId"].replace("_", " "),
                description=text if raw.get("summary") else description.strip(),
                parameters=[_parameter(parameter) for parameter in raw.get("parameters", [])],
                body=_fields(_content(raw.get("requestBody", {}))),
                answers=[
                    Field(
                        status,
                        _kind(_content(answer)),
                        required=False,
                        description=answer.get("description", ""),
                    )
                    for status, answer in raw.get("responses", {}).items()
                    if "$ref" not in answer  # shared: said once for all, above
                ],
            )


def _parameter(raw: dict[str, Any]) -> Field:
    return Field(
        raw["name"],
        f"{_kind(raw.get('schema', {}))}, in {raw['in']}",
        raw.get("required", False),
        raw.get("description", ""),
    )


def _content(raw: dict[str, Any]) -> dict[str, Any]:
    for content in raw.get("content", {}).values():
        schema: dict[str, Any] = content.get("schema", {})
        return schema
    return {}


def _resolve(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = _schema()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    return schema


def _fields(schema: dict[str, Any]) -> list[Field]:
    resolved = _resolve(schema)
    required = set(resolved.get("required", ()))
    return [
        Field(name, _kind(raw), name in required, raw.get("description", ""))
        for name, raw in resolved.get("properties", {}).items()
        if not raw.get("readOnly")
    ]


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]  # type: ignore[no-any-return]
    if "allOf" in schema:
        return _kind(schema["allOf"][0])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kind = schema.get("type", "any")
    return f"{kind} ({schema['format']})" if schema.get("format") else str(kind)
