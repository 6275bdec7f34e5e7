"""Tokens, told to the API framework and to its schema. Who comes is known already: :mod:`.bearer` found out."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication


class TokenAuthentication(BaseAuthentication):
    """A token is sent on purpose by whoever holds it, so no other site can make a browser send it: no CSRF check."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        token = getattr(request._request, "token", None)
        return None if token is None else (request._request.user, token)

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes tokens."""

    target_class = "cities.machines.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "lyb_…",
            "description": "A token from the page “API tokens” of one's account. It is for one city, the Center, or oneself.",
        }
