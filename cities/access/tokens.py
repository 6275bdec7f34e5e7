"""Tokens of invitations: which city, and a secret. The table keeps a hash only."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from uuid import UUID

_SECRET_BYTES = 32
_LENGTH = 64


def new_token(city_id: UUID) -> str:
    """Return a token for a link. It names the city, since an invitation can be read in its city only."""
    return urlsafe_b64encode(city_id.bytes + secrets.token_bytes(_SECRET_BYTES)).decode()


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def city_of_token(token: str) -> UUID | None:
    """Return the city that a token names, or ``None`` if it is no token."""
    if len(token) != _LENGTH:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16])
    except (Error, ValueError):
        return None
