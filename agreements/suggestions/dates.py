"""Dates in a text, as partial dates with their exact place.

A date is taken as the text states it. A year that is not stated is that which brings the date
nearest to the publication, or in a passage of history that of the date before; it is marked as
inferred. Without either it stays unknown. What can be read in two ways (3/4/2023 in English) is
found only where another date of the text, or its publication, shows which number is the month.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext_noop

from agreements.dates import PartialDate, PartialDateError
from agreements.suggestions.after_dates import After, dates_after
from agreements.suggestions.anchor import Anchor
from agreements.suggestions.date_patterns import NUMERIC
from agreements.suggestions.date_years import DateBefore, year_of
from agreements.suggestions.folded import Folded, is_unmarked, is_vietnamese
from agreements.suggestions.relative_dates import relative_dates
from agreements.suggestions.spans import Span, without_overlaps
from agreements.suggestions.stated_dates import Day, Stated, stated_dates
from agreements.suggestions.tense import Tenses

YEAR_FROM_PUBLICATION = gettext_noop(
    "The year is not stated; it is that nearest to the date of publication."
)
YEAR_FROM_BEFORE = gettext_noop("The year is not stated; it is that of the date before it.")
RECKONED_FROM_PUBLICATION = gettext_noop("Reckoned from the date of publication.")
RECKONED_FROM_BEFORE = gettext_noop("Reckoned from the date before it.")
ORDER_FROM_TEXT = gettext_noop(
    "Which number is the month is taken from the other dates of the text."
)

# Further from the publication than this, a day that only one order of day and month brings near.
_NEAR = 3
# A date that begins within so many characters of its sentence leads it.
_HEAD = 20
_BRACKET = re.compile(r"\s*\(\s*")


@dataclass(frozen=True)
class FoundDate:
    """A date in a text: where, and as EDTF.

    ``inferred`` where a part is reckoned from the publication or from another date; ``why`` then
    says how, in English that is marked for translation, and is empty otherwise.
    """

    span: Span
    edtf: str
    inferred: bool = False
    why: str = ""


def find_dates(
    text: str,
    published: PartialDate | None = None,
    language: str = "",
    before: FoundDate | None = None,
) -> list[FoundDate]:
    """Return the dates that a text states, in order, without overlaps.

    ``language`` is a tag such as "vi"; where it is empty the text's letters tell. ``before`` is the
    last date of what the document says before this text. The span takes in "ngày", "tháng", "early"
    and the like, and leaves out "from", "on" and "từ".
    """
    vietnamese = is_vietnamese(text, language)
    folded = Folded(text, unmarked=vietnamese and is_unmarked(text))
    return _Reading(folded, Anchor.of(published), vietnamese, before).read()


class _Reading:
    """The mentions of one text, resolved in order, since one may be told from that before it."""

    def __init__(
        self, folded: Folded, anchor: Anchor | None, vietnamese: bool, before: FoundDate | None
    ):
        self._anchor = anchor
        self._tenses = Tenses(folded)
        self._given = folded.given
        self._last, self._last_at, self._leads = before, -1, False
        day_first = True if vietnamese else _day_first(folded, anchor)
        self._stated = {each.span: each for each in stated_dates(folded, day_first, vietnamese)}
        self._after: dict[Span, After] = dict(dates_after(folded))
        self._relative: dict[Span, str] = {}
        if anchor is not None:
            for span, edtf in relative_dates(folded, anchor, self._tenses):
                self._relative.setdefault(span, edtf)

    def read(self) -> list[FoundDate]:
        found = []
        for span in without_overlaps([*self._stated, *self._relative, *self._after]):
            if date := self._resolved(span):
                found.append(date)
                self._last, self._last_at = date, self._tenses.number(span)
                sentence = self._tenses.sentence(span)
                self._leads = sentence is not None and span.start - sentence.start <= _HEAD
        return _as_in_brackets(self._given, found)

    def _resolved(self, span: Span) -> FoundDate | None:
        if span in self._stated:
            return self._of_stated(self._stated[span])
        if span in self._relative:
            return FoundDate(span, self._relative[span], True, RECKONED_FROM_PUBLICATION)
        before = self._before(span)
        edtf = self._after[span](before.day) if before else None
        return FoundDate(span, edtf, True, RECKONED_FROM_BEFORE) if edtf else None

    def _of_stated(self, stated: Stated) -> FoundDate | None:
        """Give a stated date its year; None where the calendar has no such date."""
        why = ORDER_FROM_TEXT if stated.ordered else ""
        if not stated.year_stated:
            tense = self._tenses.around(stated.span)
            if year := year_of(stated, self._anchor, self._before(stated.span), tense):
                stated = stated.in_year(year.year)
                why = _why(stated, year.from_before)
        try:
            edtf = PartialDate(_edtf(stated)).edtf
        except PartialDateError:
            return None
        return FoundDate(stated.span, edtf, bool(why), why)

    def _before(self, span: Span) -> DateBefore | None:
        if self._last is None:
            return None
        day = _day(self._last.edtf)
        ends = self._tenses.number(span) - self._last_at
        stated = not self._last.inferred or self._last.why == YEAR_FROM_BEFORE
        return DateBefore(day, stated, ends, self._leads) if day else None


def _why(stated: Stated, from_before: bool) -> str:
    if from_before:
        return YEAR_FROM_BEFORE
    return YEAR_FROM_PUBLICATION if stated.offset is None else RECKONED_FROM_PUBLICATION


def _day(edtf: str) -> Day | None:
    """The last day of a date, as far as it is known; None of a decade or a season."""
    parts = edtf.rpartition("/")[2].rstrip("~?").split("-")
    if not all(part.isdecimal() for part in parts) or (len(parts) > 1 and int(parts[1]) > 12):
        return None
    return Day(*map(int, parts))


def _day_first(folded: Folded, anchor: Anchor | None) -> bool | None:
    """Whether 3/4/2023 is 3 April here: as the text's other dates show, or its publication."""
    orders = set()
    for match in NUMERIC.finditer(folded.text):
        a, b, year = int(match["a"]), int(match["b"]), int(match["y1"])
        if not min(a, b):
            # A 0 is neither a day nor a month, and shows nothing of the other.
            continue
        if max(a, b) > 12 or anchor is None or anchor.day is None:
            orders |= {a > b} if min(a, b) <= 12 < max(a, b) else set()
            continue
        near = {order for order, day in ((True, Day(year, b, a)), (False, Day(year, a, b)))
                if _is_near(day, anchor)}  # fmt: skip
        orders |= near if len(near) == 1 and a != b else set()
    return orders.pop() if len(orders) == 1 else None


