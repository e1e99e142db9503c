"""Dates in a text, as partial dates with their exact place.

A date is taken as the text states it. A year that is not stated is that which brings the date
nearest to the publication, and is marked as inferred; without a publication date it stays unknown.
What can be read in two ways (3/4/2023 in English) is not found.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from agreements.dates import PartialDate, PartialDateError
from agreements.suggestions.anchor import Anchor
from agreements.suggestions.date_patterns import AFTERWARDS, PLANS
from agreements.suggestions.folded import Folded, is_vietnamese
from agreements.suggestions.relative_dates import relative_dates
from agreements.suggestions.sentences import sentences
from agreements.suggestions.spans import Span, without_overlaps
from agreements.suggestions.stated_dates import Stated, stated_dates

YEAR_FROM_PUBLICATION = "The year is not stated; it is that nearest to the date of publication."
RECKONED_FROM_PUBLICATION = "Reckoned from the date of publication."


@dataclass(frozen=True)
class FoundDate:
    """A date in a text: where, and as EDTF.

    ``inferred`` where a part is reckoned from the publication date; ``why`` then says how, in
    English that is marked for translation, and is empty otherwise.
    """

    span: Span
    edtf: str
    inferred: bool = False
    why: str = ""


def find_dates(
    text: str, published: PartialDate | None = None, language: str = ""
) -> list[FoundDate]:
    """Return the dates that a text states, in order, without overlaps.

    ``language`` is a tag such as "vi"; where it is empty the text's letters tell. The span takes
    in "ngày", "tháng", "early" and the like, and leaves out "from", "on" and "từ".
    """
    folded = Folded(text)
    anchor = Anchor.of(published)
    plans = _Plans(folded)
    found = {}
    for stated in stated_dates(folded, is_vietnamese(text, language)):
        if date := _resolved(stated, anchor, plans):
            found[date.span] = date
    if anchor is not None:
        for span, edtf in relative_dates(folded, anchor):
            found.setdefault(span, FoundDate(span, edtf, True, RECKONED_FROM_PUBLICATION))
    return [found[span] for span in without_overlaps(list(found))]


class _Plans:
    """Whether the sentence around a date tells of plans."""

    def __init__(self, folded: Folded):
        self._folded = folded
        self._sentences: list[Span] | None = None

    def around(self, span: Span) -> bool:
        given = self._folded.given.lower()
        if AFTERWARDS.match(given, span.end):
            return True
        if self._sentences is None:
            self._sentences = sentences(self._folded.given)
        index = bisect_right(self._sentences, span.start, key=lambda each: each.start) - 1
        return index >= 0 and PLANS.search(self._sentences[index].of(given)) is not None


def _resolved(stated: Stated, anchor: Anchor | None, plans: _Plans) -> FoundDate | None:
    """Give a stated date its year; None where the calendar has no such date."""
    inferred = False
    if not stated.year_stated and anchor is not None:
        year = _year(stated, anchor, plans)
        if year is not None:
            stated, inferred = stated.in_year(year), True
    try:
        edtf = PartialDate(_edtf(stated)).edtf
    except PartialDateError:
        return None
    why = YEAR_FROM_PUBLICATION if stated.offset is None else RECKONED_FROM_PUBLICATION
    return FoundDate(stated.span, edtf, inferred, why if inferred else "")


def _year(stated: Stated, anchor: Anchor, plans: _Plans) -> int | None:
    if stated.offset is not None:
        return anchor.year + stated.offset if anchor.year else None
    assert stated.first.month is not None
    ahead = plans.around(stated.span)
    return anchor.nearest_year(stated.first.month, stated.first.day, ahead)


def _edtf(stated: Stated) -> str:
    if stated.decade:
        return f"{stated.decade}X"
    first = stated.first.edtf() + ("~" if stated.about else "")
    if stated.last is None or stated.last == stated.first:
        return first
    return f"{first}/{stated.last.edtf()}"
