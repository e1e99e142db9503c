"""The marks of the three kinds of engagement: told apart by shape, their stage by filling."""

from xml.etree import ElementTree as ET

from agreements.pictures.drawing.svg import add, points
from agreements.pictures.timeline import DONE, DOUBT, OFF

SIZE = 5.5


def mark(parent: ET.Element, kind: str, stage: str, x: float, y: float, size: float = SIZE) -> None:
    """Draw a square (agreement), disc (meeting) or triangle (exercise) around a point.

    Filled: it came about. Hollow: it is to come. Crossed: it was called off. With a dot: doubted.
    """
    look = "pic-solid" if stage == DONE else "pic-hollow"
    _shape(parent, kind, look, x, y, size)
    if stage == OFF:
        reach = size + 2
        ends = ((-reach, -reach, reach, reach), (-reach, reach, reach, -reach))
        for x1, y1, x2, y2 in ends:
            add(parent, "line", "pic-cross", x1=x + x1, y1=y + y1, x2=x + x2, y2=y + y2)
    elif stage == DOUBT:
        add(parent, "circle", "pic-solid", cx=x, cy=y + (size / 5), r=size / 4, stroke="none")


def _shape(parent: ET.Element, kind: str, look: str, x: float, y: float, size: float) -> None:
    if kind == "meeting":
        add(parent, "circle", look, cx=x, cy=y, r=size)
    elif kind == "agreement":
        side = size * 0.92
        add(parent, "rect", look, x=x - side, y=y - side, width=2 * side, height=2 * side)
    else:
        top, base = y - size * 1.05, y + size * 0.9
        corners = points(((x, top), (x + size * 1.12, base), (x - size * 1.12, base)))
        add(parent, "polygon", look, points=corners, stroke_linejoin="round")
