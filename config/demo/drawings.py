"""Small drawn pictures that stand for phone photos of a place."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

SIZE = (640, 480)
SMALL = (320, 240)
HORIZON = 300
Color = tuple[int, int, int]

SKIES: tuple[Color, ...] = ((168, 201, 226), (196, 213, 224), (221, 214, 200), (150, 182, 214))
GROUNDS: tuple[Color, ...] = ((150, 146, 136), (134, 150, 108), (166, 156, 132), (122, 128, 120))
HOUSES: tuple[Color, ...] = ((158, 84, 66), (191, 170, 132), (120, 134, 150), (176, 122, 92), (208, 198, 180))
LEAVES: tuple[Color, ...] = ((74, 112, 62), (96, 134, 74), (58, 96, 70))
BRIGHT: tuple[Color, ...] = ((214, 92, 70), (236, 176, 66), (64, 134, 160), (150, 96, 160), (88, 150, 96))


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture: a JPEG without metadata, and a small one for lists."""

    content: bytes
    thumbnail: bytes
    sha256: str
    width: int
    height: int


def picture(rng: Random, scene: str) -> Picture:
    """Draw one view of ``scene``, never twice the same."""
    image = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(image)
    _street(draw, rng)
    SCENES.get(scene, _lot)(draw, rng)
    content = _jpeg(image)
    image.thumbnail(SMALL)
    return Picture(content, _jpeg(image), hashlib.sha256(content).hexdigest(), *SIZE)


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=68)
    return buffer.getvalue()


