"""What a file is called on a page: a stranger's text, so it is tidied before anybody reads it."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_LENGTH = 100

_SPACES = re.compile(r"\s+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters. Among them those that turn the reading direction: ``gpj.exe`` would be read as ``exe.jpg``."""


def clean_name(name: str, suffix: str, fallback: str) -> str:
    """Return a display name: no path, nothing invisible, the suffix of what the file really is."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if character in "\t\n\r" else character for character in last if _is_seen(character))
    stem = PurePosixPath(_SPACES.sub(" ", seen).strip(" .")).stem.strip(" .")
    stem = re.sub(r'[<>"|?*:;]', "", stem)[: MAX_LENGTH - len(suffix)].strip(" .")
    return f"{stem or fallback}{suffix}"


def _is_seen(character: str) -> bool:
    return character in "\t\n\r" or unicodedata.category(character) not in _UNSEEN
