"""The timeline as SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.pictures import words
from agreements.pictures.drawing import counted, legend, undated
from agreements.pictures.drawing.axis import Axis, axis
from agreements.pictures.drawing.marks import SIZE, mark
from agreements.pictures.drawing.signs import of_timeline
from agreements.pictures.drawing.svg import (
    Drawn,
    add,
    fitted,
    link,
    number,
    root,
    text_of,
    width_of,
)
from agreements.pictures.timeline import Entry, Lane, Timeline

WIDTH, LEFT, RIGHT = 940, 150, 928
# Above the lanes: the labels of the axis.
TOP = 34
# So many marks have their titles beside them; of more, only a pointer and the table tell.
MOST_TITLES = 90
TITLE_ROOM, ENOUGH_ROOM, LEAST_ROOM = 400, 240, 120
_TITLED_ROW, _BARE_ROW = 23, 17
_SMALL = 12
_GAP = 7
# A bar that is narrower than its mark says nothing.
_LEAST_BAR = 2 * SIZE + 4

Addresses = Callable[[str, str], str | None]


@dataclass(frozen=True)
class Placed:
    """A mark with its place: its bar from `left` to `right`, what it takes up, and its row."""

    entry: Entry
    left: float
    right: float
    title: str
    title_x: float
    anchor: str
    row: int

    @property
    def x(self) -> float:
        return _mark_x(self.entry, self.left, self.right)


def draw(
    picture: Timeline,
    address: Addresses | None = None,
    column: counted.Addresses | None = None,
    headed: bool = False,
) -> str:
    """Return the SVG. `address` gives where a record (kind, slug) is found; without, no links.

    `column` gives where the records of a column are listed.
    """
    along = axis(spans(picture), LEFT, RIGHT) if picture.dated else None
    lanes = _laid_out(picture, along) if along else []
    lanes_height = sum(height for _, _, height in lanes)
    listed = undated.height(picture.without_date) if picture.without_date else 0
    bottom = TOP * bool(along) + lanes_height
    below = bottom + (28 if along and _tall(bottom) else 0)
    signs = legend.rows(of_timeline(picture), WIDTH)
    height = below + listed + legend.height(signs)
    title, description = words.timeline_title(picture), words.timeline_description(picture)
    svg = root((WIDTH, height), "timeline", title, description, Drawn(headed, address is not None))
    if along:
        _borders(svg, lanes)
        _scale(svg, along, bottom)
        y: float = TOP
        for lane, places, tall in lanes:
            _head(svg, picture.by, lane, y)
            if picture.counted:
                counted.draw(svg, picture, lane, along, y, tall, column)
            for place in places:
                _entry(svg, place, y + _row_height(picture) * (place.row + 0.5) + 6, address)
            y += tall
    if picture.without_date:
        undated.draw(svg, picture, below, address)
    legend.draw(svg, signs, below + listed, WIDTH, ruled=below + listed > bottom)
    return text_of(svg)


def spans(picture: Timeline) -> list[tuple[date, date]]:
    """Return the days, first and last, that the picture has to have room for."""
    found = []
    for lane in picture.lanes:
        found += [(entry.first, _last(entry)) for entry in lane.entries]
        for period in lane.counts:
            months = (period.month or 1, period.month or 12)
            found.append(tuple(date(period.year, month, 28) for month in months))  # type: ignore[arg-type]
    return found or [(date(2000, 1, 1), date(2000, 12, 31))]


def _last(entry: Entry) -> date:
    return entry.date.latest or entry.first if entry.date else entry.first


def _titled(picture: Timeline) -> bool:
    return sum(len(lane.entries) for lane in picture.lanes) <= MOST_TITLES


def _row_height(picture: Timeline) -> float:
    return _TITLED_ROW if _titled(picture) else _BARE_ROW


def _laid_out(picture: Timeline, along: Axis) -> list[tuple[Lane, list[Placed], float]]:
    """Return each lane with its marks in rows, and how tall it is."""
    found: list[tuple[Lane, list[Placed], float]] = []
    for lane in picture.lanes:
        if picture.counted:
            found.append((lane, [], counted.HEIGHT))
            continue
        places = placed(lane.entries, along, _titled(picture))
        rows = max(place.row for place in places) + 1
        found.append((lane, places, max(rows * _row_height(picture), 34) + 12))
    return found


def placed(entries: Sequence[Entry], along: Axis, titled: bool) -> list[Placed]:
    """Give each entry the first row in which it and its title lie on nothing."""
    rows: list[list[tuple[float, float]]] = []
    found = []
    sized = [(_extent(entry, along), entry) for entry in entries]
    for (left, right), entry in sorted(sized, key=lambda each: each[0]):
        title, anchor, x = _title(entry, left, right, titled)
        room = width_of(title, _SMALL)
        taken = (
            min(left, x - room if anchor == "end" else left) - _GAP,
            max(right, x + room if anchor == "start" else right) + _GAP,
        )
        row = next((number for number, row in enumerate(rows) if _fits(row, taken)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(taken)
        found.append(Placed(entry, left, right, title, x, anchor, row))
    return found


def _fits(row: list[tuple[float, float]], taken: tuple[float, float]) -> bool:
    return all(taken[0] >= right or taken[1] <= left for left, right in row)


def _extent(entry: Entry, along: Axis) -> tuple[float, float]:
    """The days that an entry may mean, and where none bounds it, up to the edge."""
    known = entry.date
    assert known is not None
    edges = along.segments[0].left, along.segments[-1].right
    left = along.place(known.earliest.toordinal()) if known.earliest else edges[0]
    right = along.place_of_end(known.latest.toordinal()) if known.latest else edges[1]
    if right - left < _LEAST_BAR:
        middle = (left + right) / 2
        return middle - SIZE - 1, middle + SIZE + 1
    return left, right


def _title(entry: Entry, left: float, right: float, titled: bool) -> tuple[str, str, float]:
    """The title beside a mark, right of it unless there is more room on the other side.

    Where a bar leaves no room, it stands on the bar. Without titles, only doubts are told.
    """
    text = f"{words.doubt(entry.date)} {entry.title if titled else ''}".strip()
    after, before = RIGHT - right - _GAP, left - _GAP - LEFT
    wanted = min(width_of(text, _SMALL), ENOUGH_ROOM)
    if max(after, before) < min(wanted, LEAST_ROOM):
        x = _mark_x(entry, left, right) + SIZE + _GAP
        return fitted(text, RIGHT - x - 2 * _GAP, _SMALL), "start", x
    if after >= wanted or after >= before:
        return fitted(text, min(after, TITLE_ROOM), _SMALL), "start", right + _GAP
    return fitted(text, min(before, TITLE_ROOM), _SMALL), "end", left - _GAP


def _mark_x(entry: Entry, left: float, right: float) -> float:
    """On its day, in the middle of its bar, or at the end that is known."""
    known = entry.date
    if known is not None and known.latest is None:
        return left + SIZE
    if known is not None and known.earliest is None:
        return right - SIZE
    return (left + right) / 2


def _borders(svg: ET.Element, lanes: list[tuple[Lane, list[Placed], float]]) -> None:
    y: float = TOP
    for _lane, _places, tall in lanes:
        y += tall
        add(svg, "line", "pic-grid", x1=0, y1=y, x2=WIDTH, y2=y)


def _scale(svg: ET.Element, along: Axis, bottom: float) -> None:
    group = add(svg, "g", aria_hidden="true")
    ends = [(TOP, TOP - 14.0), (bottom, bottom + 20)][: 2 if _tall(bottom) else 1]
    for tick in along.ticks():
        add(group, "line", "pic-grid", x1=tick.x, y1=TOP - 8, x2=tick.x, y2=bottom)
        look = "pic-strong" if tick.strong else "pic-soft"
        for _line, y in ends:
            add(group, "text", look, tick.text, x=tick.x, y=y, text_anchor="middle")
    for segment in along.segments:
        for y, _text in ends:
            add(group, "line", "pic-axis", x1=segment.left, y1=y, x2=segment.right, y2=y)
    for left, right, first, last in along.cuts():
        _cut(group, left, right, bottom)
        span = str(first) if first == last else f"{first}–{last}"
        add(group, "title", text=_("Nothing is dated %(years)s.") % {"years": span})


def _tall(bottom: float) -> bool:
    """Whether the labels of the axis stand below the lanes too."""
    return bottom > 560


def _cut(svg: ET.Element, left: float, right: float, bottom: float) -> None:
    """Two wavy lines, between which years are left out."""
    middle = (left + right) / 2
    for x in (middle - 4, middle + 4):
        steps = "".join(
            f"q{4 if turn % 2 else -4},4 0,8" for turn in range(int((bottom - TOP + 8) // 8))
        )
        add(svg, "path", "pic-grid", d=f"M{number(x)},{TOP - 8}{steps}")


def _head(svg: ET.Element, by: str, lane: Lane, y: float) -> None:
    """What a lane is of, with its mark where that is a kind, and how many records it has."""
    x = 14
    if by == "kind":
        mark(svg, lane.key, "done", x + SIZE, y + 19)
        x += 22
    name = fitted(words.lane_name(by, lane), LEFT - x - 18, 13)
    add(svg, "text", "pic-strong", name, x=x, y=y + 23.5)
    size = ngettext("%(number)d record", "%(number)d records", lane.size) % {"number": lane.size}
    add(svg, "text", "pic-soft", size, x=x, y=y + 40)


def _entry(svg: ET.Element, place: Placed, y: float, address: Addresses | None) -> None:
    entry = place.entry
    where = address(entry.kind, entry.slug) if address else None
    group = link(svg, where, words.entry(entry))
    if place.right - place.left > _LEAST_BAR:
        _bar(group, place, y)
    mark(group, entry.kind, entry.stage, place.x, y)
    if place.title and place.left < place.title_x < place.right:
        # A title on its bar lies on paper.
        wide = width_of(place.title, _SMALL) + 6
        add(group, "rect", "pic-paper", x=place.title_x - 3, y=y - 8, width=wide, height=16)
    if place.title:
        add(
            group, "text", "pic-label", place.title,
            x=place.title_x, y=y + 4.2, text_anchor=place.anchor,
        )  # fmt: skip


def _bar(group: ET.Element, place: Placed, y: float) -> None:
    """All the days that a date may mean; dashed where it is qualified, open where it has no end."""
    known = place.entry.date
    assert known is not None
    dashes = "3 2.5" if known.qualified else None
    if known.earliest and known.latest:
        add(
            group, "rect", "pic-bar", x=place.left, y=y - 4.5, rx=4.5, height=9,
            width=place.right - place.left, stroke_dasharray=dashes,
        )  # fmt: skip
        return
    away = 1 if known.earliest else -1
    start, end = (place.left, place.right) if known.earliest else (place.right, place.left)
    end -= 3 * away
    add(group, "line", "pic-open", x1=start, y1=y, x2=end, y2=y, stroke_dasharray="7 4")
    arrow = f"M{number(end - 6 * away)},{number(y - 4.5)}l{6 * away},4.5 {-6 * away},4.5"
    add(group, "path", "pic-open", d=arrow)
