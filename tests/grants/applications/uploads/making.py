"""Files that people and attackers send."""

import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

HEIC = (Path(__file__).parent / "samples" / "photo.heic").read_bytes()


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    out = BytesIO()
    image = Image.new(mode, size, options.pop("color", "green"))
    image.save(out, kind, **options)
    return out.getvalue()


def geotagged(orientation: int = 6) -> bytes:
    """A photo that knows where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Phone of Odessa Rhee"
    exif.get_ifd(0x8825).update(
        {
            1: "N",
            2: (IFDRational(39), IFDRational(17), IFDRational(24)),
            3: "W",
            4: (IFDRational(76), IFDRational(36), IFDRational(43)),
        }
    )
    return picture(exif=exif, comment=b"GPS 39.29,-76.61")


def pdf(objects: bytes = b"", *, tail: bytes = b"") -> bytes:
    body = (
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        + objects
    )
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n" + tail


def object_stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return (
        b"5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        % (len(packed), packed)
    )


def sent(content: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)
