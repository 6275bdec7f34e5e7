"""Cohorts and access over the API: shapes are checked here, rules by the same actions as on the pages."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


def valid(serializer: type[serializers.Serializer[Any]], request: Request, **options: Any) -> dict[str, Any]:
    """Return what was sent in its right shape. Raises DRF's ``ValidationError``."""
    checked = serializer(data=request.data, **options)
    checked.is_valid(raise_exception=True)
    found: dict[str, Any] = checked.validated_data
    return found
