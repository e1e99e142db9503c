"""Where the points of a map stand, and their labels: on nothing else, near where they belong.

The busiest come first. A point that would lie on another moves aside, and a line leads to its
place; a label that has no room is left out, and a pointer or the table says it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt

from agreements.pictures.drawing.places import Box, Point, overlap
from agreements.pictures.drawing.svg import fitted, width_of
from agreements.pictures.map import Spot

NAME, COUNT = 12.5, 12
_SMALLEST, _GROWING = 9.5, 11.0
_APART = 3
_LONGEST = 170
_DIRECTIONS, _STEP, _MOST_STEPS = 16, 5, 60


@dataclass(frozen=True)
class Placed:
    """A point with its circle, the place that it stands for, and its label where it has room."""

    spot: Spot
    x: float
    y: float
    size: float
    home: Point
    label: str = ""
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"

    @property
    def moved(self) -> bool:
        return (self.x, self.y) != self.home

    @property
    def box(self) -> Box:
        return self.x - self.size, self.y - self.size, self.x + self.size, self.y + self.size


def placed(homes: Sequence[tuple[Spot, Point]], width: float, height: float) -> list[Placed]:
    """Return each spot in its place; a spot comes with where it belongs."""
    most = max((spot.number for spot, _ in homes), default=1)
    circles: list[Placed] = []
    for spot, home in homes:
        size = _size(spot.number, most)
        x, y = _free(home, size, circles, width, height)
        circles.append(Placed(spot, x, y, size, home))
    taken = [circle.box for circle in circles]
    found = []
    for circle in circles:
        found.append(_labelled(circle, taken, width, height))
    return found


def _size(number: int, most: int) -> float:
    room = width_of(str(number), COUNT) / 2 + 3
    return max(room, _SMALLEST + _GROWING * sqrt((number - 1) / most))


def _free(home: Point, size: float, circles: list[Placed], width: float, height: float) -> Point:
    for step in range(_MOST_STEPS):
        for turn in range(_DIRECTIONS if step else 1):
            angle = 2 * pi * turn / _DIRECTIONS
            x, y = home[0] + step * _STEP * cos(angle), home[1] + step * _STEP * sin(angle)
            if not (size <= x <= width - size and size <= y <= height - size):
                continue
            if all(
                hypot(x - other.x, y - other.y) >= size + other.size + _APART for other in circles
            ):
                return x, y
    return home


def _labelled(circle: Placed, taken: list[Box], width: float, height: float) -> Placed:
    text = fitted(circle.spot.name, _LONGEST, NAME)
    wide, away = width_of(text, NAME), circle.size + 4
    for anchor, x, y in (
        ("start", circle.x + away, circle.y + 4),
        ("end", circle.x - away, circle.y + 4),
        ("middle", circle.x, circle.y - away - 3),
        ("middle", circle.x, circle.y + away + 10),
    ):
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        # With some room between it and the next.
        box = (left - 3, y - 11, left + wide + 3, y + 4)
        inside = box[0] >= 2 and box[1] >= 2 and box[2] <= width - 2 and box[3] <= height - 2
        if inside and not any(overlap(box, other) for other in taken):
            taken.append(box)
            return Placed(
                *(circle.spot, circle.x, circle.y, circle.size, circle.home),
                *(text, x, y, anchor),
            )
    return circle
