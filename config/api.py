"""What every API view shares: authentication by session, bodies that can be read, and refusals as sentences."""

import math
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, parsers
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from cities.access.rules import SecondFactorMissing
from cities.tenancy.cursors import is_text
from cities.tenancy.errors import RuleError


class SessionAuthentication(authentication.SessionAuthentication):
    """The pages' own session, with its CSRF check. Names a scheme, so that a stranger gets 401, not 403."""

    def authenticate_header(self, request: Any) -> str:
        return "Session"


DEEPEST = 60
"""So many lists and objects within each other; a city's whole call nests a dozen."""


class JSONParser(parsers.JSONParser):
    """JSON, but neither so deep that whoever reads it runs out of stack, nor what JSON or PostgreSQL can't write again."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This is nested too deeply.")) from None
        _refuse_unwritable(data)
        return data


def _refuse_unwritable(data: Any) -> None:
    """Raise ``ParseError`` on what is too deep, beyond all numbers or no text. Goes level by level, without recursion."""
    level, depth = [data], 0
    while level:
        if depth > DEEPEST:
            raise ParseError(_("This is nested too deeply."))
        if any(isinstance(part, float) and not math.isfinite(part) for part in level):
            raise ParseError(_("A number in this is beyond all limits."))
        if not all(is_text(part) for part in level if isinstance(part, str)):
            raise ParseError(_("This has a character that we can't save. Delete it and type the text again."))
        parts = (
            chain(part, part.values()) if isinstance(part, dict) else part
            for part in level
            if isinstance(part, dict | list)
        )
        level, depth = [one for part in parts for one in part], depth + 1


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn refusals into ``{"detail": sentence, "field": name}`` with the status that the rule names.

    What a refused request wrote is rolled back by whoever opened the transaction: the tenancy middleware, or the
    scope that the error has left on its way here.
    """
    if isinstance(error, RuleError):
        body: dict[str, Any] = {"detail": str(error)}
        if error.field:
            body["field"] = error.field
        body |= getattr(error, "extra", {})
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
