"""The day on which a text says that it was published."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from agreements.dates import PartialDate, PartialDateError
from agreements.suggestions.dates import find_dates
from agreements.suggestions.spans import Span

_ISO = re.compile(r"\s*(\d{4})([-/])(\d\d)\2(\d\d)(?!\d)")
# At the start of a line, or of a part of it.
_START = r"(?:\A|[|•·–—(-])\s*"
_PUBLISHED = re.compile(
    rf"{_START}(?:(?:first )?published|posted|released?|publication date|release date|issued"
    r"|dated?|(?:ngày )?(?:đăng|xuất bản|phát hành))"
    r"(?: (?:on|at|date|tải|ngày|lúc))*\s*[:|-]?\s*\Z",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    rf"{_START}(?:(?:last )?(?:updated|modified)|cập nhật)"
    r"(?: (?:on|at|lần cuối|ngày|lúc))*\s*[:|-]?\s*\Z",
    re.IGNORECASE,
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|thứ\s\w+|chủ nhật)\b[\s,]*"
)
_TIME = r"\d{1,2}[:h]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?"
_ZONE = r"\(?(?:gmt|utc|ict)?\s*(?:[+-]\d{1,2}(?::?\d\d)?)?\)?"
_WEEKDAY_AND_TIME = re.compile(rf"(?:{_WEEKDAY}|{_TIME}[\s,|-]*)+\Z", re.IGNORECASE)
# Before and after a date that is all there is between bars, dashes or the ends of the line.
_ALONE_BEFORE = re.compile(
    rf"(?:\A|[|•·–—-])\s*(?:{_WEEKDAY})?(?:{_TIME}[\s,|-]*(?:{_WEEKDAY})?)?\Z", re.IGNORECASE
)
_ALONE_AFTER = re.compile(
    rf"[\s,|-]*(?:(?:at|lúc)\s+)?(?:{_TIME}\s*{_ZONE})?\s*(?:\Z|[|•·–—-]|\(?{_ZONE}\)?\Z)",
    re.IGNORECASE,
)
_SHORT = 100
# A date of publication stands near the beginning of its line.
_LOOKED_AT = 300
_DATELINE_WORDS = 5
_DATELINE_BEFORE = re.compile(r"[^.!?;:]{2,60}[,(\s]\s*\Z")
_DATELINE_AFTER = re.compile(r"\s*\)?\s*(?:\([^)]{2,40}\))?\s*(?:[-–—:]|\Z)")


def certain_day(stated: str, language: str = "") -> str:
    """Return the one day that a text such as "22 Dec 2023, 10:15" states, as EDTF, or "".

    What can be read in two ways is no certain day.
    """
    iso = _ISO.match(stated)
    if iso:
        day = f"{iso[1]}-{iso[3]}-{iso[4]}"
        return day if _is_day(day) else ""
    days = {day for _, day in _days(stated, language)}
    return days.pop() if len(days) == 1 else ""


def published_in(head: Sequence[str], tail: Sequence[str], language: str = "") -> str:
    """Return the day of publication that the first or last lines of a text state, or "".

    The surest wins: said to be that of the publication; alone in its line, or in a dateline; said
    to be that of the last update.
    """
    dates = [(line, span, day) for line in chain(head, tail) for span, day in _days(line, language)]
    for shows in (_is_said, _is_shown, _is_updated):
        for line, span, day in dates:
            if shows(line, span):
                return day
    return ""


def is_dated(line: str, language: str = "") -> bool:
    """Return whether a line does little more than to give a date of publication."""
    return len(line) <= _SHORT and any(
        _is_said(line, span) or _is_updated(line, span) or _is_alone(line, span)
        for span, _ in _days(line, language)
    )


def _days(line: str, language: str) -> Iterator[tuple[Span, str]]:
    for found in find_dates(line[:_LOOKED_AT], language=language):
        if _is_day(found.edtf):
            yield found.span, found.edtf


def _is_day(edtf: str) -> bool:
    try:
        date = PartialDate(edtf)
    except PartialDateError:
        return False
    return date.certain and date.earliest == date.latest


def _is_said(line: str, span: Span) -> bool:
    return _PUBLISHED.search(_before(line, span)) is not None


def _is_updated(line: str, span: Span) -> bool:
    return _UPDATED.search(_before(line, span)) is not None


def _before(line: str, span: Span) -> str:
    """What stands before a date, without the weekday and the time that belong to it."""
    return _WEEKDAY_AND_TIME.sub("", line[: span.start])


def _is_shown(line: str, span: Span) -> bool:
    return _is_alone(line, span) or _is_in_dateline(line, span)


def _is_alone(line: str, span: Span) -> bool:
    before = _ALONE_BEFORE.search(line[: span.start])
    if before is None or not _ALONE_AFTER.match(line, span.end):
        return False
    return len(line) <= _SHORT or before.start() == 0


def _is_in_dateline(line: str, span: Span) -> bool:
    """Whether names alone stand before a date that opens a report: "HANOI, Dec. 22, 2023 –"."""
    before = _before(line, span)
    names = re.findall(r"[^\W_]+", before)
    return (
        _DATELINE_BEFORE.match(before) is not None
        and len(names) <= _DATELINE_WORDS
        and all(name[0].isupper() for name in names)
        and bool(_DATELINE_AFTER.match(line, span.end) or _is_at_end(line, span))
    )


def _is_at_end(line: str, span: Span) -> bool:
    return len(line) <= _SHORT and _ALONE_AFTER.match(line, span.end) is not None
