"""Below the timeline: the records that no year is known of."""

from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from agreements.pictures import words
from agreements.pictures.drawing.marks import SIZE, mark
from agreements.pictures.drawing.svg import add, fitted, link
from agreements.pictures.timeline import Entry, Timeline

_LEFT, _COLUMNS, _COLUMN = 14, 2, 462
_ROW, _HEAD = 22, 44


def height(entries: Sequence[Entry]) -> float:
    """Return how much room they take."""
    return _HEAD + _rows(entries) * _ROW + 4


def _rows(entries: Sequence[Entry]) -> int:
    return -(-len(entries) // _COLUMNS)


def draw(
    svg: ET.Element,
    picture: Timeline,
    top: float,
    address: Callable[[str, str], str | None] | None,
) -> None:
    """Draw them in columns, by kind, each with its mark and what is known of its date."""
    heading = _("No year known: %(number)d") % {"number": picture.undated}
    add(svg, "text", "pic-strong", heading, x=_LEFT, y=top + 30)
    entries = sorted(picture.without_date, key=lambda entry: entry.kind)
    rows = _rows(entries)
    for number, entry in enumerate(entries):
        x = _LEFT + number // rows * _COLUMN
        y = top + _HEAD + (number % rows + 0.5) * _ROW
        where = address(entry.kind, entry.slug) if address else None
        group = link(svg, where, words.entry(entry))
        mark(group, entry.kind, entry.stage, x + SIZE, y)
        text = entry.title
        if entry.date is not None:
            text = f"{words.date_of(entry)}: {text}"
        shown = fitted(text, _COLUMN - 38, 12)
        add(group, "text", "pic-soft", shown, x=x + 20, y=y + 4.2)
