"""Encryption of the few texts that may not lie readable in the database (sign-in codes, kept forms)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.BODY_ENCRYPTION_KEY.encode()).digest()))


def seal_body(text: str) -> str:
    """Encrypt ``text`` with the application's key."""
    return _fernet().encrypt(text.encode()).decode()


def open_body(sealed: str) -> str | None:
    """Decrypt what :func:`seal_body` made; ``None`` if it was tampered with or the key has changed."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