def _street(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """Houses in a row, pavement, ground."""
    left = -rng.randint(0, 60)
    while left < SIZE[0]:
        width, height = rng.randint(80, 140), rng.randint(110, 200)
        color, top = rng.choice(HOUSES), HORIZON - height
        draw.rectangle((left, top, left + width, HORIZON), fill=color)
        if rng.random() < 0.5:  # noqa: PLR2004
            draw.polygon(
                ((left, top), (left + width / 2, top - 34), (left + width, top)), fill=_darker(color)
            )
        for column in range(2):
            for row in range(max(1, height // 62)):
                x, y = left + 14 + column * (width - 46), top + 18 + row * 58
                draw.rectangle((x, y, x + 20, y + 30), fill=(226, 222, 196), outline=_darker(color))
        left += width + rng.choice((0, 0, 0, 34))
    draw.rectangle((0, HORIZON, *SIZE), fill=rng.choice(GROUNDS))
    draw.rectangle((0, HORIZON, SIZE[0], HORIZON + 22), fill=(188, 184, 176))


def _lot(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """Bare ground, weeds and what people left."""
    for _ in range(60):
        x, y = rng.randint(0, 640), rng.randint(HORIZON + 30, 470)
        draw.line((x, y, x + rng.randint(-6, 6), y - rng.randint(8, 26)), fill=rng.choice(LEAVES), width=2)
    for _ in range(rng.randint(2, 4)):
        x, y = rng.randint(40, 560), rng.randint(340, 430)
        draw.ellipse((x, y, x + 54, y + 40), fill=(52, 50, 50), outline=(30, 28, 28), width=4)
        draw.ellipse((x + 17, y + 12, x + 37, y + 28), fill=(120, 116, 108))


def _wall(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    color = rng.choice(HOUSES)
    draw.rectangle((60, 90, 580, 400), fill=color)
    for row in range(90, 400, 16):
        draw.line((60, row, 580, row), fill=_darker(color))
        for x in range(60 + (row // 16 % 2) * 18, 580, 36):
            draw.line((x, row, x, row + 16), fill=_darker(color))
    for _ in range(4):
        x, y = rng.randint(90, 420), rng.randint(130, 330)
        draw.rectangle((x, y, x + rng.randint(50, 130), y + rng.randint(24, 60)), fill=(172, 170, 166))


def _trees(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for x in range(90, 640, rng.randint(120, 190)):
        height = rng.randint(90, 190)
        draw.rectangle((x - 5, HORIZON + 20 - height // 2, x + 5, HORIZON + 24), fill=(98, 74, 54))
        draw.ellipse((x - 44, HORIZON - height, x + 44, HORIZON - height + 96), fill=rng.choice(LEAVES))
        draw.rectangle((x - 24, HORIZON + 16, x + 24, HORIZON + 26), fill=(92, 74, 58))


def _bench(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    x = rng.randint(150, 330)
    draw.rectangle((x + 200, 180, x + 208, 420), fill=(92, 96, 100))
    draw.rectangle((x + 180, 160, x + 230, 196), fill=rng.choice(BRIGHT))
    draw.rectangle((x, 366, x + 150, 378), fill=(140, 104, 66))
    draw.rectangle((x, 336, x + 150, 346), fill=(140, 104, 66))
    for leg in (10, 136):
        draw.rectangle((x + leg, 346, x + leg + 8, 412), fill=(70, 66, 62))


def _lamps(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for x in (120, 330, 540):
        draw.rectangle((x, 130, x + 6, 400), fill=(64, 66, 70))
        lit = rng.random() < 0.4  # noqa: PLR2004
        draw.ellipse((x - 12, 112, x + 18, 142), fill=(250, 226, 140) if lit else (96, 96, 98))


def _crossing(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    draw.rectangle((0, HORIZON + 22, 640, 480), fill=(86, 88, 92))
    for x in range(40, 620, 70):
        if rng.random() < 0.75:  # noqa: PLR2004
            draw.polygon(((x, 470), (x + 34, 470), (x + 26, 360), (x + 4, 360)), fill=(214, 212, 204))


def _beds(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for row, y in enumerate((346, 404)):
        for x in range(50 + row * 30, 560, 130):
            draw.rectangle((x, y, x + 100, y + 34), fill=(88, 64, 46), outline=(150, 116, 78), width=5)
            for _ in range(rng.randint(3, 9)):
                px = x + rng.randint(10, 90)
                draw.ellipse((px - 8, y - rng.randint(2, 16), px + 8, y + 12), fill=rng.choice(LEAVES))


def _flowers(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for _ in range(130):
        x, y = rng.randint(10, 630), rng.randint(HORIZON + 40, 465)
        draw.line((x, y, x, y - 16), fill=rng.choice(LEAVES), width=2)
        draw.ellipse((x - 5, y - 22, x + 5, y - 12), fill=rng.choice(BRIGHT))


def _boxes(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for x in (110, 300, 470):
        height = rng.randint(100, 150)
        draw.rectangle((x, 410 - height, x + 84, 410), fill=(132, 138, 140), outline=(84, 90, 92), width=4)
        for _ in range(rng.randint(2, 5)):
            px, py = x + rng.randint(8, 58), 410 - rng.randint(30, height - 6)
            draw.rectangle((px, py, px + 20, py + 14), fill=rng.choice(BRIGHT))


def _people(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for x in range(80, 580, rng.randint(54, 80)):
        top, color = rng.randint(316, 344), rng.choice(BRIGHT)
        draw.ellipse(
            (x - 11, top - 24, x + 11, top), fill=rng.choice(((120, 84, 62), (196, 152, 120), (90, 62, 48)))
        )
        draw.rectangle((x - 14, top, x + 14, top + 56), fill=color)
        draw.rectangle((x - 12, top + 56, x + 12, top + 92), fill=(60, 66, 82))


def _rain(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    draw.ellipse((90, 356, 560, 466), fill=(112, 136, 152))
    draw.ellipse((140, 370, 500, 450), fill=(136, 160, 176))
    for _ in range(40):
        x, y = rng.randint(0, 640), rng.randint(0, 340)
        draw.line((x, y, x - 4, y + 14), fill=(206, 216, 224), width=1)


def _darker(color: Color) -> Color:
    return (color[0] * 3 // 4, color[1] * 3 // 4, color[2] * 3 // 4)


SCENES: dict[str, Callable[[ImageDraw.ImageDraw, Random], None]] = {
    "lot": _lot,
    "alley": _lot,
    "shed": _lot,
    "wall": _wall,
    "mosaic": _wall,
    "sign": _bench,
    "bench": _bench,
    "trees": _trees,
    "hedge": _trees,
    "lamps": _lamps,
    "street": _crossing,
    "crosswalk": _crossing,
    "beds": _beds,
    "flowers": _flowers,
    "boxes": _boxes,
    "kits": _boxes,
    "table": _people,
    "walkers": _people,
    "rain": _rain,
}
