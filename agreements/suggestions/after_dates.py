"""Dates told from the date that a text named before: "the same day", "cùng năm", "that year"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator

from agreements.suggestions import numerals
from agreements.suggestions.date_patterns import pattern, without_marks
from agreements.suggestions.folded import Folded
from agreements.suggestions.relative_words import COUNT_EN, COUNTS
from agreements.suggestions.spans import Span
from agreements.suggestions.stated_dates import Day

# From the match and the date before: its EDTF text, or None where that is too coarse.
After = Callable[[Day], str | None]

_PART = (
    r"(?:(?:earlier|later|early|late|(?:the\s+)?(?:beginning|start|middle|end)\s+of)\s+"
    r"|(?:later|earlier)\s+in\s+)?"
)
_SAME_DAY = [
    pattern(r"(?:the\s+)?same\s+(?:day|afternoon|morning|evening)|that\s+(?:same\s+)?day"),
    pattern(r"(?:cùng|trong)\s+ngày(?!\s*\d)|ngày\s+hôm\s+đó"),
]
_NEXT_DAY = [
    pattern(r"the\s+(?:following|next)\s+day|a\s+day\s+later"),
    pattern(r"(?:ngày\s+)?hôm\s+sau|một\s+ngày\s+sau(?:\s+đó)?"),
]
_SAME_MONTH = [
    pattern(rf"{_PART}(?:that|the\s+same)\s+month"),
    pattern(r"cùng\s+tháng|tháng\s+(?:đó|ấy)"),
]
_YEARS = [
    (pattern(rf"{_PART}(?:that|(?:the\s+)?same)\s+(?:same\s+)?year"), 0),
    (pattern(r"(?:(?:đầu|giữa|cuối)\s+)?(?:cùng\s+năm|năm\s+(?:đó|ấy))"), 0),
    (pattern(rf"{_PART}the\s+following\s+year"), 1),
    (pattern(r"năm\s+sau\s+đó"), 1),
    (pattern(r"the\s+(?:previous|preceding)\s+year|the\s+year\s+(?:before|earlier)"), -1),
]
_YEARS_LATER = pattern(rf"{COUNT_EN}\s+years?\s+(?:later|(?P<back>earlier))")


def dates_after(folded: Folded) -> Iterator[tuple[Span, After]]:
    """Yield (place in the given text, what makes it of the date before) of each."""
    for patterns, after in ((_SAME_DAY, _day(0)), (_NEXT_DAY, _day(1)), (_SAME_MONTH, _month)):
        for each in patterns:
            for match in _matches(folded, each):
                yield folded.span(*match.span()), after
    for each, step in _YEARS:
        for match in _matches(folded, each):
            yield folded.span(*match.span()), _year(step)
    for match in _matches(folded, _YEARS_LATER):
        count = numerals.number(match["count"], COUNTS) or 0
        yield folded.span(*match.span()), _year(-count if match["back"] else count)


def _matches(folded: Folded, each: re.Pattern[str]) -> Iterator[re.Match[str]]:
    return (without_marks(each) if folded.unmarked else each).finditer(folded.text)


def _day(step: int) -> After:
    def after(before: Day) -> str | None:
        if before.year is None or before.month is None or before.day is None:
            return None
        day = datetime.date(before.year, before.month, before.day)
        return (day + datetime.timedelta(days=step)).isoformat()

    return after


def _month(before: Day) -> str | None:
    if before.year is None or before.month is None:
        return None
    return Day(before.year, before.month).edtf()


def _year(step: int) -> After:
    def after(before: Day) -> str | None:
        return Day(before.year + step).edtf() if before.year else None

    return after
