"""Photos: decode within limits, turn upright, shrink, write anew as JPEG without metadata."""

from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from grants.applications.errors import FileRefusedError

LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 480
QUALITY = 82

_one_at_a_time = BoundedSemaphore(1)
"""Sixty million pixels are 180 MB while they are decoded: one such picture per process is enough."""


@dataclass(frozen=True, slots=True)
class Photo:
    content: bytes
    width: int
    height: int
    thumbnail: bytes


def make_photo(file: IO[bytes], kind: str) -> Photo:
    """Return the picture as a new JPEG of at most 2560 pixels a side, and a small one for lists.

    ``kind`` is Pillow's name of the one format that is tried. Raises ``FileRefusedError``.
    """
    # Imported where it is used: pages that take no photos start faster without it.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    if kind == "HEIF":
        import pi_heif  # noqa: PLC0415

        pi_heif.register_heif_opener()
    with _one_at_a_time:
        try:
            with Image.open(file, formats=[kind]) as image:
                return _written_anew(image)
        except Image.DecompressionBombError:
            raise _too_many_pixels() from None
        except (
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            RuntimeError,
            UnidentifiedImageError,
            OverflowError,
            MemoryError,
        ) as error:
            raise FileRefusedError(
                _(
                    "We could not open this photo. It may be damaged. Please take it again, or choose another one."
                )
            ) from error


def _written_anew(image: Any) -> Photo:
    from PIL import ImageOps  # noqa: PLC0415

    if image.width * image.height > settings.UPLOAD_MAX_PIXELS:
        raise _too_many_pixels()
    # JPEG can be decoded at an eighth to a half of its size, which saves most of the time and memory.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture = _as_rgb(image)
    ImageOps.exif_transpose(picture, in_place=True)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    content = _jpeg(picture)
    width, height = picture.size
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Photo(content, width, height, _jpeg(picture))


def _as_rgb(image: Any) -> Any:
    """Return the first frame in sRGB on white, still knowing which way is up."""
    from PIL import Image  # noqa: PLC0415

    orientation = image.getexif().get(0x0112)
    profile = image.info.get("icc_profile")
    if "transparency" in image.info or image.mode in {"RGBA", "LA", "PA", "RGBa", "La"}:
        upon = Image.new("RGBA", image.size, "white")
        upon.alpha_composite(image.convert("RGBA"))
        picture = upon.convert("RGB")
    else:
        picture = _in_srgb(image, profile).convert("RGB")
    if orientation:
        picture.getexif()[0x0112] = orientation
    return picture


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """Phones take pictures in wider colours; a JPEG without a profile is read as sRGB."""
    if not profile or image.mode != "RGB":
        return image
    from PIL import ImageCms  # noqa: PLC0415

    try:
        wide = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, wide, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image


def _jpeg(picture: Any) -> bytes:
    from PIL import Image  # noqa: PLC0415

    # A fresh image: what hung on the old one (EXIF, XMP, comments) has no way over.
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _too_many_pixels() -> FileRefusedError:
    most = settings.UPLOAD_MAX_PIXELS // 1_000_000
    return FileRefusedError(
        _("This photo is too large: the most we can take is %(most)s megapixels. Please send a smaller copy.")
        % {"most": most}
    )
