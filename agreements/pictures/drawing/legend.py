"""What the signs of a picture mean, below it: part of the picture, so that it goes along."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from agreements.pictures.drawing.svg import add, width_of

_LEFT, _TOP, _ROW = 14, 22, 24
_SIGN, _GAP, _SIZE = 30, 26, 12


@dataclass(frozen=True)
class Item:
    """A sign, drawn around a point, and its meaning; or a remark without a sign."""

    text: str
    sign: Callable[[ET.Element, float, float], None] | None = None

    @property
    def width(self) -> float:
        return self.indent + width_of(self.text, _SIZE) + _GAP

    @property
    def indent(self) -> float:
        return _SIGN if self.sign else 0


def rows(items: Sequence[Item], width: float) -> list[list[Item]]:
    """Return the items in rows that have room."""
    found: list[list[Item]] = [[]]
    used: float = _LEFT
    for item in items:
        if found[-1] and used + item.width > width:
            found.append([])
            used = _LEFT
        found[-1].append(item)
        used += item.width
    return found


def height(lines: Sequence[Sequence[Item]]) -> float:
    return _TOP + len(lines) * _ROW + 6


def draw(
    svg: ET.Element,
    lines: Sequence[Sequence[Item]],
    top: float,
    width: float,
    ruled: bool = True,
) -> None:
    """Draw the rows from `top` on, below a line unless there is one already."""
    if ruled:
        add(svg, "line", "pic-grid", x1=0, y1=top + 8, x2=width, y2=top + 8)
    for number, line in enumerate(lines):
        x: float = _LEFT
        y = top + _TOP + (number + 0.5) * _ROW
        for item in line:
            if item.sign:
                item.sign(svg, x + 11, y)
            add(svg, "text", "pic-soft", item.text, x=x + item.indent, y=y + 4.2)
            x += item.width
