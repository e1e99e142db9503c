"""The legends of the timeline and the matrix."""

from collections.abc import Callable, Iterable
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from agreements.pictures import words
from agreements.pictures.drawing.legend import Item
from agreements.pictures.drawing.marks import mark
from agreements.pictures.drawing.svg import add, number
from agreements.pictures.matrix import ACROSS, UNCERTAIN, Matrix
from agreements.pictures.selection import KINDS
from agreements.pictures.timeline import DONE, Entry, Timeline

Sign = Callable[[ET.Element, float, float], None]


def kinds() -> list[Item]:
    return [Item(words.kind_of(kind), _mark(kind, DONE)) for kind in KINDS]


def of_timeline(picture: Timeline) -> list[Item]:
    """Return what the timeline needs: of the ways to mark a date or a stage, those that it uses."""
    drawn = [entry for lane in picture.lanes for entry in lane.entries]
    everything = [*drawn, *picture.without_date]
    found = kinds() if everything else []
    stages = {entry.stage for entry in everything}
    for stage, name in words.STAGE_NAMES.items():
        if stage in stages:
            found.append(Item(str(name), _mark("meeting", stage)))
    if picture.counted:
        found.append(
            Item(_("records; where there is no room for all numbers, the highest alone"), _column)
        )
    if picture.undated > len(picture.without_date):
        found.append(Item(words.not_drawn(picture)))
    return found + list(_dates(drawn))


def _dates(entries: Iterable[Entry]) -> Iterable[Item]:
    dates = [entry.date for entry in entries if entry.date]
    if any(each.earliest and each.latest and each.earliest != each.latest for each in dates):
        yield Item(_("all the days that the date may mean"), _bar)
    if any(each.qualified for each in dates):
        yield Item(_("dashed, with ? uncertain or ~ approximate"), _dashed)
    if any(each.latest is None or each.earliest is None for each in dates):
        yield Item(_("goes on; this end is not known"), _open)


def of_matrix(picture: Matrix) -> list[Item]:
    found = [*kinds(), Item(_("the stronger, the more records"), _shades)]
    if ACROSS in picture.columns:
        found.append(Item(_("two years or more: from one year into another")))
    if UNCERTAIN in picture.columns:
        text = _("year not certain: none, approximate, uncertain, or with an open end")
        found.append(Item(text))
    return found


def _mark(kind: str, stage: str) -> Sign:
    def sign(parent: ET.Element, x: float, y: float) -> None:
        mark(parent, kind, stage, x, y)

    return sign


def _bar(parent: ET.Element, x: float, y: float) -> None:
    add(parent, "rect", "pic-bar", x=x - 12, y=y - 4.5, rx=4.5, width=24, height=9)


def _dashed(parent: ET.Element, x: float, y: float) -> None:
    add(
        parent, "rect", "pic-bar", x=x - 12, y=y - 4.5, rx=4.5, width=24, height=9,
        stroke_dasharray="3 2.5",
    )  # fmt: skip


def _open(parent: ET.Element, x: float, y: float) -> None:
    end = x + 11
    add(parent, "line", "pic-open", x1=x - 12, y1=y, x2=end, y2=y, stroke_dasharray="7 4")
    arrow = f"M{number(end - 6)},{number(y - 4.5)}l6,4.5 -6,4.5"
    add(parent, "path", "pic-open", d=arrow)


def _column(parent: ET.Element, x: float, y: float) -> None:
    add(parent, "rect", "pic-bar", x=x - 9, y=y - 3, width=7, height=10, stroke_width=0.8)
    add(parent, "rect", "pic-bar", x=x - 1, y=y - 8, width=7, height=15, stroke_width=0.8)


def _shades(parent: ET.Element, x: float, y: float) -> None:
    for place, opacity in ((-12, 0.06), (-3, 0.2), (6, 0.34)):
        add(
            parent, "rect", "pic-shade", x=x + place, y=y - 6, width=9, height=12,
            fill_opacity=str(opacity),
        )  # fmt: skip
