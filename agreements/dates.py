"""Partial dates: a subset of EDTF (ISO 8601-2:2019), with the first and last day each may mean.

Accepted: level 0 and level 1 whole, and of level 2 a qualifier after an inner component
(``2021?-09-12``) and an unknown year with a known month (``XXXX-07``, ``XXXX-07-24``).
Specification: https://www.loc.gov/standards/datetime/
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from calendar import isleap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Self

MAX_LENGTH = 64


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; whoever shows it translates it."""
    return message


MESSAGES: dict[str, str] = {
    "syntax": gettext_noop(
        "%(value)s is not a date in EDTF; write YYYY, YYYY-MM or YYYY-MM-DD, "
        "or two of these with a slash between them."
    ),
    "unsupported": gettext_noop(
        "%(value)s uses a part of EDTF that is not accepted here; "
        "write a date such as 2015, 2015-09~ or 201X, or an interval such as 2015/2017."
    ),
    "calendar": gettext_noop(
        "%(value)s is not in the calendar; write a month from 01 to 12, "
        "a season from 21 to 24, and a day that the month has."
    ),
    "reversed": gettext_noop("%(value)s ends before it starts; write the earlier date first."),
    "mixed": gettext_noop(
        "%(value)s joins a known year to an unknown one; "
        "write the year in both dates, or XXXX in both."
    ),
    "ambiguous": gettext_noop(
        "%(value)s can be read in more than one way; "
        "write YYYY-MM-DD, or YYYY/YYYY for a number of years."
    ),
    "empty": gettext_noop(
        "This says nothing about the date; leave it empty, "
        "or write what is known, such as 2015, XXXX-07 or ../2025."
    ),
    "too_long": gettext_noop(
        "A date in EDTF has at most 64 characters; write one that is shorter than %(value)s…"
    ),
}
MESSAGES_WITH_NEAREST: dict[str, str] = {
    "unsupported": gettext_noop(
        "%(value)s is a form of EDTF that is not accepted here; the nearest is %(nearest)s"
    ),
    "calendar": gettext_noop("%(value)s is not in the calendar; did you mean %(nearest)s?"),
    "reversed": gettext_noop("%(value)s ends before it starts; did you mean %(nearest)s?"),
}
_DID_YOU_MEAN = gettext_noop("%(value)s is not a date in EDTF; did you mean %(nearest)s?")


