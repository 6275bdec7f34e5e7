"""Neighborhoods drawn for the demo: a bent honeycomb around the city's center.

The shapes and names are invented. Neighbors share their corners, so the map has no gaps; the same city
always gets the same shapes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Self

from .cities import DemoCity

KM_PER_DEGREE = 111.32
CELLS_ACROSS = 1.9
"""How many cells fit into the city's reach, on average."""

Point = tuple[float, float]
"""Longitude, latitude."""

_RING = (
    (4, 0), (3, 1), (2, 2), (0, 2), (-2, 2), (-3, 1), (-4, 0), (-3, -1), (-2, -2), (0, -2), (2, -2), (3, -1),
)  # fmt: skip
"""Corners of a hexagon with the middles of its sides, on a grid that all cells share."""

_CORNER_BEND, _SIDE_BEND = 0.22, 0.13


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """One invented area: its ring of corners and its middle."""

    name: str
    ring: tuple[Point, ...]
    middle: Point
    radius_km: float

    @property
    def geometry(self) -> dict[str, object]:
        return {"type": "Polygon", "coordinates": [[list(point) for point in (*self.ring, self.ring[0])]]}

    def somewhere(self, rng: Random) -> Point:
        """Return a point well inside: within half of the radius around the middle."""
        angle, distance = rng.uniform(0, 2 * math.pi), self.radius_km * 0.5 * math.sqrt(rng.random())
        longitude, latitude = self.middle
        east, north = distance * math.cos(angle), distance * math.sin(angle)
        return _moved(longitude, latitude, east, north)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A honeycomb laid over one city: how long a side is, in kilometers, and how far it is turned."""

    city: DemoCity
    side: float
    turn: float

    @classmethod
    def over(cls, city: DemoCity) -> Self:
        side = city.reach / CELLS_ACROSS / math.sqrt(len(city.neighborhoods) / 7)
        return cls(city, side, Random(city.slug).uniform(0, math.pi / 3))  # noqa: S311

    def cell(self, name: str, column: int, row: int) -> Neighborhood:
        x, y = 6 * column, 4 * row + 2 * column
        ring = tuple(
            self.placed(x + right, y + up, _SIDE_BEND if number % 2 else _CORNER_BEND)
            for number, (right, up) in enumerate(_RING)
        )
        return Neighborhood(name, ring, self.placed(x, y, 0), self.side * 0.8)

    def placed(self, column: int, row: int, bend: float) -> Point:
        """Return where a grid point lies on earth. What bends it depends on the point alone: neighbors agree."""
        city = self.city
        bends = Random(f"{city.slug} {column} {row}")  # noqa: S311
        x, y = column / 4 + bends.uniform(-bend, bend), row * math.sqrt(3) / 4 + bends.uniform(-bend, bend)
        east = self.side * (x * math.cos(self.turn) - y * math.sin(self.turn))
        north = self.side * (x * math.sin(self.turn) + y * math.cos(self.turn))
        return _moved(city.longitude, city.latitude, east, north)


def neighborhoods(city: DemoCity) -> tuple[Neighborhood, ...]:
    """Return the city's neighborhoods, the one named first in the middle."""
    grid = _Grid.over(city)
    return tuple(
        grid.cell(name, column, row)
        for name, (column, row) in zip(city.neighborhoods, _spiral(), strict=False)
    )


def _spiral() -> Iterator[tuple[int, int]]:
    """Yield hexagon coordinates (axial) ring by ring around the center."""
    yield 0, 0
    steps = ((-1, 1), (-1, 0), (0, -1), (1, -1), (1, 0), (0, 1))
    for ring in range(1, 6):
        column, row = ring, 0
        for step_column, step_row in steps:
            for _ in range(ring):
                yield column, row
                column, row = column + step_column, row + step_row


def _moved(longitude: float, latitude: float, east_km: float, north_km: float) -> Point:
    per_degree = KM_PER_DEGREE * math.cos(math.radians(latitude))
    return round(longitude + east_km / per_degree, 6), round(latitude + north_km / KM_PER_DEGREE, 6)
