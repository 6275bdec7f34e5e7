"""Tell what a file really is by its first bytes, and make it safe or refuse it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from grants.applications.errors import FileRefusedError

from .images import make_photo
from .names import clean_name
from .pdfs import plain_pdf

JPEG, PNG, WEBP, HEIF, PDF = "JPEG", "PNG", "WEBP", "HEIF", "PDF"

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A file that may be stored: its bytes, what it is, and for a photo its size and small twin."""

    content: IO[bytes]
    name: str
    content_type: str
    size_bytes: int
    sha256: str
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def read_upload(file: UploadedFile[Any]) -> ReadyFile:
    """Return the file made safe. Raises ``FileRefusedError`` with what the person can do instead.

    Slow (a large photo takes about a second): call it outside of any transaction.
    """
    _require_size(file)
    file.seek(0)
    kind = _kind_of(file.read(32))
    file.seek(0)
    if kind == PDF:
        return _read_pdf(file)
    if kind is not None:
        return _read_photo(file, kind)
    raise FileRefusedError(
        _(
            "We can’t take this kind of file. Please add a photo (JPEG, PNG, HEIC or WebP) or a PDF. You can save most papers as PDF."
        )
    )


def _require_size(file: UploadedFile[Any]) -> None:
    if not file.size:
        raise FileRefusedError(_("This file is empty. Please choose it again."))
    if file.size > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 1_000_000
        raise FileRefusedError(
            _("This file is too large. The most we can take is %(most)s MB. Please send a smaller one.")
            % {"most": most}
        )


def _kind_of(head: bytes) -> str | None:
    """Return what the first bytes say, whatever the name or the browser claims."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIF
    return PDF if head.startswith(b"%PDF-") else None


def _read_photo(file: UploadedFile[Any], kind: str) -> ReadyFile:
    photo = make_photo(file, kind)
    return ReadyFile(
        content=BytesIO(photo.content),
        name=clean_name(file.name or "", ".jpg", "photo"),
        content_type="image/jpeg",
        size_bytes=len(photo.content),
        sha256=hashlib.sha256(photo.content).hexdigest(),
        width=photo.width,
        height=photo.height,
        thumbnail=photo.thumbnail,
    )


def _read_pdf(file: UploadedFile[Any]) -> ReadyFile:
    content = plain_pdf(file.read())
    return ReadyFile(
        content=BytesIO(content),
        name=clean_name(file.name or "", ".pdf", "document"),
        content_type="application/pdf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
