"""The map as SVG: a circle with a number where records place something, over outlines of land."""

from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from agreements.pictures import map_words
from agreements.pictures.drawing import legend
from agreements.pictures.drawing.projection import Window, window
from agreements.pictures.drawing.spots import COUNT, NAME, Placed, placed
from agreements.pictures.drawing.svg import Drawn, add, link, number, root, text_of
from agreements.pictures.map import Map, Spot

WIDTH = 940
# Degrees stand below the map.
_FOOT, _SMALL = 20, 11

Addresses = Callable[[Spot], str | None]


def draw(picture: Map, address: Addresses | None = None, headed: bool = False) -> str:
    """Return the SVG; `address` gives where the records of a point are listed."""
    seen = window(
        ((spot.town.longitude, spot.town.latitude) for spot in picture.spots), width=WIDTH
    )
    homes = [
        (spot, seen.place(seen.near(spot.town.longitude), spot.town.latitude))
        for spot in picture.spots
    ]
    points = placed(homes, WIDTH, seen.height)
    rows = legend.rows(list(_signs(points)), WIDTH)
    bottom = seen.height + _FOOT
    height = bottom + legend.height(rows)
    title, description = map_words.title(), map_words.description(picture)
    svg = root((WIDTH, height), "map", title, description, Drawn(headed, address is not None))
    _land(svg, seen)
    _degrees(svg, seen)
    for point in points:
        if point.moved:
            (x, y), look = point.home, "pic-axis"
            add(svg, "line", look, x1=x, y1=y, x2=point.x, y2=point.y)
            add(svg, "circle", "pic-solid", cx=x, cy=y, r=2)
    for point in points:
        _point(svg, point, address(point.spot) if address else None)
    legend.draw(svg, rows, bottom, WIDTH)
    return text_of(svg)


def _land(svg: ET.Element, seen: Window) -> None:
    outlines = []
    for ring in seen.land():
        corners = (f"{number(x)},{number(y)}" for x, y in ring)
        outlines.append(f"M{'L'.join(corners)}Z")
    if outlines:
        add(svg, "path", "pic-land", d="".join(outlines), fill_rule="evenodd")


def _degrees(svg: ET.Element, seen: Window) -> None:
    """A line for each round degree, its name at the edge, and the frame."""
    group = add(svg, "g", aria_hidden="true")
    for degree in seen.meridians():
        x, _y = seen.place(degree, seen.north)
        add(group, "line", "pic-grid", x1=x, y1=0, x2=x, y2=seen.height)
        if 24 < x < WIDTH - 24:
            add(
                group, "text", "pic-soft", map_words.longitude(degree),
                x=x, y=seen.height + 15, text_anchor="middle", font_size=_SMALL,
            )  # fmt: skip
    for degree in seen.parallels():
        _x, y = seen.place(seen.west, degree)
        add(group, "line", "pic-grid", x1=0, y1=y, x2=WIDTH, y2=y)
        if 24 < y < seen.height - 12:
            add(
                group, "text", "pic-label", map_words.latitude(degree),
                x=6, y=y - 4, font_size=_SMALL,
            )  # fmt: skip
    add(group, "line", "pic-axis", x1=0, y1=seen.height, x2=WIDTH, y2=seen.height)


def _point(svg: ET.Element, point: Placed, where: str | None) -> None:
    group = link(svg, where, map_words.spot(point.spot))
    add(group, "circle", "pic-solid", cx=point.x, cy=point.y, r=point.size)
    add(
        group, "text", "pic-onmark", str(point.spot.number),
        x=point.x, y=point.y + 4.2, font_size=COUNT, text_anchor="middle",
    )  # fmt: skip
    if point.label:
        add(
            group, "text", "pic-named", point.label,
            x=point.label_x, y=point.label_y, text_anchor=point.anchor, font_size=NAME,
        )  # fmt: skip


def _signs(points: Sequence[Placed]) -> Iterator[legend.Item]:
    """The legend, and where coordinates and outlines come from."""

    def circle(parent: ET.Element, x: float, y: float) -> None:
        add(parent, "circle", "pic-solid", cx=x, cy=y, r=8)

    def moved(parent: ET.Element, x: float, y: float) -> None:
        add(parent, "line", "pic-axis", x1=x - 10, y1=y, x2=x + 6, y2=y)
        add(parent, "circle", "pic-solid", cx=x - 10, cy=y, r=2)
        add(parent, "circle", "pic-solid", cx=x + 6, cy=y, r=6)

    yield legend.Item(_("a place, with its number of records"), circle)
    if any(point.moved for point in points):
        yield legend.Item(_("moved aside; its line leads to its place"), moved)
    yield from map(legend.Item, map_words.sources())
