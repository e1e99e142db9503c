"""The grammar of partial dates: EDTF texts read as points in time.

Accepted: level 0 and level 1 whole, and of level 2 a qualifier after an inner component
(``2021?-09-12``) and an unknown year with a known month (``XXXX-07``, ``XXXX-07-24``).
Specification: https://www.loc.gov/standards/datetime/
"""

from __future__ import annotations

import datetime
import re
from calendar import isleap
from functools import lru_cache
from typing import NamedTuple

MAX_LENGTH = 64

YMD = tuple[int, int, int]


class Point(NamedTuple):
    """One date of a value, in the parts it was written in; an absent part is ''.

    ``qualifiers`` are those directly after the year, month and day. ``first`` and ``last`` are
    (year, month, day), in a proleptic Gregorian calendar of any year, or None without a year.
    """

    year: str
    month: str
    day: str
    time: str
    qualifiers: tuple[str, str, str]
    first: YMD | None
    last: YMD | None


class Refusal(Exception):  # noqa: N818
    """Carries a code only, so that trying out repairs stays cheap."""

    def __init__(self, code: str) -> None:
        self.code = code


_POINT = re.compile(
    r"""
    (-(?!0000)[0-9]{4} | [0-9]{4} | Y-?[1-9][0-9]{4,} | [0-9]{3}X | [0-9]{2}XX | [0-9]XXX | XXXX)
    ([?~%]?)
    (?: -([0-9]{2}|XX) ([?~%]?)
        (?: -([0-9]{2}|XX) ([?~%]?)
            (T HOUR:[0-5][0-9]:[0-5][0-9] (?:Z|[+-]HOUR(?::[0-5][0-9])?)?)?
        )?
    )?
    """.replace("HOUR", "(?:[01][0-9]|2[0-3])"),
    re.VERBOSE,
)
_MONTH_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _month_days(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _MONTH_DAYS[month]


def as_date(ymd: YMD | None) -> datetime.date | None:
    return datetime.date(*ymd) if ymd and 1 <= ymd[0] <= 9999 else None


@lru_cache(maxsize=8192)
def read(text: str) -> tuple[Point | None, ...]:
    start, slash, end = text.partition("/")
    if not slash:
        return (_read_point(text),)
    if start in ("", "..") and end in ("", ".."):
        raise Refusal("empty")
    first = None if start in ("", "..") else _read_point(start)
    last = None if end in ("", "..") else _read_point(end)
    # Time of day is excluded from intervals (EDTF level 0).
    if (first and first.time) or (last and last.time):
        raise Refusal("syntax")
    if first and last:
        if (first.first is None) != (last.first is None):
            raise Refusal("mixed")
        if first.first and last.last:
            if first.first > last.last:
                raise Refusal("reversed")
        # Without a year, a later month first is an interval that crosses the new year.
        elif first.month == last.month and first.day and last.day and first.day > last.day:
            raise Refusal("reversed")
    return (first, last)


def _read_point(text: str) -> Point:
    match = _POINT.fullmatch(text)
    if match is None:
        raise Refusal("syntax" if text else "empty")
    year, after_year, month, after_month, day, after_day, time = match.groups("")
    qualifiers = (after_year, after_month, after_day)
    if time and (after_year or after_month or after_day):
        raise Refusal("syntax")
    if year[0] == "Y" and month:
        raise Refusal("syntax")
    first: YMD | None
    last: YMD | None
    if "X" in year:
        if year != "XXXX":
            if month:
                raise Refusal("unsupported")
            first, last = (int(year.replace("X", "0")), 1, 1), (int(year.replace("X", "9")), 12, 31)
        elif month in ("", "XX") and day in ("", "XX"):
            raise Refusal("empty")
        elif after_year or time or month == "XX" or day == "XX" or month > "12":
            raise Refusal("calendar" if "12" < month < "21" else "unsupported")
        else:
            # 29 February exists in some year, and so it does in an unknown one.
            _span(2000, month, day)
            first = last = None
    else:
        first, last = _span(int(year.lstrip("Y")), month, day)
    return Point(year, month, day, time, qualifiers, first, last)


def _span(year: int, month: str, day: str) -> tuple[YMD, YMD]:
    if not month or month == "XX":
        if day not in ("", "XX"):
            raise Refusal("unsupported")
        return (year, 1, 1), (year, 12, 31)
    number = int(month)
    if 21 <= number <= 24 and not day:
        if number % 2:
            return (year, 1, 1), (year, 12, 31)
        return (year, 1, 1), (year + 1, 2, _month_days(year + 1, 2))
    if not 1 <= number <= 12:
        raise Refusal("unsupported" if 25 <= number <= 41 and not day else "calendar")
    length = _month_days(year, number)
    if not day or day == "XX":
        return (year, number, 1), (year, number, length)
    if not 1 <= int(day) <= length:
        raise Refusal("calendar")
    return (year, number, int(day)), (year, number, int(day))
