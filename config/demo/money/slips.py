"""Drawn receipts that stand for photographed ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from grants.applications.uploads import ReadyFile, store_upload

WIDTH, HEIGHT = 480, 640
SMALL = (240, 320)
PAPERS = ((252, 251, 247), (247, 244, 236), (250, 250, 252))
INK = (54, 52, 58)
TABLE = ((116, 92, 70), (84, 88, 96), (142, 128, 108))


@dataclass(frozen=True, slots=True)
class Slip:
    """A stored picture of a receipt."""

    key: str
    name: str
    size_bytes: int
    sha256: str

    def columns(self) -> dict[str, Any]:
        """Return what a receipt's row says of its picture."""
        return {
            "file": self.key,
            "file_name": self.name,
            "content_type": "image/jpeg",
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
            "width": WIDTH,
            "height": HEIGHT,
        }


def store_slip(rng: Random, shop: str, what: str, bought_on: date, cents: int) -> Slip:
    """Draw a receipt and store it as an upload would be."""
    image = _drawn(rng, shop, what, bought_on, cents)
    content = _jpeg(image)
    image.thumbnail(SMALL)
    digest = hashlib.sha256(content).hexdigest()
    ready = ReadyFile(
        content=BytesIO(content),
        name=f"receipt-{rng.randint(1, 9999):04d}.jpg",
        content_type="image/jpeg",
        size_bytes=len(content),
        sha256=digest,
        width=WIDTH,
        height=HEIGHT,
        thumbnail=_jpeg(image),
    )
    stored = store_upload(ready)
    return Slip(stored.key, stored.name, stored.size_bytes, digest)


def _drawn(rng: Random, shop: str, what: str, bought_on: date, cents: int) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), rng.choice(TABLE))
    draw = ImageDraw.Draw(image)
    left, top = rng.randint(50, 80), rng.randint(30, 60)
    draw.rectangle((left, top, WIDTH - left, HEIGHT - top), fill=rng.choice(PAPERS))
    title, text = ImageFont.load_default(26), ImageFont.load_default(19)
    draw.text((left + 24, top + 24), shop.upper(), fill=INK, font=title)
    draw.text(
        (left + 24, top + 66),
        f"{bought_on:%m/%d/%Y}  {rng.randint(8, 19):02d}:{rng.randint(0, 59):02d}",
        fill=INK,
        font=text,
    )
    first = cents * rng.randint(35, 65) // 100
    lines = [(what.split(",", maxsplit=1)[0][:22], first), ("Other items", cents - first)]
    for number, (words, part) in enumerate(lines):
        _line(draw, (left, top + 130 + 40 * number), words, part, text)
    draw.line((left + 20, top + 230, WIDTH - left - 20, top + 230), fill=INK, width=2)
    _line(draw, (left, top + 246), "TOTAL", cents, title)
    draw.text((left + 24, top + 320), f"CARD ****{rng.randint(1000, 9999)}", fill=INK, font=text)
    draw.text((left + 24, top + 360), "THANK YOU", fill=INK, font=text)
    return image.rotate(rng.uniform(-3, 3), fillcolor=rng.choice(TABLE))


def _line(draw: ImageDraw.ImageDraw, place: tuple[int, int], words: str, cents: int, font: Any) -> None:
    left, top = place
    draw.text((left + 24, top), words, fill=INK, font=font)
    draw.text((WIDTH - left - 24, top), f"{cents / 100:,.2f}", fill=INK, font=font, anchor="ra")


def _jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=60)
    return buffer.getvalue()
