"""Encryption of the few texts that may not lie readable in the database (sign-in codes, kept forms, factors' secrets)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _fernet() -> MultiFernet:
    """The first key encrypts; those from before it only read.

    So do those derived from the secret keys: an installation that gets its first own body key wrote with them.
    """
    derived = ["body:" + secret for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    keys = [settings.BODY_ENCRYPTION_KEY, *settings.BODY_ENCRYPTION_KEYS_BEFORE, *derived]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys]
    )


def seal_body(text: str) -> str:
    """Encrypt ``text`` with the application's key."""
    return _fernet().encrypt(text.encode()).decode()


def open_body(sealed: str) -> str | None:
    """Decrypt what :func:`seal_body` made; ``None`` if it was tampered with or its key is gone."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def reseal_body(sealed: str) -> str | None:
    """Encrypt with the present key what lies under any; ``None`` if it can't be opened."""
    try:
        return _fernet().rotate(sealed.encode()).decode()
    except InvalidToken:
        return None
