"""From an uploaded image to a logo that can be shown to everybody: re-encoded, small, without metadata."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from cities.tenancy.errors import RuleError
from cities.tenancy.models import new_id

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
SIDE = 512
"""Longest side of the stored image, in pixels: twice the largest place where it is shown."""
LARGEST_BYTES = 5_000_000


class NotAnImageError(RuleError):
    """The file can't be a logo."""


def encode_logo(upload: Any) -> bytes:
    """Return the upload as a PNG no larger than ``SIDE``. Raises ``NotAnImageError`` with the reason.

    Whatever else was in the file (metadata, a script behind the picture) does not survive.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - heavy, and only uploads need it

    if upload.size > LARGEST_BYTES:
        raise NotAnImageError(_("This file is too large for a logo. Use one of at most 5 MB."), field="logo")
    try:
        with Image.open(upload, formats=FORMATS) as image:
            has_too_many = image.width * image.height > settings.UPLOAD_MAX_PIXELS
            upright = None if has_too_many else ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:  # Pillow raises many kinds on broken files
        raise NotAnImageError(
            _("This is not an image that we can read. Use a PNG, JPEG, WebP or GIF file."), field="logo"
        ) from error
    if upright is None:
        raise NotAnImageError(_("This image has too many pixels. Use a smaller one."), field="logo")
    upright.thumbnail((SIDE, SIDE))
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def store_logo(png: bytes) -> str:
    """Store the image under a name that tells nothing, and return it. Outside of any transaction."""
    return default_storage.save(f"logos/{new_id().hex}.png", ContentFile(png))
