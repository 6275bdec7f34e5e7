"""Payments over the API: the same deeds under the same rules. A money call carries an ``Idempotency-Key``."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

View = TypeVar("View", bound=Callable[..., Any])

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A new key for each deed, at most 80 characters. The same key and body are answered the same, and done once.",
)


class AnswerSerializer(serializers.Serializer[Any]):
    """The row that was made or moved, and its status then."""

    id = serializers.UUIDField()
    status = serializers.CharField()


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000)


def money_call(operation: str, shape: Any = None, *, status: int = 200) -> Callable[[View], View]:
    """Describe a money call for the schema: its key, its refusals, its answer."""
    refused = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}
    described: Callable[[View], View] = extend_schema(
        operation_id=operation,
        parameters=[KEY],
        request=shape,
        responses={status: AnswerSerializer, **refused},
    )
    return described


def valid(serializer: Any, request: Request) -> dict[str, Any]:
    """Return what was sent, in shape. Raises a 400 otherwise."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    wanted: dict[str, Any] = given.validated_data
    return wanted
