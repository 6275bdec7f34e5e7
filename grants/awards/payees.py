"""Whether the words for a payee mean a person: by name or e-mail, since nobody is asked for the payee's account."""

import unicodedata
from typing import Any


def is_named(user: Any, words: str) -> bool:
    """Say whether ``words`` are the person's name or e-mail, whatever their case, accents and spaces."""
    plain = _plain(words)
    return bool(plain) and plain in {_plain(user.name), _plain(user.email)}


def _plain(words: str) -> str:
    # NFKD parts letters from their accents. Those (Mn) go, and so does what nobody sees (Cf), a zero-width space say.
    apart = unicodedata.normalize("NFKD", words)
    kept = "".join(each for each in apart if unicodedata.category(each) not in {"Mn", "Cf"})
    return " ".join(kept.casefold().split())
