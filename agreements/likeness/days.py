"""Whether two partial dates may be of the same days, and how much it says that they may."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from agreements.dates import PartialDate
from agreements.edtf import Point

Bounds = tuple[datetime.date | None, datetime.date | None]

# What it is worth that two dates overlap, by the days that the wider of them spans.
_BY_WIDTH = ((14, 25), (31, 20), (100, 14), (366, 10))
_WIDE = 4
_SAME_DAY = 30
_SAME_DAY_OF_A_YEAR = 14
_SAME_MONTH_OF_A_YEAR = 8
# A leap year, so that every day of a year can be compared in it.
_ANY_YEAR = 2000
_YEAR = datetime.timedelta(days=366)


class Days(NamedTuple):
    """What comes of comparing two dates: what it is worth, and whether they overlap for sure."""

    worth: int
    known: bool


# Many records are of the same days.
@lru_cache(maxsize=65536)
def compared(one: PartialDate | None, other: PartialDate | None) -> Days | None:
    """Return what it says for one event that two dates are as they are; None where they exclude it.

    Where either is unknown it says nothing.
    """
    if one is None or other is None:
        return Days(0, known=False)
    if not (one.bounded and other.bounded):
        return _of_any_year(one, other)
    if not overlap(bounds(one), bounds(other)):
        return None
    return Days(_worth(one, other), known=True)


@lru_cache(maxsize=8192)
def bounds(date: PartialDate | None) -> Bounds:
    """Return the first and last day to look at: wider by its own width where it is qualified.

    "About 2015" reaches from 2014 to 2016, "12 May, uncertain" a day to either side.
    """
    if date is None:
        return None, None
    first, last = date.earliest, date.latest
    if not date.qualified or first is None or last is None:
        return first, last
    by = min(last - first + datetime.timedelta(days=1), _YEAR)
    return _moved(first, -by), _moved(last, by)


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether two spans have a day in common; None is an end that is open."""
    starts_in_time = one[0] is None or other[1] is None or one[0] <= other[1]
    return starts_in_time and (other[0] is None or one[1] is None or other[0] <= one[1])


def _moved(day: datetime.date, by: datetime.timedelta) -> datetime.date:
    try:
        return day + by
    except OverflowError:
        return day


def _worth(one: PartialDate, other: PartialDate) -> int:
    widest = max(_width(one), _width(other))
    if _exact(one) and _exact(other) and bounds(one) == bounds(other):
        return _SAME_DAY
    return next((worth for width, worth in _BY_WIDTH if widest <= width), _WIDE)


def _width(date: PartialDate) -> int:
    first, last = bounds(date)
    return (last - first).days + 1 if first and last else _YEAR.days * 100


def _exact(date: PartialDate) -> bool:
    return not date.qualified and all(
        point is not None and point.day.isdecimal() for point in date.ends
    )


def _of_any_year(one: PartialDate, other: PartialDate) -> Days | None:
    """Compare what two dates say within a year, since the year of one is unknown."""
    mine, theirs = _within_a_year(one), _within_a_year(other)
    if mine is None or theirs is None:
        return Days(0, known=False)
    if not overlap(mine, theirs):
        return None
    exact = _exact(one) and _exact(other)
    return Days(_SAME_DAY_OF_A_YEAR if exact else _SAME_MONTH_OF_A_YEAR, known=True)


def _within_a_year(date: PartialDate) -> Bounds | None:
    """Return its days in a year of no number; None where it says none, or goes over the new year.

    Seasons say none, since they have no hemisphere.
    """
    points = [point for point in date.ends if point is not None]
    if len(points) < len(date.ends) or not _of_one_year(points):
        return None
    if not all(point.month.isdecimal() and int(point.month) <= 12 for point in points):
        return None
    first, last = _day(points[0], 1), _day(points[-1], 31)
    return (first, last) if first <= last else None


def _of_one_year(points: Iterable[Point]) -> bool:
    return len({point.year for point in points}) == 1


def _day(point: Point, otherwise: int) -> datetime.date:
    month = int(point.month)
    day = int(point.day) if point.day.isdecimal() else otherwise
    while True:
        try:
            return datetime.date(_ANY_YEAR, month, day)
        except ValueError:
            day -= 1
