"""From degrees to places in a drawing: a window on the world around what is to be seen.

Degrees are drawn as straight lines, and as wide as they are in the middle of the window.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path

_LAND = Path(__file__).parent.with_name("land.txt")
# The outlines end there.
_LOWEST, _HIGHEST = -60.0, 84.0
# Degrees around the outermost points, and the least that a window shows.
_AROUND, _LEAST = 6.0, 34.0
# Height by width.
_FLATTEST, _TALLEST = 0.45, 0.62
_STEPS = (1, 2, 5, 10, 20, 30, 60)
_MOST_LINES = 8

Point = tuple[float, float]
Ring = Sequence[Point]


@dataclass(frozen=True)
class Window:
    """What is seen, in degrees east and north, in a drawing of a width; east may pass 180."""

    west: float
    south: float
    east: float
    north: float
    width: float

    @property
    def height(self) -> float:
        return self.width * (self.north - self.south) / (self.east - self.west) / self._narrowing

    @property
    def _narrowing(self) -> float:
        return cos(radians((self.south + self.north) / 2))

    def place(self, east: float, north: float) -> Point:
        """Return the x and y of a point, from the upper left corner."""
        x = (east - self.west) / (self.east - self.west) * self.width
        y = (self.north - north) / (self.north - self.south) * self.height
        return x, y

    def near(self, east: float) -> float:
        """Return a longitude as it counts in this window."""
        return self.west + (east - self.west) % 360

    def meridians(self) -> Iterator[int]:
        yield from _lines(self.west, self.east)

    def parallels(self) -> Iterator[int]:
        yield from _lines(self.south, self.north, (self.east - self.west))

    def land(self) -> Iterator[Ring]:
        """Yield the outlines of land within the window, as places in the drawing."""
        for ring, (left, low, right, high) in _outlines():
            for turn in (-360, 0, 360):
                if left + turn > self.east or right + turn < self.west:
                    continue
                if low > self.north or high < self.south:
                    continue
                seen = self._cut([(x + turn, y) for x, y in ring])
                if len(seen) > 2:
                    yield [self.place(x, y) for x, y in seen]

    def _cut(self, ring: Ring) -> Ring:
        """Return what of a ring lies within, side by side (Sutherland and Hodgman)."""
        for axis, limit, sign in (
            (0, self.west, 1),
            (0, self.east, -1),
            (1, self.south, 1),
            (1, self.north, -1),
        ):
            ring = list(_beyond(ring, axis, limit, sign))
        return ring


def _beyond(ring: Ring, axis: int, limit: float, sign: int) -> Iterator[Point]:
    for place, point in enumerate(ring):
        before = ring[place - 1]
        inside = (point[axis] - limit) * sign >= 0
        if inside != ((before[axis] - limit) * sign >= 0):
            share = (limit - before[axis]) / (point[axis] - before[axis])
            yield (
                before[0] + share * (point[0] - before[0]),
                before[1] + share * (point[1] - before[1]),
            )
        if inside:
            yield point


def _lines(first: float, last: float, span: float | None = None) -> Iterator[int]:
    span = last - first if span is None else span
    step = next((each for each in _STEPS if span / each <= _MOST_LINES), _STEPS[-1])
    degree = -int(-first // step) * step
    while degree < last:
        if degree > first:
            yield degree
        degree += step


def window(points: Iterable[Point], width: float) -> Window:
    """Return a window around points (degrees east and north), on whichever side of the world."""
    points = list(points)
    west, east = _narrowest(sorted({x for x, _ in points}))
    south, north = (edge(y for _, y in points) for edge in (min, max))
    west, east = _widened(west - _AROUND, east + _AROUND, _LEAST)
    south, north = _widened(south - _AROUND, north + _AROUND, _LEAST * _FLATTEST)
    narrowing = cos(radians((max(south, _LOWEST) + min(north, _HIGHEST)) / 2))
    seen = (east - west) * narrowing
    if north - south < _FLATTEST * seen:
        south, north = _widened(south, north, _FLATTEST * seen)
    elif north - south > _TALLEST * seen:
        west, east = _widened(west, east, (north - south) / _TALLEST / narrowing)
    if east - west > 360:
        west, east = _widened(west, east, 0, 360)
    return Window(west, max(south, _LOWEST), east, min(north, _HIGHEST), width)


def _narrowest(easts: list[float]) -> Point:
    """Return the first and last of longitudes, beginning after the widest gap between two."""
    gaps = [
        ((after - before) % 360 or 360, after, before)
        for before, after in zip([easts[-1], *easts], easts, strict=False)
    ]
    _gap, first, last = max(gaps)
    return first, first + (last - first) % 360


def _widened(first: float, last: float, least: float, most: float = 360) -> Point:
    middle, half = (first + last) / 2, min(most, max(last - first, least)) / 2
    return middle - half, middle + half


@cache
def _outlines() -> list[tuple[Ring, tuple[float, float, float, float]]]:
    """Return every outline with its western, southern, eastern and northern ends."""
    found = []
    for line in _LAND.read_text(encoding="utf-8").splitlines():
        corners = [tuple(map(float, corner.split(","))) for corner in line.split(" ")]
        ring: Ring = [(x, y) for x, y in corners]
        easts, norths = zip(*ring, strict=True)
        found.append((ring, (min(easts), min(norths), max(easts), max(norths))))
    return found
