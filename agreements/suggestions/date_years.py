"""The year of a date that states none: from the publication, or from the date before it."""

from __future__ import annotations

from dataclasses import dataclass

from agreements.suggestions.anchor import Anchor, day_of
from agreements.suggestions.stated_dates import Day, Stated
from agreements.suggestions.tense import Tense

# A day that the publication puts so few days back is news, and no part of a history; nor is it of
# one that a date at the head of its sentence began.
_NEWS = 60
_NEWS_IN_HISTORY = 21
# History goes on from one sentence to the next.
_SENTENCES = 1


@dataclass(frozen=True)
class DateBefore:
    """The date that a text named before another.

    ``stated`` whether it had a year; ``sentences`` how many ends of sentences lie between them;
    ``leading`` whether it stood at the head of its sentence.
    """

    day: Day
    stated: bool
    sentences: int = 0
    leading: bool = False


@dataclass(frozen=True)
class YearOf:
    """A year, and whether it is taken ``from_before``: from the date before."""

    year: int
    from_before: bool = False


def year_of(
    stated: Stated, anchor: Anchor | None, before: DateBefore | None, tense: Tense
) -> YearOf | None:
    """Return the year of a date that states none, or None where nothing tells it."""
    if stated.after is not None and _goes_on(stated, anchor, before, tense):
        assert before is not None
        assert before.day.year is not None
        return YearOf(before.day.year + stated.after, True)
    if stated.offset is not None:
        if anchor is None or anchor.year is None:
            return None
        return YearOf(anchor.year + stated.offset)
    assert stated.first.month is not None
    if anchor is None:
        nearest = None
    else:
        nearest = anchor.nearest_year(stated.first.month, stated.first.day, tense)
    if before and (year := _of_history(stated, anchor, before, nearest, tense)):
        return YearOf(year, True)
    return None if nearest is None else YearOf(nearest)


def _goes_on(
    stated: Stated, anchor: Anchor | None, before: DateBefore | None, tense: Tense
) -> bool:
    """Whether "that year" has a date before it; "năm sau" only where that is long past."""
    if before is None or before.day.year is None:
        return False
    if stated.offset is None or anchor is None:
        return True
    return before.stated and before.day.year < anchor.earliest.year and tense is not Tense.AHEAD


def _of_history(
    stated: Stated, anchor: Anchor | None, before: DateBefore, nearest: int | None, tense: Tense
) -> int | None:
    """The year of the date before, where a text goes on in the order of time."""
    year, month = before.day.year, before.day.month
    if year is None or not before.stated or before.sentences > _SENTENCES:
        return None
    if month is None or tense is Tense.AHEAD:
        return None
    if (month, before.day.day or 0) > (stated.first.month or 0, stated.first.day or 31):
        return None
    if anchor is None or nearest is None:
        return year
    if year >= anchor.earliest.year:
        return None
    day = day_of(nearest, stated.first.month or 1, stated.first.day or 31)
    window = _NEWS_IN_HISTORY if before.leading else _NEWS
    return None if 0 <= (anchor.earliest - day).days <= window else year
