"""What a token looks like: a prefix that scanners of leaked secrets know, 256 random bits, a checksum.

The checksum tells a slip of the pen from a token that is wrong, without asking the database.
"""

import re
import secrets
import string
from hashlib import sha256
from zlib import crc32

PREFIX = "lyb_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_LENGTH = 43
"""62 letters and digits: 43 of them are more than 256 bits. A double click marks them all."""
_CHECK_LENGTH = 6
_SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_SECRET_LENGTH + _CHECK_LENGTH}}}")


def new_secret() -> str:
    secret = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
    return f"{PREFIX}{secret}{_checksum(secret)}"


def is_well_formed(text: str) -> bool:
    """Say whether the text can be a token of ours at all."""
    if _SHAPE.fullmatch(text) is None:
        return False
    secret = text[len(PREFIX) : -_CHECK_LENGTH]
    return text[-_CHECK_LENGTH:] == _checksum(secret)


def secret_hash(text: str) -> str:
    """Return what the table keeps. Plain SHA-256: nobody guesses 256 bits, so nothing need be slow."""
    return sha256(text.encode()).hexdigest()


def _checksum(secret: str) -> str:
    number, digits = crc32(secret.encode()), ""
    for _ in range(_CHECK_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
