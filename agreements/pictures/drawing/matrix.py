"""The matrix as SVG: a number in each cell, its ground the darker the more records."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from agreements.pictures import words
from agreements.pictures.drawing import legend
from agreements.pictures.drawing.marks import mark
from agreements.pictures.drawing.signs import of_matrix
from agreements.pictures.drawing.svg import (
    Drawn,
    add,
    fitted,
    in_lines,
    link,
    root,
    text_of,
    width_of,
)
from agreements.pictures.matrix import Column, Matrix, Row
from agreements.pictures.selection import KINDS

TOP, FOOT = 62, 16
_NAMES, _INDENT = 214, 14
_YEAR, _NARROW_YEAR, _OTHER, _TOTAL = 50, 42, 78, 86
_TALL, _FORCE_TALL = 42, 38
# Of more columns than these, years are narrower.
_MANY = 14
_NARROWEST = 760
_SMALL = 11
_BETWEEN = 3
# The grounds of the emptiest and of the fullest cell; numbers still stand out on the latter.
_LIGHTEST, _DARKEST = 0.06, 0.34

# Where the records of a cell are listed: of a row (None: of all) and a column (None: of all).
Box = tuple[float, float, float, float]
Addresses = Callable[[Row | None, Column | None], str | None]


@dataclass(frozen=True)
class _Grid:
    """What all cells need to know; `detailed` are the columns that have room for kinds."""

    picture: Matrix
    most: int
    detailed: frozenset[Column | None]
    address: Addresses

    def box(self, column: Column | None, y: float, tall: float) -> Box:
        """Return the left, top, width and height of a cell."""
        if column is None:
            return _total_x(self.picture), y, _TOTAL, tall
        return _x(self.picture, column), y, _wide(self.picture, column), tall


def draw(picture: Matrix, address: Addresses | None = None, headed: bool = False) -> str:
    """Return the SVG; `address` gives where the records of a cell are listed."""
    # A picture of few columns is not blown up to the width of a page.
    width = max(_total_x(picture) + _TOTAL + 10, _NARROWEST)
    bottom = TOP + sum(map(_height, picture.rows)) + _TALL + FOOT
    signs = legend.rows(of_matrix(picture), width)
    height = bottom + legend.height(signs)
    title, description = words.matrix_title(picture), words.matrix_description(picture)
    svg = root((width, height), "matrix", title, description, Drawn(headed, address is not None))
    _heads(svg, picture)
    most = max((row.number(each) for row in picture.rows for each in picture.columns), default=1)
    grid = _Grid(picture, most, _detailed(picture), address or (lambda row, column: None))
    y: float = TOP
    for row in picture.rows:
        _row(svg, grid, row, y)
        y += _height(row)
    right = _total_x(picture) + _TOTAL
    add(svg, "line", "pic-axis", x1=10, y1=y + 4, x2=right, y2=y + 4)
    _sums(svg, grid, y + 10)
    legend.draw(svg, signs, bottom, width)
    return text_of(svg)


def _detailed(picture: Matrix) -> frozenset[Column | None]:
    """The columns whose cells all have room for their kinds; years have it together or not."""
    found: set[Column | None] = {
        column
        for column in picture.columns
        if all(
            _kinds_width(row.cells.get(column, Counter())) <= _wide(picture, column)
            for row in picture.rows
        )
    }
    if not found.issuperset(picture.years):
        found.difference_update(picture.years)
    if all(_kinds_width(row.total) <= _TOTAL for row in (*picture.rows, picture.sums)):
        found.add(None)
    return frozenset(found)


def _height(row: Row) -> int:
    return _TALL if row.side is None or row.side.is_country else _FORCE_TALL


def _wide(picture: Matrix, column: Column) -> float:
    if isinstance(column, str):
        return _OTHER
    return _YEAR if len(picture.columns) <= _MANY else _NARROW_YEAR


def _x(picture: Matrix, column: Column) -> float:
    before = picture.columns[: picture.columns.index(column)]
    return _NAMES + sum(_wide(picture, each) for each in before)


def _total_x(picture: Matrix) -> float:
    return _NAMES + sum(_wide(picture, each) for each in picture.columns) + 4


def _heads(svg: ET.Element, picture: Matrix) -> None:
    centre = fitted(picture.centre.name if picture.centre else "", _NAMES - 30, 13)
    add(svg, "text", "pic-soft", _("partners of"), x=14, y=TOP - 28)
    add(svg, "text", "pic-strong", centre, x=14, y=TOP - 11)
    before: Column | None = None
    for column in picture.columns:
        x = _x(picture, column)
        for line, text in enumerate(reversed(words.column_lines(column))):
            add(
                svg, "text", "pic-strong" if isinstance(column, int) else "pic-soft", text,
                x=x + _wide(picture, column) / 2, y=TOP - 11 - 15 * line, text_anchor="middle",
            )  # fmt: skip
        if isinstance(before, int) and column != before + 1:
            _gap(svg, x, isinstance(column, int))
        before = column
    add(
        svg, "text", "pic-strong", _("total"),
        x=_total_x(picture) + _TOTAL / 2, y=TOP - 11, text_anchor="middle",
    )  # fmt: skip


def _gap(svg: ET.Element, x: float, years_left_out: bool) -> None:
    """Between years of which those in between have no record; or after the last year."""
    text = "⋯" if years_left_out else ""
    add(svg, "text", "pic-soft", text, x=x, y=TOP - 11, text_anchor="middle")


def _row(svg: ET.Element, grid: _Grid, row: Row, y: float) -> None:
    tall = _height(row)
    force = row.side is not None and not row.side.is_country
    x = 14 + _INDENT * force
    look, size = ("pic-soft", 12) if force else ("pic-text", 12.5)
    lines = in_lines(words.row_name(row), _NAMES - x - 8, size)
    top = y + tall / 2 + 4.5 - 7 * (len(lines) - 1)
    for number, line in enumerate(lines):
        add(svg, "text", look, line, x=x, y=top + 14 * number, font_size=size)
    add(svg, "line", "pic-grid", x1=10, y1=y, x2=_total_x(grid.picture) + _TOTAL, y2=y)
    for column in grid.picture.columns:
        if row.number(column):
            _cell(svg, grid, row, column, grid.box(column, y, tall))
    _cell(svg, grid, row, None, grid.box(None, y, tall))


def _sums(svg: ET.Element, grid: _Grid, y: float) -> None:
    add(svg, "text", "pic-strong", _("all records, each once"), x=14, y=y + _TALL / 2 + 4.5)
    for column in (*grid.picture.columns, None):
        if column is None or grid.picture.sums.number(column):
            _cell(svg, grid, grid.picture.sums, column, grid.box(column, y, _TALL))


def _cell(svg: ET.Element, grid: _Grid, row: Row, column: Column | None, box: Box) -> None:
    """A number, and below it how many of each kind; sums have no ground."""
    kinds = row.total if column is None else row.cells[column]
    x, y, wide, tall = box
    sums = row is grid.picture.sums
    where = grid.address(None if sums else row, column)
    group = link(svg, where, words.cell(row, column, kinds))
    look, opacity = "pic-paper", None
    if column is not None and not sums:
        share = sqrt(kinds.total() / grid.most)
        look, opacity = "pic-shade", f"{_LIGHTEST + (_DARKEST - _LIGHTEST) * share:.2f}"
    add(
        group, "rect", look, x=x + 2, y=y + 2, rx=3, width=wide - 4, height=tall - 4,
        fill_opacity=opacity,
    )  # fmt: skip
    detailed = column in grid.detailed and _kinds_width(kinds) <= wide
    middle = y + tall / 2 - 6 * detailed
    add(
        group, "text", "pic-strong", str(kinds.total()),
        x=x + wide / 2, y=middle + 4, text_anchor="middle", font_size=14 if tall == _TALL else 12.5,
    )  # fmt: skip
    if detailed:
        _kinds(group, kinds, x + wide / 2, middle + 15)


def _kinds(group: ET.Element, kinds: Counter[str], x: float, y: float) -> None:
    """The marks of the kinds, each with its number where there are several."""
    left = x - _kinds_width(kinds) / 2
    several = len(+kinds) > 1
    for kind in (each for each in KINDS if kinds[each]):
        mark(group, kind, "done", left + 4, y, 2.9)
        if several:
            text = str(kinds[kind])
            add(group, "text", "pic-text", text, x=left + 9, y=y + 3.8, font_size=_SMALL - 1)
        left += _kind_width(kinds[kind], several) + _BETWEEN


def _kind_width(number: int, several: bool) -> float:
    return 10 + (width_of(str(number), _SMALL) if several else 0)


def _kinds_width(kinds: Counter[str]) -> float:
    present = [number for number in kinds.values() if number]
    several = len(present) > 1
    return sum(_kind_width(number, several) + _BETWEEN for number in present) - _BETWEEN
