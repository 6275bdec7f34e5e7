"""Signatures of chain heads and of other statements, with a key that lies outside the database."""

import hashlib
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

SIGNED_WITHIN = timedelta(minutes=20)
"""A chain that began longer than this before heads were last signed has a head of its own; beat signs every ten minutes."""


@lru_cache(maxsize=16)
def _key(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(b"lyb audit head\0" + secret.encode()).digest()
    )


def _statement(chain_of: UUID, seq: int, head: str) -> bytes:
    return f"lyb-head:1|{chain_of}|{seq}|{head}".encode()


def sign(purpose: str, text: str) -> str:
    """Sign a statement of another kind; ``purpose`` keeps it from passing for one of these heads, or of a third kind."""
    return _key(settings.AUDIT_SIGNING_KEY).sign(_named(purpose, text)).hex()


def is_ours(purpose: str, text: str, signature: str) -> bool:
    """Say whether :func:`sign` made this signature, with the key of today or one from before."""
    return _verifies(_named(purpose, text), signature)


def key_name() -> str:
    """Name the key without telling it: the beginning of a digest of its public half."""
    public = _key(settings.AUDIT_SIGNING_KEY).public_key().public_bytes_raw()
    return hashlib.sha256(public).hexdigest()[:16]


def sign_head(chain_of: UUID, seq: int, head: str) -> str:
    """Sign “the chain of this city had this hash at this place”; 128 hexadecimal digits (Ed25519)."""
    return _key(settings.AUDIT_SIGNING_KEY).sign(_statement(chain_of, seq, head)).hex()


def is_signed(chain_of: UUID, seq: int, head: str, signature: str) -> bool:
    """Say whether the signature is ours: by the key of today, or one from before it was changed."""
    return _verifies(_statement(chain_of, seq, head), signature)


def _named(purpose: str, text: str) -> bytes:
    return f"{purpose}|{hashlib.sha256(text.encode()).hexdigest()}".encode()


def _verifies(statement: bytes, signature: str) -> bool:
    keys = [settings.AUDIT_SIGNING_KEY, *settings.AUDIT_SIGNING_KEYS_BEFORE]
    return any(_is_signed_by(key, statement, signature) for key in keys)


def _is_signed_by(key: str, statement: bytes, signature: str) -> bool:
    try:
        _key(key).public_key().verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True
