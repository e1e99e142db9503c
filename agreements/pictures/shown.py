"""The pictures that there are, each with its tables and what to know of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.heads import head_at
from agreements.pictures import links, map_words, tables, words
from agreements.pictures.drawing import map as map_drawing
from agreements.pictures.drawing import matrix as matrix_drawing
from agreements.pictures.drawing import network as network_drawing
from agreements.pictures.drawing import svg
from agreements.pictures.drawing import timeline as timeline_drawing
from agreements.pictures.map import Map, Spot, map_of
from agreements.pictures.matrix import Column, Matrix, Row, matrix
from agreements.pictures.network import Tie, network
from agreements.pictures.selection import Selection
from agreements.pictures.timeline import Lane, Period, Timeline, timeline

# What is published changes with the ledger; how it is drawn, with this number.
DRAWING = 2

CONTENT_TYPES = {"svg": "image/svg+xml; charset=utf-8", "csv": "text/csv; charset=utf-8"}
# What some pictures take beside the catalogue's parameters.
LANES = "by"

Records = Callable[[str, str], str | None]


def version() -> str:
    """Return what changes whenever a picture may: the ledger's last row, and how we draw.

    The day too, since what is overdue depends on it.
    """
    return f"{DRAWING}-{head_at().sha256}-{timezone.now().date()}"


@dataclass(frozen=True)
class Leads:
    """Where the parts of a picture lead.

    `records` gives, for a timeline, where each of its records (kind, slug) is; `listed` where the
    records of a question are listed. A picture that is read apart from its page is `headed`, and
    its addresses are whole.
    """

    records: Callable[[Timeline], Records]
    listed: Callable[[Selection], str]
    headed: bool = False

    def to(self, selection: Selection | None) -> str | None:
        return self.listed(selection) if selection else None


@dataclass(frozen=True)
class Shown:
    """A picture with its tables, the first of which is also a file.

    Where there is nothing to draw, the drawing is empty, and `instead` says why if the tables
    have something all the same.
    """

    title: str
    drawing: str
    tables: tuple[tables.Table, ...]
    notes: tuple[str, ...] = ()
    instead: str = ""

    @property
    def svg(self) -> SafeString:
        # ElementTree escaped whatever came from records.
        return mark_safe(self.drawing)  # noqa: S308

    def as_file(self, ending: str) -> str:
        """Return the drawing ("svg") or the first table ("csv"), as a file holds it."""
        if ending == "svg":
            return self.drawing or svg.blank(self.title, self.instead or words.nothing())
        # Spreadsheets take a file for UTF-8 by its byte-order mark.
        return f"\ufeff{self.tables[0].as_csv()}"


@dataclass(frozen=True)
class Picture:
    """One of the pictures; `in_lanes` where its lanes can be chosen."""

    name: str
    label: Any
    about: Any
    show: Callable[[Selection, str, Leads], Shown]
    in_lanes: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """What it takes beside the catalogue's parameters."""
        return (LANES,) if self.in_lanes else ()


def _read(data: Callable[..., Any], *asked: Any) -> Any:
    """Return a picture's data, read once for as long as the ledger stays as it is."""
    return _kept(data, asked, version(), get_language())


@lru_cache(maxsize=32)
def _kept(data: Callable[..., Any], asked: tuple, _version: str, _language: str | None) -> Any:
    return data(*asked)


def _timeline(selection: Selection, by: str, leads: Leads) -> Shown:
    picture: Timeline = _read(timeline, selection, by)
    address = leads.records(picture)

    def listed(lane: Lane, period: Period) -> str | None:
        return leads.to(links.column(picture, lane, period))

    empty = not picture.dated and not picture.undated
    drawing = "" if empty else timeline_drawing.draw(picture, address, listed, leads.headed)
    return Shown(
        words.timeline_title(picture),
        drawing,
        (tables.of_timeline(picture, address, listed),),
        tuple(words.timeline_notes(picture)),
    )


def _matrix(selection: Selection, by: str, leads: Leads) -> Shown:
    picture: Matrix = _read(matrix, selection)

    def listed(row: Row | None, column: Column | None) -> str | None:
        return leads.to(links.cell(picture, row, column))

    return Shown(
        words.matrix_title(picture),
        matrix_drawing.draw(picture, listed, leads.headed) if picture.columns else "",
        (tables.of_matrix(picture, listed),),
        tuple(words.matrix_notes(picture)),
    )


def _network(selection: Selection, by: str, leads: Leads) -> Shown:
    picture = _read(network, selection)

    def listed(tie: Tie) -> str | None:
        return leads.to(links.tie(picture, tie))

    return Shown(
        words.network_title(),
        network_drawing.draw(picture, listed, leads.headed) if picture.ties else "",
        (tables.of_network(picture, listed), tables.of_sides(picture)),
        tuple(words.network_notes(picture)),
    )


def _map(selection: Selection, by: str, leads: Leads) -> Shown:
    picture: Map = _read(map_of, selection)

    def listed(spot: Spot) -> str | None:
        return leads.to(links.places(picture, spot.places))

    table = tables.of_map(picture, lambda place: leads.to(links.places(picture, [place])))
    return Shown(
        map_words.title(),
        map_drawing.draw(picture, listed, leads.headed) if picture.spots else "",
        (table,),
        tuple(map_words.notes(picture)),
        map_words.no_town() if picture.places and not picture.spots else "",
    )


PICTURES = {
    each.name: each
    for each in (
        Picture(
            "timeline",
            _("Timeline"),
            _("What was agreed, held and planned, and how surely each is dated."),
            _timeline,
            in_lanes=True,
        ),
        Picture(
            "matrix",
            _("Partners by year"),
            _("How often one country or force did something with each of the others."),
            _matrix,
        ),
        Picture(
            "network", _("Network"), _("Which forces act with which, and how often."), _network
        ),
        Picture("map", _("Map"), _("Where it took place, as far as records say."), _map),
    )
}
