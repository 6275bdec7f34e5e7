"""What every API view shares: authentication by session, and refusals as sentences."""

from typing import Any

from django.db import transaction
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.response import Response

from cities.access.rules import SecondFactorMissing
from cities.tenancy.errors import RuleError


class SessionAuthentication(authentication.SessionAuthentication):
    """The pages' own session, with its CSRF check. Names a scheme, so that a stranger gets 401, not 403."""

    def authenticate_header(self, request: Any) -> str:
        return "Session"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn refusals into ``{"detail": sentence, "field": name}`` with the status that the rule names."""
    if isinstance(error, RuleError):
        body: dict[str, Any] = {"detail": str(error)}
        if error.field:
            body["field"] = error.field
        body |= getattr(error, "extra", {})
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)
        return Response(body, status=error.status)
    from rest_framework.views import exception_handler as drf_exception_handler  # noqa: PLC0415  imports our settings

    response = drf_exception_handler(error, context)
    if response is not None and isinstance(error, SecondFactorMissing):
        response.data = {
            "detail": str(error.detail if hasattr(error, "detail") else error) or "Second factor needed.",
            "code": "second_factor",
        }
    return response


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the session cookie."""

    target_class = "config.api.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
