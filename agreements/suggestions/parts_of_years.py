"""Quarters, halves and runs of months: "the third quarter of 2024", "6 tháng đầu năm"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agreements.suggestions import numerals
from agreements.suggestions.date_patterns import YEAR_OFFSETS, a_year, pattern, without_marks
from agreements.suggestions.folded import Folded, unmarked
from agreements.suggestions.spans import Span

_NTH = {"1": 0, "i": 0, "first": 0, "2": 1, "ii": 1, "second": 1, "3": 2, "iii": 2, "third": 2}
_NTH |= {"4": 3, "iv": 3, "fourth": 3, "last": 3, "final": 3}
_BEGINNINGS = frozenset(("first", "đầu", "dau"))
_COUNTS = numerals.ENGLISH | numerals.VIETNAMESE
_COUNTS |= {unmarked(word): count for word, count in numerals.VIETNAMESE.items()}

_OF = (
    rf"(?:,?\s+(?:of\s+)?(?:(?:the\s+year\s+)?{a_year(1)}|(?P<r1>last|this|next)\s+year"
    r"|(?P<same>the\s+year)))"
)
_TOLD = r"(?P<r1>nay|ngoái|trước|tới|sau)(?!\w)"
_QUARTERS = [
    pattern(rf"q(?P<n>[1-4])(?:[\s/,-]*|\s+of\s+){a_year(1)}"),
    pattern(rf"(?P<n>first|second|third|fourth|last|final)\s+quarter{_OF}?"),
    pattern(
        r"quý\s+(?P<n>iv|i{1,3}|[1-4])"
        rf"(?:(?:\s*[/-]\s*|,?\s+(?:năm\s+)?){a_year(1)}|,?\s+năm\s+{_TOLD})?"
    ),
]
_HALVES = [
    pattern(rf"(?P<n>first|second|latter)\s+half{_OF}"),
    pattern(rf"nửa\s+(?P<n>đầu|cuối)\s+năm(?:\s+(?:{a_year(1)}|{_TOLD}))?"),
]
_RUNS = [
    pattern(
        rf"(?P<n>first|last)\s+(?P<count>\d{{1,2}}|{numerals.alternatives(numerals.ENGLISH)})"
        rf"\s+months{_OF}"
    ),
    pattern(
        rf"(?P<count>\d{{1,2}}|{numerals.alternatives(numerals.VIETNAMESE)})"
        rf"\s+tháng\s+(?P<n>đầu|cuối)\s+năm(?:\s+(?:{a_year(1)}|{_TOLD}))?"
    ),
]


@dataclass(frozen=True)
class PartOfYear:
    """Some months of a year: the numbers of the first and the last, and what tells the year.

    ``year`` where it is stated; ``offset`` where it is told from that of the publication; neither
    of a quarter by itself.
    """

    span: Span
    first: int
    last: int
    year: int | None
    offset: int | None


def parts_of_years(folded: Folded) -> Iterator[PartOfYear]:
    """Yield the quarters, the halves and the runs of months that a text tells of."""
    for patterns, read in ((_QUARTERS, _quarter), (_HALVES, _half), (_RUNS, _run)):
        for each in patterns:
            fitting = without_marks(each) if folded.unmarked else each
            for match in fitting.finditer(folded.text):
                if months := read(match):
                    span = folded.span(*match.span())
                    yield PartOfYear(span, *months, *_year(match, each not in _QUARTERS))


def _year(match: re.Match[str], of_this: bool) -> tuple[int | None, int | None]:
    groups = match.groupdict()
    if groups["y1"]:
        return int(groups["y1"]), None
    if told := groups.get("r1"):
        return None, YEAR_OFFSETS[told]
    return None, 0 if of_this or groups.get("same") else None


def _quarter(match: re.Match[str]) -> tuple[int, int]:
    number = _NTH[match["n"]]
    return number * 3 + 1, number * 3 + 3


def _half(match: re.Match[str]) -> tuple[int, int]:
    return (1, 6) if match["n"] in _BEGINNINGS else (7, 12)


def _run(match: re.Match[str]) -> tuple[int, int] | None:
    count = numerals.number(match["count"], _COUNTS)
    if count is None or not 1 < count < 12:
        return None
    return (1, count) if match["n"] in _BEGINNINGS else (13 - count, 12)
