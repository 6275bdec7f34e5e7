"""Where files of documents lie: in the storage, under random keys that tell nothing."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER = "documents"
GRACE = timedelta(hours=1)
"""A file is stored seconds before its document is marked; younger ones are let alone."""


def store(path: Path, content_type: str) -> str:
    """Put the file into the storage and return its key."""
    with path.open("rb") as content:
        file = File(content)
        file.content_type = content_type  # type: ignore[attr-defined]  # S3 would else guess
        return default_storage.save(f"{FOLDER}/{uuid4().hex}", file)


def discard(keys: Iterable[str]) -> int:
    """Delete these files; one that is gone already is no matter. Returns how many there were."""
    count = 0
    for key in keys:
        default_storage.delete(key)
        count += 1
    return count


def unlinked(linked: set[str]) -> Iterator[str]:
    """Return the keys of files that are in no document, young ones apart."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    before = timezone.now() - GRACE
    for name in names:
        key = f"{FOLDER}/{name}"
        if name and key not in linked and default_storage.get_modified_time(key) < before:
            yield key
