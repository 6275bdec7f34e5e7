"""Signatures of chain heads, with a key that lies outside the database."""

import hashlib
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


@lru_cache(maxsize=4)
def _key(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(b"lyb audit head\0" + secret.encode()).digest()
    )


def _statement(chain_of: UUID, seq: int, head: str) -> bytes:
    return f"lyb-head:1|{chain_of}|{seq}|{head}".encode()


def sign_head(chain_of: UUID, seq: int, head: str) -> str:
    """Sign “the chain of this city had this hash at this place”; 128 hexadecimal digits (Ed25519)."""
    return _key(settings.AUDIT_SIGNING_KEY).sign(_statement(chain_of, seq, head)).hex()


def is_signed(chain_of: UUID, seq: int, head: str, signature: str) -> bool:
    """Say whether the signature is ours."""
    public = _key(settings.AUDIT_SIGNING_KEY).public_key()
    try:
        public.verify(bytes.fromhex(signature), _statement(chain_of, seq, head))
    except (InvalidSignature, ValueError):
        return False
    return True
