"""Write agreements/pictures/land.txt: the outlines of land, from Natural Earth.

Natural Earth (https://www.naturalearthdata.com/) is in the public domain; world-atlas carries its
land at 1:50 million as TopoJSON. Corners nearer than 0.1 degrees to the line without them are left
out, islands smaller than that, and what lies south of 60 degrees. Give the file:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/land_outlines.py package/land-50m.json
"""

import json
import sys
from collections.abc import Iterator
from itertools import accumulate
from math import hypot
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parent.parent / "agreements" / "pictures" / "land.txt"
TOLERANCE = 0.1
# Nobody's coast guard is further south.
SOUTHERNMOST = -60

Point = tuple[float, float]


def rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield the outlines: of land, and of lakes and seas within it."""
    (scale_x, scale_y), (left, top) = (topology["transform"][key] for key in ("scale", "translate"))

    def corners(arc: int) -> list[Point]:
        steps = topology["arcs"][arc if arc >= 0 else ~arc]
        xs = accumulate(step[0] for step in steps)
        ys = accumulate(step[1] for step in steps)
        found = [(x * scale_x + left, y * scale_y + top) for x, y in zip(xs, ys, strict=True)]
        return found if arc >= 0 else found[::-1]

    for geometry in topology["objects"]["land"]["geometries"]:
        several = geometry["type"] == "MultiPolygon"
        for polygon in geometry["arcs"] if several else [geometry["arcs"]]:
            for ring in polygon:
                yield unbroken([point for arc in ring for point in corners(arc)[:-1]])


def unbroken(ring: list[Point]) -> list[Point]:
    """Return a ring that goes on beyond 180 degrees."""
    found = ring[:1]
    for x, y in ring[1:]:
        before = found[-1][0]
        found.append((x + 360 * round((before - x) / 360), y))
    return found


def simplified(points: list[Point]) -> list[Point]:
    """Return the ends of a line and those of its corners that matter (Douglas and Peucker)."""
    kept, left = {0, len(points) - 1}, [(0, len(points) - 1)]
    while left:
        first, last = left.pop()
        between = range(first + 1, last)
        if not between:
            continue
        far = max(between, key=lambda place: away(points[place], points[first], points[last]))
        if away(points[far], points[first], points[last]) > TOLERANCE:
            kept.add(far)
            left += [(first, far), (far, last)]
    return [points[place] for place in sorted(kept)]


def away(point: Point, start: Point, end: Point) -> float:
    """Return how far a point is from a stretch."""
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    share = 0.0
    if length:
        share = (point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]
        share = min(1.0, max(0.0, share / length))
    return hypot(
        point[0] - start[0] - share * along[0],
        point[1] - start[1] - share * along[1],
    )


def outline(ring: list[Point]) -> list[Point]:
    """Return a ring with the corners that matter; nothing where that is no more than a line."""
    far = max(range(len(ring)), key=lambda place: away(ring[place], ring[0], ring[0]))
    halves = simplified(ring[: far + 1])[:-1], simplified([*ring[far:], ring[0]])[:-1]
    found = [(round(x, 2), round(y, 2)) for half in halves for x, y in half]
    corners = [point for place, point in enumerate(found) if point != found[place - 1]]
    return corners if len(corners) > 2 else []


if __name__ == "__main__":
    read = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    seen = (ring for ring in rings(read) if max(y for _, y in ring) > SOUTHERNMOST)
    outlines = filter(None, map(outline, seen))
    lines = sorted(" ".join(f"{x:g},{y:g}" for x, y in each) for each in outlines)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
