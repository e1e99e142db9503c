"""Elements of SVG, built safely, and how wide text is."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from agreements.text import as_xml

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
INK, SOFT, LINE, MARK, PALE, PAPER, LAND = (
    *("#16303f", "#46586a", "#c3ced6", "#1f5a78"),
    *("#d3e3ec", "#ffffff", "#e9ecea"),
)
_EDGE = {
    "stroke": PAPER,
    "stroke-width": "3",
    "stroke-linejoin": "round",
    "paint-order": "stroke",
}
# Of each class, what it looks like outside the page. Text has at least 4.5:1 on paper and on
# pale, marks 3:1; tests hold this for both the light and the dark page.
LOOK: dict[str, dict[str, str]] = {
    "pic-paper": {"fill": PAPER},
    "pic-text": {"fill": INK, "font-size": "13"},
    "pic-strong": {"fill": INK, "font-size": "13", "font-weight": "600"},
    "pic-soft": {"fill": SOFT, "font-size": "12"},
    # These two stand over lines, with an edge of paper.
    "pic-label": {"fill": SOFT, "font-size": "12", **_EDGE},
    "pic-named": {"fill": INK, "font-size": "13", **_EDGE},
    "pic-grid": {"stroke": LINE, "stroke-width": "1", "fill": "none"},
    "pic-axis": {"stroke": SOFT, "stroke-width": "1", "fill": "none"},
    "pic-solid": {"fill": MARK, "stroke": MARK, "stroke-width": "1.6"},
    "pic-hollow": {"fill": PAPER, "stroke": MARK, "stroke-width": "1.8"},
    "pic-stroke": {"fill": "none", "stroke": MARK, "stroke-width": "1.8"},
    "pic-cross": {"fill": "none", "stroke": INK, "stroke-width": "2"},
    "pic-bar": {"fill": PALE, "stroke": MARK, "stroke-width": "1"},
    "pic-open": {"fill": "none", "stroke": MARK, "stroke-width": "1.4"},
    "pic-tie": {"fill": "none", "stroke": "#6f8fa3"},
    "pic-onmark": {"fill": PAPER, "font-size": "12", "font-weight": "600"},
    "pic-shade": {"fill": MARK},
    "pic-land": {"fill": LAND, "stroke": "none"},
}
# The room for a title above.
_HEADING = 40
# They would turn the words around them.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NARROW = frozenset("iljtfrI.,:;'|!()[]/ -·’‘")
_WIDE = frozenset("mwMWQOGD@%&—…–")


@dataclass(frozen=True)
class Drawn:
    """How a picture is drawn: within a page, or headed as a file; with links or without."""

    headed: bool = False
    linked: bool = False


def clean(text: str) -> str:
    """Return text as XML can hold it, on one line."""
    text = _TURNING.sub("", as_xml(text))
    return " ".join(text.split())


def number(value: float) -> str:
    """Return a coordinate: at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def add(
    parent: ET.Element, tag: str, look: str = "", text: str | None = None, **attributes: Any
) -> ET.Element:
    """Append an element; `look` is a class of LOOK, attribute names have _ for -."""
    given = {"class": look, **LOOK[look]} if look else {}
    for name, value in attributes.items():
        if value is not None:
            shown = number(value) if isinstance(value, int | float) else clean(str(value))
            given[name.rstrip("_").replace("_", "-")] = shown
    element = ET.SubElement(parent, tag, given)
    if text is not None:
        element.text = clean(text)
    return element


def root(
    size: tuple[float, float], name: str, title: str, description: str, kind: Drawn
) -> ET.Element:
    """Begin a picture of a width and height; its title stands above it where it is headed.

    One with links is a group to assistive technology, since nobody gets into an image.
    """
    width, height = size
    above = _HEADING if kind.headed else 0
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 {-above} {number(width)} {number(height + above)}",
            "width": number(width),
            "height": number(height + above),
            "class": "picture-drawing",
            "role": "group" if kind.linked else "img",
            "aria-labelledby": f"{name}-title {name}-description",
            "font-family": FONT,
        },
    )
    add(svg, "title", text=title, id=f"{name}-title")
    add(svg, "desc", text=description, id=f"{name}-description")
    add(svg, "rect", "pic-paper", x=0, y=-above, width=width, height=height + above)
    if kind.headed:
        add(svg, "text", "pic-strong", title, x=14, y=-14, font_size=16)
    return svg


def blank(title: str, text: str) -> str:
    """Return a picture that only says something."""
    svg = root((560, 120), "nothing", title, text, Drawn(headed=True))
    add(svg, "text", "pic-soft", text, x=280, y=64, text_anchor="middle")
    return text_of(svg)


def link(parent: ET.Element, address: str | None, title: str) -> ET.Element:
    """Append a group that names itself, and leads to an address where there is one."""
    group = add(parent, "a" if address else "g", href=address)
    add(group, "title", text=title)
    return group


def text_of(svg: ET.Element) -> str:
    """Return the picture as text, to stand in a page."""
    return ET.tostring(svg, encoding="unicode")


def width_of(text: str, size: float) -> float:
    """Return how wide text is at most, in the units of `size`; fonts differ, so it is generous."""
    return sum(map(_width, unicodedata.normalize("NFC", text))) * size


def _width(char: str) -> float:
    plain = unicodedata.normalize("NFD", char)[0]
    if plain in _NARROW:
        return 0.38
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if plain in _WIDE:
        return 0.98
    return 0.69 if plain.isupper() else 0.585


def fitted(text: str, room: float, size: float) -> str:
    """Return text that is no wider than `room`; what it loses, it loses from its middle.

    Titles often begin alike, and differ in their last words.
    """
    text = clean(text)
    if width_of(text, size) <= room:
        return text
    left = room - width_of(" … ", size)
    begins = _whole_words(_beginning(text, left * 0.62, size))
    ends = _whole_words(_beginning(text[::-1], left - width_of(begins, size), size))[::-1]
    return f"{begins} … {ends}"


def _whole_words(text: str) -> str:
    """Return text without its last word, which may be cut, unless it has no other."""
    return text.rpartition(" ")[0] or text


def _beginning(text: str, room: float, size: float) -> str:
    used = 0.0
    for place, char in enumerate(text):
        used += width_of(char, size)
        if used > room:
            return text[:place]
    return text


def in_lines(text: str, room: float, size: float, most: int = 2) -> list[str]:
    """Return text in lines no wider than `room`, the last one cut where they would be more."""
    lines: list[str] = []
    words = clean(text).split(" ")
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(fitted(line, room, size))
    return [*lines, fitted(" ".join(words), room, size)] if words else lines


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Return the corners of a polygon as SVG writes them."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in pairs)