class PartialDateError(ValueError):
    """A text that is not an accepted date.

    ``value`` is the text, cut to 64 characters; ``nearest`` an accepted text that it may stand
    for, or None; ``code`` a key of MESSAGES. ``message % params`` is the message in English;
    translate ``message`` first to show it in another language.
    """

    def __init__(self, value: str, code: str, nearest: str | None = None) -> None:
        super().__init__(value[:MAX_LENGTH], code, nearest)
        self.value = value[:MAX_LENGTH]
        self.code = code
        self.nearest = nearest

    @property
    def message(self) -> str:
        if self.nearest is None:
            return MESSAGES[self.code]
        return MESSAGES_WITH_NEAREST.get(self.code, _DID_YOU_MEAN)

    @property
    def params(self) -> dict[str, str]:
        # Control and bidirectional characters would disturb the sentence around them.
        shown = "".join(char if char.isprintable() else "\ufffd" for char in self.value)
        return {"value": shown, "nearest": self.nearest or ""}

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True, slots=True)
class PartialDate:
    """An EDTF text with the first and last calendar day that it can mean.

    A bound is None where the text gives none (unknown year, open or unknown end) and where
    ``datetime.date`` cannot hold it (years outside 0001 to 9999). Qualifiers do not move bounds,
    and a time of day counts on its own date, whatever its offset from UTC.

    Seasons carry no hemisphere (ISO 8601-2, codes 21 to 24), so the bounds take in both: spring
    and autumn (21, 23) are the whole year; summer and winter (22, 24), of which one or the other
    runs over the new year, go from 1 January to the last day of the following February.

    Raises PartialDateError. Equal when the texts are.
    """

    edtf: str
    earliest: datetime.date | None = field(init=False, compare=False)
    latest: datetime.date | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        text = self.edtf
        if len(text) > MAX_LENGTH:
            raise PartialDateError(text, "too_long")
        try:
            ends = _read(text)
        except _Refusal as refusal:
            code = _finer_code(text, refusal.code)
            raise PartialDateError(text, code, _nearest(text, code)) from None
        first, last = ends[0], ends[-1]
        object.__setattr__(self, "earliest", _day(first.first) if first else None)
        object.__setattr__(self, "latest", _day(last.last) if last else None)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read exactly this text: spaces around it are refused. Raises PartialDateError."""
        return cls(text)

    def __str__(self) -> str:
        return self.edtf

    @property
    def qualified(self) -> bool:
        """Whether any part is marked uncertain (?), approximate (~) or both (%)."""
        return "?" in self.edtf or "~" in self.edtf or "%" in self.edtf

    @property
    def certain(self) -> bool:
        """Whether both bounds are known and nothing is qualified."""
        return self.earliest is not None and self.latest is not None and not self.qualified

    @property
    def bounded(self) -> bool:
        """Whether either bound is known."""
        return self.earliest is not None or self.latest is not None

    @property
    def year_known(self) -> bool:
        """False when the year is XXXX; true of 201X, whose decade is known."""
        return "XXXX" not in self.edtf

    @property
    def ends(self) -> tuple[Point | None, ...]:
        """One Point for a date, two for an interval; None is an open or unknown end."""
        return _read(self.edtf)


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


class _Refusal(Exception):  # noqa: N818
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


def _day(ymd: YMD | None) -> datetime.date | None:
    return datetime.date(*ymd) if ymd and 1 <= ymd[0] <= 9999 else None


def _read(text: str) -> tuple[Point | None, ...]:
    start, slash, end = text.partition("/")
    if not slash:
        return (_read_point(text),)
    if start in ("", "..") and end in ("", ".."):
        raise _Refusal("empty")
    first = None if start in ("", "..") else _read_point(start)
    last = None if end in ("", "..") else _read_point(end)
    # Time of day is excluded from intervals (EDTF level 0).
    if (first and first.time) or (last and last.time):
        raise _Refusal("syntax")
    if first and last:
        if (first.first is None) != (last.first is None):
            raise _Refusal("mixed")
        if first.first and last.last:
            if first.first > last.last:
                raise _Refusal("reversed")
        # Without a year, a later month first is an interval that crosses the new year.
        elif first.month == last.month and first.day and last.day and first.day > last.day:
            raise _Refusal("reversed")
    return (first, last)


def _read_point(text: str) -> Point:
    match = _POINT.fullmatch(text)
    if match is None:
        raise _Refusal("syntax" if text else "empty")
    year, after_year, month, after_month, day, after_day, time = match.groups("")
    qualifiers = (after_year, after_month, after_day)
    if time and (after_year or after_month or after_day):
        raise _Refusal("syntax")
    if year[0] == "Y" and month:
        raise _Refusal("syntax")
    first: YMD | None
    last: YMD | None
    if "X" in year:
        if year != "XXXX":
            if month:
                raise _Refusal("unsupported")
            first, last = (int(year.replace("X", "0")), 1, 1), (int(year.replace("X", "9")), 12, 31)
        elif month in ("", "XX") and day in ("", "XX"):
            raise _Refusal("empty")
        elif after_year or time or month == "XX" or day == "XX" or month > "12":
            raise _Refusal("calendar" if "12" < month < "21" else "unsupported")
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
            raise _Refusal("unsupported")
        return (year, 1, 1), (year, 12, 31)
    number = int(month)
    if 21 <= number <= 24 and not day:
        if number % 2:
            return (year, 1, 1), (year, 12, 31)
        return (year, 1, 1), (year + 1, 2, _month_days(year + 1, 2))
    if not 1 <= number <= 12:
        raise _Refusal("unsupported" if 25 <= number <= 41 and not day else "calendar")
    length = _month_days(year, number)
    if not day or day == "XX":
        return (year, number, 1), (year, number, length)
    if not 1 <= int(day) <= length:
        raise _Refusal("calendar")
    return (year, number, int(day)), (year, number, int(day))


# What follows looks for an accepted text near a refused one. It may find none, but it does not
# choose between two readings, and never offers more than the text says.

_DASH = re.compile("[\u2010-\u2015\u2212]")
_DAY_MONTH_YEAR = re.compile("([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
# With a long or a spaced dash, 2001-04 may be April 2001 or four years; 01/02/03 is anything.
_UNORDERED = re.compile(
    "[0-9]{4}(?: ?[\u2012-\u2015] ?| - )[0-9]{2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}"
)
_EMPTY = re.compile(r"(?:UNKNOWN|N\.D\.|[XU]{4}(?:-[XU]{2}){0,2})?")
_OTHER_EDTF = re.compile(r"[\[{].*[\]}]|Y?-?[0-9]+E?[0-9]*[ES][0-9]+|[?~%].*")
_MONTH_NAMES = [
    *("JANUARY JAN", "FEBRUARY FEB", "MARCH MAR", "APRIL APR", "MAY", "JUNE JUN", "JULY JUL"),
    *("AUGUST AUG", "SEPTEMBER SEPT SEP", "OCTOBER OCT", "NOVEMBER NOV", "DECEMBER DEC"),
]
_MONTHS = {
    name: f"{number:02}" for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()
}
_MONTHS |= {"SPRING": "21", "SUMMER": "22", "AUTUMN": "23", "WINTER": "24"}
_NAME = "(" + "|".join(_MONTHS) + r")\.?"
# 19 to 22 December 2023
_DAYS = re.compile(f"([0-9]{{1,2}})(?: ?[-/] ?| TO | ĐẾN )([0-9]{{1,2}}) {_NAME}(?: ([0-9]{{4}}))?")
_SEPARATORS = tuple(
    re.compile(pattern)
    for pattern in (
        "(?<=[^ ]) - (?=[^ ])| TO | ĐẾN ",
        " ?/ ?",
        "(?<=[^ ]) ?[\u2010-\u2015\u2212] ?(?=[^ ])",
        "(?<=^[0-9]{4})-(?=[0-9]{4}$)",
    )
)


def _join(year: str, month: str = "", day: str = "") -> str:
    """Join the parts, padded; 00 is left out, and so is XX where the part before is unknown."""
    year, month, day = (part.replace("U", "X") for part in (year, month, day))
    month, day = (part * 2 if part == "X" else part and part.zfill(2) for part in (month, day))
    if month in ("", "00") or (month == "XX" and "X" in year):
        return year
    if day in ("", "00") or (day == "XX" and year == "XXXX"):
        return f"{year}-{month}"
    return f"{year}-{month}-{day}"


def _named(day: str, name: str, year: str) -> str:
    return _join(year or "XXXX", _MONTHS[name], day)


def _unordered(one: str, other: str, year: str) -> str:
    return _join(year, other, one) if int(one) > 12 else _join(year, one, other)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = tuple(
    (re.compile(pattern.replace("NAME", _NAME)), build)
    for pattern, build in (
        # Level 2 seasons, by hemisphere
        (
            "([0-9]{4})-(2[5-9]|3[0-2])",
            lambda year, season: f"{year}-{21 + (int(season) - 25) % 4}",
        ),
        # 2023/2/1, 2023-02-01 10:00, 199u, 2004-uu, 2015-09-00
        (
            "([0-9XU]{4})(?: ?[-/.] ?([0-9XU]{1,2})(?: ?[-/.] ?([0-9XU]{1,2})"
            "(?:[T ][0-9]+:[0-9:.,Z+-]*)?)?)?",
            _join,
        ),
        ("([12][0-9]{3})([0-9]{2})([0-9]{2})", _join),
        ("--([0-9]{2})-?([0-9]{2})", lambda month, day: _join("XXXX", month, day)),
        ("([0-9]{1,2})[-/.]([0-9]{4})", lambda month, year: _join(year, month)),
        (_DAY_MONTH_YEAR.pattern, _unordered),
        ("(?:([0-9]{1,2})(?:ST|ND|RD|TH)?(?: OF)? )?NAME(?:,? ([0-9]{4}))?", _named),
        (
            "NAME ([0-9]{1,2})(?:ST|ND|RD|TH)?,? ([0-9]{4})",
            lambda name, day, year: _named(day, name, year),
        ),
        # The same in Vietnamese: ngày 12 tháng 9 năm 2015
        (
            "(?:(?:NGÀY )?([0-9]{1,2}) )?THÁNG ([0-9]{1,2})(?:(?: NĂM |, | |/)([0-9]{4}))?",
            lambda day, month, year: _join(year or "XXXX", month, day),
        ),
        # The 2010s; the 1900s may be a decade or a century.
        ("([0-9]{2}[1-9])0'?S", "{}X".format),
        ("-0000|Y(-?[0-9]{4})", lambda year: year or "0000"),
    )
)


def _finer_code(text: str, code: str) -> str:
    tidy = _tidy(text)
    if match := _DAY_MONTH_YEAR.fullmatch(tidy):
        one, other = int(match[1]), int(match[2])
        return "ambiguous" if one != other and max(one, other) <= 12 else code
    if _UNORDERED.fullmatch(tidy):
        return "ambiguous"
    if code == "syntax" and _OTHER_EDTF.fullmatch(tidy):
        return "unsupported"
    return "empty" if _EMPTY.fullmatch(tidy) else code


def _nearest(text: str, code: str) -> str | None:
    if code == "reversed":
        start, _, end = text.partition("/")
        return f"{end}/{start}"
    if code in ("empty", "ambiguous"):
        return None
    for candidate in _repairs(_tidy(text)):
        try:
            _read(candidate)
        except _Refusal:
            continue
        if len(candidate) <= MAX_LENGTH:
            return candidate
    return None


def _tidy(text: str) -> str:
    """In capitals, with single spaces, ASCII digits and compatibility forms resolved."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).upper()
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)


