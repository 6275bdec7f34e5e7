"""Tokens for tests, made as a person makes them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cities.machines.actions import make_token, tenant_of
from cities.machines.models import ApiToken, Scope
from cities.machines.spelling import new_secret, secret_hash
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope


def token_for(
    user: Any,
    place: City | None = None,
    *,
    scope: str = Scope.WRITE,
    days: int = 90,
    second_factor: bool = True,
) -> str:
    """Make a token through its action; return the secret."""
    with city_scope(tenant_of(place)):
        _token, secret = make_token(
            name="Sheet", scope=scope, days=days, place=place, has_second_factor=second_factor, actor=user
        )
    return secret


def make_living_token(user: Any, place: City | None = None, **fields: Any) -> tuple[ApiToken, str]:
    """Write the row itself, in whatever scope is open."""
    secret, now = new_secret(), timezone.now()
    told = {
        "name": "Sheet",
        "scope": Scope.WRITE,
        "created_at": now,
        "expires_at": now + timedelta(days=90),
        **fields,
    }
    return ApiToken.objects.create(user=user, place=place, secret_hash=secret_hash(secret), **told), secret


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}