def _is_near(day: Day, anchor: Anchor) -> bool:
    date = PartialDate(day.edtf()).earliest if 1 <= (day.month or 0) <= 12 else None
    return bool(date and anchor.day and abs((date - anchor.day).days) <= _NEAR)


def _as_in_brackets(given: str, found: list[FoundDate]) -> list[FoundDate]:
    """Give "Tuesday" the day that follows it in brackets: "on Tuesday (5 March)"."""
    read = found[:1]
    for last, date in pairwise(found):
        told = last.why == RECKONED_FROM_PUBLICATION and len(last.edtf) == len("2024-03-05")
        bracket = _BRACKET.fullmatch(given, last.span.end, date.span.start)
        if told and bracket and len(date.edtf) == len(last.edtf):
            read[-1] = replace(last, edtf=date.edtf)
        read.append(date)
    return read


def _edtf(stated: Stated) -> str:
    if stated.decade:
        return f"{stated.decade}X"
    if stated.week:
        return _week(stated.first)
    first = stated.first.edtf() + ("~" if stated.about else "")
    if stated.last is None or stated.last == stated.first:
        return first
    return f"{first}/{stated.last.edtf()}"


def _week(day: Day) -> str:
    """The Monday and the Sunday around a day; as the day where its year is not known."""
    date = PartialDate(day.edtf()).earliest
    if date is None:
        return day.edtf()
    monday = date - datetime.timedelta(days=date.weekday())
    return f"{monday.isoformat()}/{(monday + datetime.timedelta(days=6)).isoformat()}"
