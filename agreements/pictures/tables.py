"""The same data as the pictures in tables, for pages and for files."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _

from agreements.pictures import map_words, words
from agreements.pictures.map import Map, Place
from agreements.pictures.matrix import Column, Matrix, Row
from agreements.pictures.network import Network, Tie
from agreements.pictures.selection import KINDS
from agreements.pictures.sides import named
from agreements.pictures.timeline import BY_KIND, Entry, Lane, Period, Timeline

Content = str | int | float
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text or a number, where it leads, and what stands below it."""

    content: Content
    address: str | None = None
    note: str = ""
    heads: bool = False

    @property
    def is_number(self) -> bool:
        return isinstance(self.content, int | float)


@dataclass(frozen=True)
class Table:
    """A table; `lines` are the rows that a file has, where they differ from those of a page."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    file_head: tuple[str, ...] = ()
    lines: tuple[tuple[Content, ...], ...] = ()

    def as_csv(self) -> str:
        """Return the table as CSV that spreadsheets take for text and numbers, never formulas."""
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow(map(harmless, self.file_head or self.head))
        contents = (tuple(cell.content for cell in row) for row in self.rows)
        for line in self.lines or contents:
            writer.writerow(map(harmless, line))
        return written.getvalue()


def harmless(content: Content) -> Content:
    """Return text that would be read as a formula with an apostrophe before it."""
    if isinstance(content, str) and content.startswith(_FORMULA):
        return f"'{content}"
    return content


def of_timeline(
    picture: Timeline,
    address: Callable[[str, str], str | None] | None = None,
    listed: Callable[[Lane, Period], str | None] | None = None,
) -> Table:
    """Return the records of the timeline, each once, or the numbers that it has instead."""
    if picture.counted:
        return _of_counts(picture, listed)
    once = {entry.slug: entry for lane in picture.lanes for entry in lane.entries}
    dated = sorted(once.values(), key=lambda entry: (entry.first, entry.slug))
    rows = [_entry(entry, address) for entry in (*dated, *picture.without_date)]
    if picture.undated > len(picture.without_date):
        text = _("no year known: %(number)d records") % {"number": picture.undated}
        rows.append((Cell(text), *(Cell("") for _column in range(5))))
    head = (_("Date"), _("EDTF"), _("Kind"), _("Title"), _("Status"), _("Countries"))
    return Table(words.timeline_title(picture), head, tuple(rows))


def _entry(entry: Entry, address: Callable[[str, str], str | None] | None) -> tuple[Cell, ...]:
    where = address(entry.kind, entry.slug) if address else None
    return (
        Cell(capfirst(words.date_of(entry)) or "–"),
        Cell(entry.date.edtf if entry.date else ""),
        Cell(words.kind_of(entry.kind)),
        Cell(entry.title, where, heads=True),
        Cell(words.status_of(entry)),
        Cell(", ".join(map(named, entry.countries))),
    )


def _of_counts(picture: Timeline, listed: Callable[[Lane, Period], str | None] | None) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for lane in picture.lanes:
        name = words.lane_name(picture.by, lane)
        for period, number in lane.counts.items():
            where = listed(lane, period) if listed else None
            named_period = Cell(words.period_name(period))
            rows.append((Cell(name, heads=True), named_period, Cell(number, where)))
        if lane.spread:
            text = _("no one month") if picture.counted == "month" else _("no one year")
            rows.append((Cell(name, heads=True), Cell(text), Cell(lane.spread)))
    if picture.undated:
        row = (Cell(_("All"), heads=True), Cell(_("no year known")), Cell(picture.undated))
        rows.append(row)
    lanes = _("Kind") if picture.by == BY_KIND else _("Country")
    head = (lanes, _("Month") if picture.counted == "month" else _("Year"), _("Records"))
    return Table(words.timeline_title(picture), head, tuple(rows))


def of_matrix(
    picture: Matrix, address: Callable[[Row | None, Column | None], str | None] | None = None
) -> Table:
    """Return the matrix as it is drawn; as a file, a line for each cell that has records."""
    head = (
        *(_("Country"), _("Force")),
        *(words.column_name(column) for column in picture.columns),
        _("Total"),
    )
    rows = [_matrix_row(picture, row, row, address) for row in picture.rows]
    if picture.columns:
        rows.append(_matrix_row(picture, picture.sums, None, address))
    file_head = (
        *(_("Country"), _("Force"), _("Year")),
        *(str(words.KIND_NAMES[kind]) for kind in words.KIND_NAMES),
        _("Records"),
    )
    return Table(
        words.matrix_title(picture), head, tuple(rows), file_head, tuple(_matrix_lines(picture))
    )


def _matrix_row(
    picture: Matrix,
    row: Row,
    asked: Row | None,
    address: Callable[[Row | None, Column | None], str | None] | None,
) -> tuple[Cell, ...]:
    def cell(column: Column | None) -> Cell:
        kinds: Counter[str] = row.total if column is None else row.cells.get(column, Counter())
        if not kinds.total():
            return Cell("")
        where = address(asked, column) if address else None
        return Cell(kinds.total(), where, words.by_kind(kinds, "\n"))

    country, force = _names(row, asked)
    return (
        Cell(country, heads=not force),
        Cell(force, heads=bool(force)),
        *(cell(column) for column in picture.columns),
        cell(None),
    )


def _names(row: Row, asked: Row | None) -> tuple[str, str]:
    if asked is None:
        return _("all records, each once"), ""
    if row.side is None:
        return words.row_name(row), ""
    return row.side.country_name, "" if row.side.is_country else row.side.name


def _matrix_lines(picture: Matrix) -> Iterator[tuple[Content, ...]]:
    for row in (*picture.rows, picture.sums):
        names = _names(row, None if row is picture.sums else row)
        for column in picture.columns:
            if row.number(column):
                kinds = row.cells[column]
                name = column if isinstance(column, int) else words.column_name(column)
                yield *names, name, *(kinds[kind] for kind in KINDS), kinds.total()


def of_network(picture: Network, address: Callable[[Tie], str | None] | None = None) -> Table:
    """Return the ties, most records first."""
    head = (
        *(_("Force or country"), _("Country"), _("With"), _("Country")),
        *(str(name) for name in words.KIND_NAMES.values()),
        _("Records"),
    )
    rows = tuple(
        (
            Cell(tie.one.name, heads=True),
            Cell(tie.one.country_name),
            Cell(tie.other.name),
            Cell(tie.other.country_name),
            *(Cell(tie.kinds[kind]) for kind in KINDS),
            Cell(tie.weight, address(tie) if address else None),
        )
        for tie in picture.ties
    )
    return Table(words.network_title(), head, rows)


def of_sides(picture: Network) -> Table:
    """Return who is drawn in the network, and what each is."""
    head = (_("Force or country"), _("Country"), _("Kind"), _("Records with another country"))
    rows = tuple(
        (
            Cell(side.name, heads=True),
            Cell(side.country_name),
            Cell(words.side_kind(side.kind)),
            Cell(picture.weights[side]),
        )
        for side in picture.sides
    )
    return Table(_("Forces and countries in the network"), head, rows)


def of_map(picture: Map, address: Callable[[Place], str | None] | None = None) -> Table:
    """Return every place by country, on the map or not; the last row has what says no place."""
    head = (
        *(_("Country"), _("Place"), _("On the map as"), _("Latitude"), _("Longitude")),
        *(str(name) for name in words.KIND_NAMES.values()),
        _("Records"),
    )
    rows = [
        (
            Cell(map_words.country(place)),
            Cell(map_words.place(place), heads=True),
            Cell(map_words.on_the_map(place)),
            Cell(place.town.latitude if place.town else ""),
            Cell(place.town.longitude if place.town else ""),
            *(Cell(place.kinds[kind]) for kind in KINDS),
            Cell(place.number, address(place) if address else None),
        )
        for place in picture.places
    ]
    if picture.nowhere:
        blank = [Cell("")] * (len(head) - 3)
        rows.append(
            (Cell(""), Cell(_("no place stated"), heads=True), *blank, Cell(picture.nowhere))
        )
    return Table(map_words.title(), head, tuple(rows))
