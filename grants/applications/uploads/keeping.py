"""Where files lie: in the storage under random keys, linked to an answer afterwards or swept away."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from cities.tenancy.models import new_id

from .reading import ReadyFile

FOLDER = "attachments"
_SMALL = "-small"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in the storage and is linked to nothing yet. ``key`` is its name there."""

    key: str
    name: str
    content_type: str
    size_bytes: int
    sha256: str
    width: int | None = None
    height: int | None = None


def store_upload(ready: ReadyFile) -> StoredFile:
    """Write the file, and its small twin, under a key that tells nothing of city, person or file."""
    key = default_storage.save(f"{FOLDER}/{new_id().hex}", _typed(File(ready.content), ready.content_type))
    if ready.thumbnail is not None:
        default_storage.save(thumbnail_key(key), _typed(ContentFile(ready.thumbnail), "image/jpeg"))
    return StoredFile(
        key, ready.name, ready.content_type, ready.size_bytes, ready.sha256, ready.width, ready.height
    )


def _typed(file: File[bytes], content_type: str) -> File[bytes]:
    """Tell S3 what it keeps: a key without a suffix would else be taken for any bytes."""
    file.content_type = content_type  # type: ignore[attr-defined]
    return file


def thumbnail_key(key: str) -> str:
    return f"{key}{_SMALL}"


def main_key(key: str) -> str:
    """Return the key of the file that a stored object belongs to: itself, or the one it is the small twin of."""
    return key.removesuffix(_SMALL)
