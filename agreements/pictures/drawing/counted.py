"""A lane of the timeline where there are too many records for marks: columns of numbers."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

from agreements.pictures import words
from agreements.pictures.drawing.axis import Axis
from agreements.pictures.drawing.svg import add, fitted, link, width_of
from agreements.pictures.timeline import Lane, Period, Timeline

HEIGHT = 96
_HEAD, _FOOT = 26, 8
_SMALL = 11


# Where the records of a column are listed, if anywhere.
Addresses = Callable[[Lane, Period], str | None]


def draw(
    svg: ET.Element,
    picture: Timeline,
    lane: Lane,
    along: Axis,
    y: float,
    tall: float,
    address: Addresses | None = None,
) -> None:
    """Draw how many records each month or year has, on one scale for all lanes."""
    most = max(max(each.counts.values(), default=1) for each in picture.lanes)
    base = y + tall - _FOOT
    places = {period: _place(period, along) for period in lane.counts}
    numbered = _numbered(lane, places)
    for period, number in lane.counts.items():
        left, right = places[period]
        high = max(2.0, (tall - _HEAD - _FOOT) * number / most)
        where = address(lane, period) if address else None
        group = link(svg, where, words.count(lane, picture.by, period, number))
        width = max(1.5, right - left - 1.2)
        add(
            group, "rect", "pic-bar", x=left + 0.6, y=base - high, width=width, height=high,
            stroke_width=0.8,
        )  # fmt: skip
        if period in numbered:
            add(
                group, "text", "pic-label", str(number), x=(left + right) / 2,
                y=base - high - 4, text_anchor="middle", font_size=_SMALL,
            )  # fmt: skip
    if lane.spread:
        text = fitted(words.spread(picture, lane), 130, _SMALL)
        add(svg, "text", "pic-soft", text, x=14, y=y + 58, font_size=_SMALL)


def _numbered(lane: Lane, places: dict[Period, tuple[float, float]]) -> set[Period]:
    """All periods where every number has room; else the highest alone."""
    if not lane.counts:
        return set()
    wide = max(width_of(str(number), _SMALL) for number in lane.counts.values())
    if all(wide <= right - left for left, right in places.values()):
        return set(lane.counts)
    return {max(lane.counts, key=lambda period: (lane.counts[period], period))}


def _place(period: Period, along: Axis) -> tuple[float, float]:
    first, last = period.days
    return along.place(first.toordinal()), along.place_of_end(last.toordinal())
