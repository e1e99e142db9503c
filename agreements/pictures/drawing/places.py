"""Where the sides of a network stand: the busiest in the middle, the others around it.

Nothing is left to chance, so that the same data always gives the same picture. Each half of the
ring has its sides at even heights, so that no two labels can meet.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import hypot, sqrt

from agreements.pictures.drawing.svg import fitted, width_of
from agreements.pictures.network import Network, Tie
from agreements.pictures.sides import Side

WIDTH, MIDDLE = 940, 470
_REACH, _STEP, _LEAST_HEIGHT = 222, 46, 380
_TOP = 30
NODE, HUB = 15, 23
_NAME, _COUNTRY = 13, 11.5
# Where along a tie its number may stand, the best first.
_ALONG = (0.66, 0.58, 0.74, 0.5, 0.42, 0.82, 0.34)
_PLATE = 17
# Of the ties with most records, so many have their number; of others the table says it.
_MOST_NUMBERS = 30

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """A side with its place and its label's: `anchor` is start, middle or end of the text."""

    side: Side
    x: float
    y: float
    size: float
    name: str
    below: str
    label_x: float
    label_y: float
    anchor: str

    @property
    def box(self) -> Box:
        """What its label takes up: left, top, right, bottom."""
        wide = max(width_of(self.name, _NAME), width_of(self.below, _COUNTRY))
        left = {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        x = self.label_x - left
        return x, self.label_y - 12, x + wide, self.label_y + (19 if self.below else 5)

    @property
    def own_box(self) -> Box:
        return self.x - self.size, self.y - self.size, self.x + self.size, self.y + self.size


@dataclass(frozen=True)
class Line:
    """A tie as a curve from one node by `bend` to another; `number` is where its weight stands."""

    tie: Tie
    start: Point
    bend: Point
    end: Point
    number: Point | None


@dataclass(frozen=True)
class Layout:
    """Where everything is; `height` is how much of it there is."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    height: float


def layout(picture: Network, below: dict[Side, str]) -> Layout:
    """Return the places of all that is drawn; `below` has the second line of each label."""
    hub, *others = picture.sides
    right, left = _halves(others, picture.weights, hub)
    height = max(_LEAST_HEIGHT, _STEP * max(len(right), len(left)))
    centre = (MIDDLE, _TOP + height / 2)
    nodes = [_hub(hub, below[hub], centre)]
    for half, sign in ((right, 1), (left, -1)):
        for number, side in enumerate(half):
            y = _TOP + (number + 0.5) * height / len(half)
            rise = (y - centre[1]) / (height / 2 + 46)
            x = MIDDLE + sign * _REACH * sqrt(1 - rise * rise)
            nodes.append(_node(side, below[side], x, y, sign))
    return Layout(tuple(nodes), tuple(_lines(picture, nodes, centre)), _TOP + height + 10)


def _halves(
    others: list[Side], weights: dict[Side, int], hub: Side
) -> tuple[list[Side], list[Side]]:
    """Share the sides out, those of one country together, the hub's own on the left."""
    groups: dict[str, list[Side]] = defaultdict(list)
    for side in others:
        groups[side.country].append(side)
    right: list[Side] = []
    left = groups.pop(hub.country, [])
    ranked = sorted(
        groups.values(), key=lambda group: (-sum(weights[side] for side in group), group)
    )
    for group in ranked:
        (right if len(right) <= len(left) else left).extend(group)
    return right, left


def _hub(side: Side, below: str, centre: Point) -> Node:
    x, y = centre
    name = fitted(side.name, 240, _NAME)
    return Node(side, x, y, HUB, name, below, x, y + HUB + 17, "middle")


def _node(side: Side, below: str, x: float, y: float, sign: int) -> Node:
    at = x + sign * (NODE + 11)
    room = (WIDTH - at if sign > 0 else at) - 8
    name = fitted(side.name, room, _NAME)
    anchor = "start" if sign > 0 else "end"
    return Node(side, x, y, NODE, name, below, at, y + (-1 if below else 4.5), anchor)


def _lines(picture: Network, nodes: list[Node], centre: Point) -> list[Line]:
    by_side = {node.side: node for node in nodes}
    taken = [node.own_box for node in nodes] + [node.box for node in nodes]
    found: list[Line] = []
    for tie in picture.ties:
        one, other = by_side[tie.one], by_side[tie.other]
        # From the middle outwards, so that numbers stand where ties lie apart.
        if other.size == HUB:
            one, other = other, one
        start, end = (one.x, one.y), (other.x, other.y)
        bend = _bend(start, end, centre, straight=one.size == HUB)
        numbered = tie.weight > 1 and len(found) < _MOST_NUMBERS
        number = _number(tie, (start, bend, end), taken) if numbered else None
        found.append(Line(tie, start, bend, end, number))
    return found


def _bend(start: Point, end: Point, centre: Point, straight: bool) -> Point:
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    if straight:
        return middle
    to_centre = (centre[0] - middle[0], centre[1] - middle[1])
    if hypot(*to_centre) > 150:
        return middle[0] + 0.45 * to_centre[0], middle[1] + 0.45 * to_centre[1]
    # Across the middle: around the hub and its label, above it.
    return middle[0], centre[1] - 190


def curve(points: tuple[Point, Point, Point], share: float) -> Point:
    """Return the point of a quadratic curve at a share of its way."""
    rest = 1 - share
    x, y = (
        rest * rest * one + 2 * rest * share * bend + share * share * other
        for one, bend, other in zip(*points, strict=True)
    )
    return x, y


def _number(tie: Tie, points: tuple[Point, Point, Point], taken: list[Box]) -> Point | None:
    """Find room for a tie's number; None where there is none, and the table alone says it."""
    wide = width_of(str(tie.weight), 12) + 8
    for share in _ALONG:
        x, y = curve(points, share)
        box = (x - wide / 2, y - _PLATE / 2, x + wide / 2, y + _PLATE / 2)
        if not any(overlap(box, other) for other in taken):
            taken.append(box)
            return x, y
    return None


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share any ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
