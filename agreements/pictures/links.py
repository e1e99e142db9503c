"""The questions to the catalogue that find exactly the records a part of a picture stands for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from agreements.catalogue.listings import BY_KIND as LISTINGS
from agreements.pictures.map import Map, Place
from agreements.pictures.matrix import UNCERTAIN, Column, Matrix, Row
from agreements.pictures.network import Network, Tie
from agreements.pictures.selection import Selection
from agreements.pictures.timeline import BY_KIND, Lane, Period, Timeline


def record(kind: str, slug: str) -> str:
    """Return where the API has a record."""
    return f"{reverse('api-root')}{LISTINGS[kind].name}/{slug}/"


def listed(selection: Selection) -> str:
    """Return where the API lists what is selected."""
    return f"{reverse('api-root')}engagements/?{selection.query}"


def cell(picture: Matrix, row: Row | None, column: Column | None) -> Selection | None:
    """Return what finds a cell's records; None where no question finds exactly these."""
    asked: dict[str, Any] = {}
    if row is not None:
        if row.side is None:
            return None
        asked["country" if row.side.is_country else "force"] = [row.side.key]
    if isinstance(column, int):
        days = _certain_within(picture.selection, date(column, 1, 1), date(column, 12, 31))
        return picture.selection.narrowed(**asked, **days) if days else None
    if column == UNCERTAIN:
        asked["date_certain"] = "false"
    elif column is not None:
        return None
    return picture.selection.narrowed(**asked)


def tie(picture: Network, pair: Tie) -> Selection | None:
    """Return what finds the records of a tie.

    None where one side is a country of which some records with the other name a force: no
    question leaves those out.
    """
    if pair.weight != pair.naming_both:
        return None
    sides = (pair.one, pair.other)
    return picture.selection.narrowed(
        country=[side.key for side in sides if side.is_country],
        force=[side.key for side in sides if not side.is_country],
    )


def column(picture: Timeline, lane: Lane, period: Period) -> Selection | None:
    """Return what finds the records of a column; None unless the dates in it are certain."""
    if period not in lane.certain:
        return None
    asked: dict[str, Any] = {"kind": lane.key}
    if picture.by != BY_KIND:
        asked = {"country": [lane.key]}
    days = _certain_within(picture.selection, *period.days)
    return picture.selection.narrowed(**asked, **days) if days else None


def places(picture: Map, some: Iterable[Place]) -> Selection | None:
    """Return what finds the records of any of some places; None where they are too many."""
    return picture.selection.narrowed(place=[place.parameter for place in some])


def _certain_within(selection: Selection, first: date, last: date) -> dict[str, str] | None:
    """Return what asks for dates that are certain to lie within days.

    None where the range that was asked for cuts the days. A record that begins before the range
    and ends in it is selected then, and no list has it that asks for certain dates in what is left
    of the days. Where only certain dates are selected, there is no such record.
    """
    if selection.certain:
        first, last = max(first, selection.first_day), min(last, selection.last_day)
    elif first < selection.first_day or last > selection.last_day:
        return None
    return {
        "date_from": _shortest(first, last, first),
        "date_to": _shortest(first, last, last),
        "date_certain": "true",
    }


def _shortest(first: date, last: date, day: date) -> str:
    """Return a day, or where the days are whole years, its year."""
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return f"{day.year:04}" if whole else day.isoformat()
