"""Geometry of the charts: numbers in, SVG coordinates out. Nothing here knows HTML."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# The plot stretches to the room there is; words stand beside it in HTML, so they keep their size.
WIDTH, HEIGHT = 1000, 300


@dataclass(frozen=True)
class Point:
    """One value of a chart. ``text`` is how it is written (money, say); ``url`` leads to its rows."""

    label: str
    value: float
    text: str = ""
    url: str = ""

    @property
    def shown(self) -> str:
        return self.text or f"{self.value:,.10g}"


@dataclass(frozen=True)
class Series:
    """One line of a line chart."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands and what it says."""

    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """A drawn series: SVG points, the area below it, and where it ends."""

    name: str
    path: str
    area: str
    end_x: float
    end_y: float


def nice_ceiling(value: float) -> float:
    """Round up to 1, 2, 2.5, 5 or 10 times a power of ten, so that the axis reads easily."""
    if value <= 0:
        return 1
    scale = 10.0 ** math.floor(math.log10(value))
    return next(step * scale for step in (1, 2, 2.5, 5, 10) if value <= step * scale)


def axis(top: float) -> list[Tick]:
    """Horizontal grid lines from zero to ``top``, at whole numbers: half an application tells nothing."""
    count = next((count for count in (4, 5, 2) if top % count == 0), 1)
    steps = [top * index / count for index in range(count + 1)]
    return [Tick(at=_y(step, top), text=f"{step:,.10g}") for step in steps]


def lines(series: Sequence[Series]) -> tuple[list[Line], float]:
    """Lay out every series over a common scale; returns them with the scale's top."""
    top = nice_ceiling(max((point.value for each in series for point in each.points), default=0))
    return [_line(each, top) for each in series], top


def _line(series: Series, top: float) -> Line:
    last = max(len(series.points) - 1, 1)
    places = [
        (round(WIDTH * index / last, 1), _y(each.value, top)) for index, each in enumerate(series.points)
    ]
    path = " ".join(f"{x},{y}" for x, y in places)
    end_x, end_y = places[-1] if places else (0, HEIGHT)
    area = f"0,{HEIGHT} {path} {end_x},{HEIGHT}" if places else ""
    return Line(name=series.name, path=path, area=area, end_x=end_x, end_y=end_y)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - HEIGHT * value / top, 1)


def labels_below(points: Sequence[Point], most: int = 6) -> list[str]:
    """Choose the labels under a line chart: first, last and a few evenly between."""
    last = len(points) - 1
    count = min(most, len(points))
    chosen = sorted({round(last * index / max(count - 1, 1)) for index in range(count)})
    return [points[index].label for index in chosen]


@dataclass(frozen=True)
class Bar:
    """A drawn bar of a horizontal bar chart, in thousandths of the full width."""

    point: Point
    share: float


def bars(points: Sequence[Point]) -> list[Bar]:
    """Scale each point against the largest."""
    top = max((point.value for point in points), default=0) or 1
    return [Bar(point=point, share=round(1000 * max(point.value, 0) / top, 1)) for point in points]
