"""The dates that a text states, as far as it states them: a year may be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from agreements.suggestions import date_patterns as patterns
from agreements.suggestions.folded import Folded
from agreements.suggestions.not_dates import (
    COUNTED,
    MONTH_SHOWN,
    NAMED_BY_YEAR,
    NOT_DATES,
    YEAR_SHOWN,
)
from agreements.suggestions.parts_of_years import parts_of_years
from agreements.suggestions.spans import Span, without_overlaps

_OF_LAST_CENTURY = 70
_WEEKDAY_BEFORE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|chủ\s+nhật|chu\s+nhat"
    r"|thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy)|thu\s+(?:hai|ba|tu|nam|sau|bay)),?\s+\Z"
)


@dataclass(frozen=True)
class Day:
    """A year, a month of it (or a season, 21 to 24) and a day, each known or None."""

    year: int | None
    month: int | None = None
    day: int | None = None

    def edtf(self) -> str:
        """Return the EDTF text; a year that is not known is XXXX."""
        parts = ["XXXX" if self.year is None else f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


@dataclass(frozen=True)
class Stated:
    """A date or a range as stated. ``span`` lies in the text as given.

    ``offset`` is how many years its year is from that of the publication, where it is told so;
    ``after`` how many from that of the date before it. ``decade`` is "201" for the 2010s, which
    have no other part. Of a ``week`` the first day is any of its days. ``ordered`` where another
    date of the text showed which number is the month.
    """

    span: Span
    first: Day
    last: Day | None = None
    offset: int | None = None
    about: bool = False
    decade: str = ""
    after: int | None = None
    week: bool = False
    ordered: bool = False

    @property
    def year_stated(self) -> bool:
        return self.first.year is not None or bool(self.decade)

    def in_year(self, year: int) -> Stated:
        """The same with its (first) year; a range that goes on past December ends in the next."""
        last = self.last
        if last is not None:
            last = replace(last, year=year + _crosses_new_year(self.first, last))
        return replace(self, first=replace(self.first, year=year), last=last)


def stated_dates(folded: Folded, day_first: bool | None, vietnamese: bool) -> list[Stated]:
    """Return the dates of a text, in order, without overlaps.

    With ``day_first``, as in Vietnamese, 3/4/2023 is 3 April; where it is false, 4 March; where it
    is None, no date.
    """
    barred = [folded.span(*match.span()) for match in NOT_DATES.finditer(folded.text)]
    barred += [Span(*match.span()) for match in NAMED_BY_YEAR.finditer(folded.given)]
    found: dict[Span, Stated] = {}
    for stated in _every_reading(folded, day_first, vietnamese):
        if not any(stated.span.overlaps(span) for span in barred):
            found.setdefault(stated.span, stated)
    kept = [found[span] for span in without_overlaps(list(found))]
    return _with_years_of_neighbours(folded.given, kept)


def _matches(folded: Folded, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    fitting = patterns.without_marks(pattern) if folded.unmarked else pattern
    for match in fitting.finditer(folded.text):
        # "Viet Nam 2019" has no "năm" in it.
        if not (folded.unmarked and folded.text[: match.start()].endswith("viet ")):
            yield match


def _every_reading(folded: Folded, day_first: bool | None, vietnamese: bool) -> Iterator[Stated]:
    for pattern in patterns.RANGES:
        for match in _matches(folded, pattern):
            yield from _range(folded, match)
    for match in _matches(folded, patterns.DAY_LIST):
        yield from _listed(folded, match)
    for pattern in patterns.SINGLES:
        for match in _matches(folded, pattern):
            yield from _single(folded, match)
    for match in _matches(folded, patterns.NUMERIC):
        yield from _numeric(folded, match, day_first, vietnamese)
    for match in _matches(folded, patterns.MONTH_AND_YEAR):
        yield from _single(folded, match)
    if vietnamese:
        for pattern in patterns.BARE_DAYS:
            for match in _matches(folded, pattern):
                yield from _single(folded, match)
    yield from _parts_of_years(folded)


def _single(folded: Folded, match: re.Match[str]) -> Iterator[Stated]:
    groups = match.groupdict()
    day = _day(groups, 1)
    if _is_shown(folded, match, day) and _in_capitals(folded, match):
        yield Stated(
            folded.span(_start(folded, match), match.end()),
            day,
            offset=_offset(groups, 1),
            about=bool(groups.get("about")),
            after=_after(groups, 1),
            week=bool(groups.get("week")),
        )


def _range(folded: Folded, match: re.Match[str]) -> Iterator[Stated]:
    groups = match.groupdict()
    first, last = _day(groups, 1), _day(groups, 2)
    if not _in_capitals(folded, match):
        return
    last = replace(last, month=last.month or first.month)
    first = replace(first, month=first.month or last.month)
    if first.year is not None and last.year is None:
        last = replace(last, year=first.year + _crosses_new_year(first, last))
    elif first.year is None and last.year is not None:
        first = replace(first, year=last.year - _crosses_new_year(first, last))
    whole = folded.span(_start(folded, match), match.end())
    here = Stated(whole, last, offset=_offset(groups, 2), after=_after(groups, 2))
    if not groups.get("pair") or groups.get("between") or _consecutive(first, last):
        yield replace(here, first=first, last=last)
        return
    second = min(match.start(group) for group in ("d2", "m2", "m3") if groups.get(group))
    before = folded.span(_start(folded, match), match.start("pair"))
    yield replace(here, span=before, first=first)
    yield replace(here, span=folded.span(second, match.end()))


def _listed(folded: Folded, match: re.Match[str]) -> Iterator[Stated]:
    """Days of one month: as a range where they follow one another, else each by itself."""
    groups = match.groupdict()
    last = _day(groups, 1)
    here = Stated(Span(0, 0), last, offset=_offset(groups, 1), after=_after(groups, 1))
    days = [(int(each[0]), *each.span()) for each in re.finditer(r"\d+", match["days"])]
    if [day for day, *_ in days] == list(range((last.day or 0) - len(days), last.day or 0)):
        span = folded.span(match.start(), match.end())
        yield replace(here, span=span, first=replace(last, day=days[0][0]), last=last)
        return
    for day, start, end in days:
        begins = match.start() if start == 0 else match.start("days") + start
        span = folded.span(begins, match.start("days") + end)
        yield replace(here, span=span, first=replace(last, day=day))
    yield replace(here, span=folded.span(match.start("d1"), match.end()))


def _numeric(
    folded: Folded, match: re.Match[str], day_first: bool | None, vietnamese: bool
) -> Iterator[Stated]:
    """16/12/2024: in an order that only one reading allows, or that the text has."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["y1"])
    span = folded.span(_start(folded, match), match.end())
    if a == b or (b <= 12 and (vietnamese or a > 12)):
        yield Stated(span, Day(year, b, a))
    elif a <= 12 < b:
        yield Stated(span, Day(year, a, b))
    elif day_first is not None:
        month, day = (b, a) if day_first else (a, b)
        yield Stated(span, Day(year, month, day), ordered=True)


