"""The network as SVG: shapes for the kinds of force, width and number for how often."""

from collections.abc import Callable
from math import cos, pi, sin, sqrt
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from agreements.pictures import words
from agreements.pictures.drawing import legend
from agreements.pictures.drawing.places import HUB, WIDTH, Layout, Line, Node, layout
from agreements.pictures.drawing.svg import (
    Drawn,
    add,
    link,
    number,
    points,
    root,
    text_of,
    width_of,
)
from agreements.pictures.network import Network, Tie

_THINNEST, _WIDENING = 1.3, 8.5

Addresses = Callable[[Tie], str | None]


def draw(picture: Network, address: Addresses | None = None, headed: bool = False) -> str:
    """Return the SVG; `address` gives where the records of a tie are listed, if anywhere."""
    title, description = words.network_title(), words.network_description(picture)
    places = layout(picture, {side: words.below(side) for side in picture.sides})
    kinds = dict.fromkeys(side.kind for side in sorted(picture.sides, key=lambda side: side.kind))
    more = words.others(picture)
    rows = legend.rows([_legend_of(kind) for kind in kinds] + [_ties_legend()], WIDTH)
    bottom = places.height + (22 if more else 0)
    height = bottom + legend.height(rows)
    svg = root((WIDTH, height), "network", title, description, Drawn(headed, address is not None))
    most = max((line.tie.weight for line in places.lines), default=1)
    # The thick over the thin, since thin ones would cut them.
    for line in reversed(places.lines):
        _line(svg, line, most, address(line.tie) if address else None)
    _numbers(svg, places)
    for node in places.nodes:
        _node(svg, node, picture.weights[node.side])
    if more:
        add(svg, "text", "pic-soft", more, x=WIDTH / 2, y=bottom - 6, text_anchor="middle")
    legend.draw(svg, rows, bottom, WIDTH)
    return text_of(svg)


def _line(svg: ET.Element, line: Line, most: int, where: str | None) -> None:
    (x1, y1), (x, y), (x2, y2) = line.start, line.bend, line.end
    group = link(svg, where, words.tie(line.tie))
    path = f"M{number(x1)},{number(y1)}Q{number(x)},{number(y)} {number(x2)},{number(y2)}"
    width = _THINNEST + _WIDENING * sqrt((line.tie.weight - 1) / max(most - 1, 1))
    add(group, "path", "pic-tie", d=path, stroke_width=width)


def _numbers(svg: ET.Element, places: Layout) -> None:
    group = add(svg, "g", aria_hidden="true", pointer_events="none")
    for line in places.lines:
        if line.number is None:
            continue
        x, y = line.number
        text = str(line.tie.weight)
        wide = width_of(text, 12) + 6
        add(group, "rect", "pic-paper", x=x - wide / 2, y=y - 8, width=wide, height=16, rx=8)
        add(group, "text", "pic-strong", text, x=x, y=y + 4.2, font_size=12, text_anchor="middle")


def _node(svg: ET.Element, node: Node, weight: int) -> None:
    group = link(svg, None, words.node(node.side, weight))
    shape(group, node.side.kind, node.x, node.y, node.size)
    code = node.side.country
    size = (13 if node.size == HUB else 11) if len(code) == 2 else 7.5
    look = "pic-strong" if node.side.is_country else "pic-onmark"
    add(
        group, "text", look, code,
        x=node.x, y=node.y + size * 0.36, font_size=size, text_anchor="middle",
    )  # fmt: skip
    add(
        group, "text", "pic-named", node.name,
        x=node.label_x, y=node.label_y, text_anchor=node.anchor,
    )  # fmt: skip
    if node.below:
        add(
            group, "text", "pic-label", node.below,
            x=node.label_x, y=node.label_y + 15, text_anchor=node.anchor, font_size=11.5,
        )  # fmt: skip


def shape(parent: ET.Element, kind: str, x: float, y: float, size: float) -> None:
    """Draw the shape of a kind of force, or of a country, around a point."""
    if kind == "country":
        add(
            parent, "rect", "pic-hollow", x=x - size, y=y - size * 0.72,
            width=2 * size, height=size * 1.44, rx=size * 0.3,
        )  # fmt: skip
    elif kind == "coast-guard":
        add(parent, "circle", "pic-solid", cx=x, cy=y, r=size)
    elif kind == "fisheries-enforcement":
        add(parent, "ellipse", "pic-solid", cx=x, cy=y, rx=size * 1.3, ry=size * 0.72)
    else:
        corners = points((x + size * across, y + size * down) for across, down in _outline(kind))
        add(parent, "polygon", "pic-solid", points=corners, stroke_linejoin="round")


def _outline(kind: str) -> list[tuple[float, float]]:
    """The corners of a shape around the origin, of about one unit each way."""
    if kind in _OUTLINES:
        return _OUTLINES[kind]
    corners, turn = _REGULAR.get(kind, (12, 0.0))
    # The kinds that have no shape of their own are stars: every second corner lies further in.
    inner = 1.15 if kind in _REGULAR else 0.85
    angles = [(turn + 2 * each / corners) * pi for each in range(corners)]
    reach = [1.15, inner]
    return [
        (reach[each % 2] * sin(angle), -reach[each % 2] * cos(angle))
        for each, angle in enumerate(angles)
    ]


# Corners, and by how many half turns the first is off the top.
_REGULAR = {
    "navy": (4, 0.0),
    "agency": (6, 0.0),
    "fusion-centre": (8, 1 / 8),
    "enforcement-centre": (5, 0.0),
}


_OUTLINES = {
    "ministry": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "local-government": [(-0.7, -0.8), (0.7, -0.8), (1.2, 0.8), (-1.2, 0.8)],
}


def _legend_of(kind: str) -> legend.Item:
    def sign(parent: ET.Element, x: float, y: float) -> None:
        shape(parent, kind, x, y, 7)

    return legend.Item(words.side_kind(kind), sign)


def _ties_legend() -> legend.Item:
    def sign(parent: ET.Element, x: float, y: float) -> None:
        add(parent, "path", "pic-tie", d=f"M{x - 10:.1f},{y:.1f}h20", stroke_width=5)

    return legend.Item(_("records that name both; the more, the wider"), sign)