def _repairs(tidy: str) -> Iterator[str]:
    plain = _DASH.sub("-", tidy)
    repaired = _repair(plain)
    yield repaired
    # 30 February is some day of that month.
    if re.fullmatch("([0-9]{4}|XXXX)-[0-9]{2}-(29|30|31)", repaired):
        yield repaired[:7]
    if match := _DAYS.fullmatch(plain):
        stem = _join(match[4] or "XXXX", _MONTHS[match[3]])
        yield f"{stem}-{match[1]:0>2}/{stem}-{match[2]:0>2}"
    for separator in _SEPARATORS:
        start, found, end = separator.sub("\n", tidy).partition("\n")
        if found and "\n" not in end:
            yield _repair_interval(_DASH.sub("-", start), _DASH.sub("-", end))


def _repair_interval(start: str, end: str) -> str:
    first = _repair(start)
    # ISO 8601 lets the end leave out what it shares with the start: 2023-12-19/22.
    if len(first) == 10 and re.fullmatch("([0-9]{2}-)?[0-9]{2}", end):
        end = first[: -len(end)] + end
    last = _repair(end)
    # In "19 December to 22 December 2023" the year is said once for both.
    if first.startswith("XXXX") and "X" not in start and first[4:] <= last[4:]:
        first = last[:4] + first[4:]
    return f"{first}/{last}"


def _repair(text: str) -> str:
    """One date in the form that its pattern suggests, or as it was when none does."""
    text = re.sub(r"\?~|~\?", "%", text)
    text = re.sub(r"^(?:C\.|CA\.?|CIRCA|ABOUT) ?(.+)", r"\1~", text)
    text = re.sub("^([?~%])(....)", r"\2\1", text)
    if re.fullmatch(r"OPEN|\.\.+", text):
        return ".."
    if text == "UNKNOWN":
        return ""
    if match := re.fullmatch(r"(.*[^?~%])([?~%]?)", text):
        for pattern, build in _PATTERNS:
            if parts := pattern.fullmatch(match[1]):
                return build(*parts.groups("")) + match[2]
    return text
