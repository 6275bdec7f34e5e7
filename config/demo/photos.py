"""Photos of places: stored like uploads, each a row and an object of its own."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.storage import default_storage

from grants.applications.models import Application, Attachment
from grants.applications.uploads import ReadyFile, store_upload, thumbnail_key

from .drawings import picture

NAMES = ("IMG_{:04d}.jpg", "photo-{:04d}.jpg", "PXL_{:04d}.jpg", "corner-{:04d}.jpg")


def attach_photos(
    rng: Random, application: Application, scene: str, files: list[Attachment], *, at: datetime, most: int
) -> dict[str, Any]:
    """Store one to ``most`` photos of an application and return its answer to the question ``photos``."""
    new = [_photo(rng, application, scene, at) for _ in range(rng.randint(1, most))]
    files.extend(new)
    return {"photos": [str(attachment.pk) for attachment in new]}


def _photo(rng: Random, application: Application, scene: str, at: datetime) -> Attachment:
    drawn = picture(rng, scene)
    stored = store_upload(
        ReadyFile(
            content=BytesIO(drawn.content),
            name=rng.choice(NAMES).format(rng.randint(1, 9999)),
            content_type="image/jpeg",
            size_bytes=len(drawn.content),
            sha256=drawn.sha256,
            width=drawn.width,
            height=drawn.height,
            thumbnail=drawn.thumbnail,
        )
    )
    return Attachment(
        city_id=application.city_id,
        application=application,
        question="photos",
        file=stored.key,
        name=stored.name,
        content_type=stored.content_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        width=stored.width,
        height=stored.height,
        uploaded_by=application.applicant,
        created_at=at,
    )


def delete_stored(files: Sequence[Attachment]) -> None:
    """Take stored photos away again, after their rows were not written."""
    for key in (str(attachment.file) for attachment in files):
        default_storage.delete(key)
        default_storage.delete(thumbnail_key(key))