def _parts_of_years(folded: Folded) -> Iterator[Stated]:
    for match in _matches(folded, patterns.SEASON):
        season = Day(int(match["y1"]), patterns.SEASONS[match["season"]])
        yield Stated(folded.span(*match.span()), season)
    for part in parts_of_years(folded):
        first, last = Day(part.year, part.first), Day(part.year, part.last)
        yield Stated(part.span, first, last, part.offset)
    for match in _matches(folded, patterns.DECADE):
        decade = match["decade"] or match["decade_vi"]
        yield Stated(
            folded.span(*match.span()),
            Day(None),
            decade=decade if len(decade) == 3 else f"19{decade}",
        )


def _start(folded: Folded, match: re.Match[str]) -> int:
    """Where the date begins: past words that only show it to be one, with its day of the week."""
    groups = match.groupdict()
    start = match.start() if groups.get("s") is None else match.start("s")
    if groups.get("d1") or groups.get("a"):
        weekday = _WEEKDAY_BEFORE.search(folded.text, max(0, start - 14), start)
        return weekday.start() if weekday else start
    return start


def _day(groups: dict[str, str | None], number: int) -> Day:
    """Read one end of a date from the groups of a pattern."""
    month = groups.get(f"m{number}") or (groups.get("m3") if number == 2 else None)
    day, year = groups.get(f"d{number}"), groups.get(f"y{number}")
    if year and len(year) == 2:
        year = _in_full(year, groups.get("y1"))
    return Day(
        int(year) if year else None,
        _month(month) if month else None,
        int(day) if day else None,
    )


def _in_full(year: str, first: str | None) -> str:
    """A year of two digits: in the century of the range's first year, or in this or the last."""
    if first and len(first) == 4:
        return first[:2] + year
    return f"20{year}" if int(year) < _OF_LAST_CENTURY else f"19{year}"


def _month(word: str) -> int:
    return patterns.MONTHS["_".join(word.rstrip(".").lstrip("0").split())]


def _after(groups: dict[str, str | None], number: int) -> int | None:
    if groups.get(f"r{number}") == "sau":
        return 1
    told = groups.get(f"c{number}")
    return patterns.YEARS_AFTER.get(" ".join(told.split()), 0) if told else None


def _offset(groups: dict[str, str | None], number: int) -> int | None:
    told = groups.get(f"r{number}") or groups.get(f"q{number}")
    return patterns.YEAR_OFFSETS[told] if told else None


def _crosses_new_year(first: Day, last: Day) -> int:
    return int((last.month or 0) < (first.month or 0))


def _consecutive(first: Day, last: Day) -> bool:
    """Whether two days, or two months without days, follow one another in one year."""
    if first.day is None or last.day is None:
        return first.day == last.day and (last.month or 0) - (first.month or 0) == 1
    return first.month == last.month and last.day - first.day == 1


def _is_shown(folded: Folded, match: re.Match[str], day: Day) -> bool:
    """Whether a year or a month that stands alone is one, by the words around it."""
    before, after = folded.text[: match.start()][-12:], match.end()
    if day.day is None and day.month is None and match[0].isdecimal():
        if re.search(r"\d\s\Z", before):
            return False
        counted = COUNTED.match(folded.text, after) is not None
        return not counted or YEAR_SHOWN.search(before) is not None
    if match[0].rstrip(".") in ("may", "march", "mar"):
        return MONTH_SHOWN.search(before) is not None
    return True


def _in_capitals(folded: Folded, match: re.Match[str]) -> bool:
    """Whether the names of months that are words too, and short ones, begin with a capital."""
    for group in ("m1", "m2"):
        word = match.groupdict().get(group)
        if not word or word.isdecimal() or (word.isascii() and len(word) > 5):
            continue
        if not folded.is_capital(match.start(group)):
            return False
    return True


def _with_years_of_neighbours(given: str, found: list[Stated]) -> list[Stated]:
    """Give "3 March" the year of "5 May 2024" in "3 March and 5 May 2024"."""
    read: list[Stated] = []
    for stated in reversed(found):
        following = read[0] if read else None
        if (
            following is not None
            and not (stated.year_stated or stated.offset is not None)
            and following.first.year is not None
            and following.first.day is not None
            and patterns.JOINED.fullmatch(given, stated.span.end, following.span.start)
        ):
            stated = stated.in_year(following.first.year)
        read.insert(0, stated)
    return read
