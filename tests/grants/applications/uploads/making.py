"""Files that people and attackers send."""

import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
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
    """One empty page, then ``objects`` (numbers from 4)."""
    body = (
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>\nendobj\n" + objects
    )
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n" + tail


def whole_pdf(root: dict[str, Any], *, packed: bool = True, **options: Any) -> bytes:
    """As a program writes it, with a table of its objects and these entries in its catalog."""
    with pikepdf.new() as made:
        made.add_blank_page()
        for key, value in root.items():
            made.Root[key] = made.make_indirect(value)
        out = BytesIO()
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        made.save(out, object_stream_mode=mode, **options)
    return out.getvalue()


def bomb(size: int) -> bytes:
    """A PDF whose table of objects unpacks to so many bytes."""
    worker, block = zlib.compressobj(9), b"\0" * 20_000_000
    head, again = (worker.compress(block) + worker.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    packed = head + again * (size // len(block) - 1) + worker.flush()
    table = (
        b"4 0 obj\n<< /Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(packed)
    )
    start = pdf().partition(b"trailer")[0]
    return start + table + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(start)


def sent(content: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)
