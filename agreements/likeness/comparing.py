"""How likely two records are of one event: what excludes it, and what speaks for it and against.

Who took part, when, and what it was weigh more than the titles, which each source and each
language words anew. The weights were tried on the shipped records and on `tests/twins.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from agreements.likeness import days, titles
from agreements.likeness.candidate import Candidate
from agreements.models import Exercise, Meeting
from agreements.text import fold


class Nearest(IntEnum):
    """From which nearness on two records are proposed for merging, or are worth a look."""

    PROPOSED = 60
    WORTH_A_LOOK = 45


_SIDES = 30
_SAME_FORCES = 10
_OTHER_FORCE = -15
_SAME_NUMBER = 25
# Two records with one number in one series are as near as this, whatever else they say.
_NUMBERED = 90
_SAME_PLACE = 10
_OTHER_PLACE = -8
_OTHER_COUNTRY = -25
_SAME_SORT = 5
_NEAR_SORT = -8
_TITLES = 30
_CONCEPTS = 15
_SAME_NAMES = 12
_OTHER_NAMES = -20
_OTHER_YEAR = -20
# Whoever read one document, or set two records into one visit, told them apart.
_ONE_DOCUMENT = -15
_ONE_WHOLE = -15

# Fewer of the sides in common than this, and it was another event, unless the titles are alike.
_SIDES_SHARED = 0.5
_TITLES_ALIKE = 80
_MIDDLE = 50

_OTHER = "other"
# What coders take for each other; whatever else differs is another activity.
_NEAR_ACTIVITIES = (
    {"joint-patrol", "joint-law-enforcement"},
    {"joint-training", "search-and-rescue-drill"},
    {"joint-training", "joint-law-enforcement"},
    {"joint-training", "training-course"},
    {"training-course", "capacity-building"},
    {"ship-visit", "exchange-programme"},
    {"unit-visit", "exchange-programme"},
)
_NEAR_INSTRUMENTS = (
    {"treaty", "agreement"},
    {"agreement", "memorandum-of-understanding"},
    {"agreement", "protocol"},
    {"agreement", "hotline-arrangement"},
    {"memorandum-of-understanding", "hotline-arrangement"},
    {"memorandum-of-understanding", "letter-of-intent"},
    {"joint-statement", "partnership"},
)
_NEAR_LEVELS = (
    {"minister", "high-level"},
    {"high-level", "regional"},
    {"regional", "working"},
)
# What words of a title say of the level.
_LEVELS = {
    "president": Meeting.Level.HEAD_OF_STATE,
    "premier": Meeting.Level.HEAD_OF_GOVERNMENT,
    "minister": Meeting.Level.MINISTER,
    "high-level": Meeting.Level.HIGH,
    "commander": Meeting.Level.HIGH,
    "regional": Meeting.Level.REGIONAL,
    "working": Meeting.Level.WORKING,
}


@dataclass(frozen=True)
class Compared:
    """How near two records are, from 0 to 100, and what is alike in them, as JSON can hold it."""

    nearness: int
    because: dict[str, Any]


@dataclass(frozen=True)
class Comparable:
    """A candidate with what was looked up for it.

    `sides` gives the forces that acted for each country; `left_out` are the words of their names
    and of the place, `superiors` the force that each is a part of. `linked` are the numbers of the
    records that it is linked to, `wholes` of those that it is part of, `documents` of those that
    it is cited from.
    """

    candidate: Candidate
    sides: dict[str, frozenset[str]]
    left_out: frozenset[str] = frozenset()
    superiors: frozenset[tuple[str, str]] = frozenset()
    linked: frozenset[int] = frozenset()
    wholes: frozenset[int] = frozenset()
    documents: frozenset[int] = frozenset()

    @cached_property
    def titles(self) -> list[titles.Title]:
        """What its titles say."""
        given = dict.fromkeys((self.candidate.title, self.candidate.title_as_given))
        return [titles.read(text, self.left_out) for text in given if text]

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries that took part; those of its title where fewer than two are known."""
        if len(self.sides) > 1:
            return frozenset(self.sides)
        return frozenset(self.sides).union(*(title.countries for title in self.titles))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Its number in a series; where none is known, those of its title."""
        if self.candidate.ordinal:
            return frozenset([self.candidate.ordinal])
        return frozenset().union(*(title.ordinals for title in self.titles))

    @cached_property
    def years(self) -> frozenset[int]:
        """The years of its date and its titles, in their last two digits: "Team Spirit 84"."""
        date = self.candidate.date
        found = {bound.year for bound in (date.earliest, date.latest) if bound} if date else set()
        for title in self.titles:
            found |= {int(year) for year in title.years}
            if self.candidate.kind == Exercise.RECORD_KIND and not title.years:
                found |= {int(number) for number in title.numbers if len(number) == 2}
        return frozenset(year % 100 for year in found)

    @cached_property
    def levels(self) -> frozenset[str]:
        """Its level; where none is known, those that its title tells."""
        if self.candidate.level:
            return frozenset([self.candidate.level])
        told = frozenset().union(*(title.concepts for title in self.titles))
        return frozenset(_LEVELS[word] for word in told if word in _LEVELS)

    @cached_property
    def place(self) -> str:
        return fold(self.candidate.location_name).replace(" ", "")


def compare(one: Comparable, other: Comparable) -> Compared | None:
    """Return how near two records of a kind are; None where they are not of one event."""
    if _excluded(one, other):
        return None
    when = days.compared(one.candidate.date, other.candidate.date)
    if when is None:
        return None
    numbered = _same_number_in_a_series(one.candidate, other.candidate)
    worded = _titles(one, other)
    shared, every = one.countries & other.countries, one.countries | other.countries
    part = len(shared) / len(every) if every else 0.0
    if not (numbered or _sides_fit(shared, part, one, other, worded)):
        return None
    points = round(_SIDES * part) + when.worth + sum(_of_details(one, other))
    points += _of_titles(worded) + _of_forces(one, other)
    if one.years and other.years and not one.years & other.years and not when.known:
        points += _OTHER_YEAR
    because: dict[str, Any] = {"countries": sorted(shared), "sides": len(every)}
    if when.known:
        because["dates"] = [str(one.candidate.date), str(other.candidate.date)]
    least = _NUMBERED if numbered else 0
    return Compared(max(least, min(100, points)), because | _what_is_alike(one, other, worded))


def _excluded(one: Comparable, other: Comparable) -> bool:
    """Whether two records are of two events, whatever is alike in them."""
    mine, theirs = one.candidate, other.candidate
    if mine.kind != theirs.kind or (mine.pk is not None and mine.pk == theirs.pk):
        return True
    if mine.pk in other.linked or theirs.pk in one.linked:
        return True
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return True
    return (
        _apart(mine.activity, theirs.activity, _NEAR_ACTIVITIES)
        or _apart(mine.instrument, theirs.instrument, _NEAR_INSTRUMENTS)
        or (mine.kind == Meeting.RECORD_KIND and _levels_apart(one.levels, other.levels))
    )


def _apart(one: str, other: str, near: tuple[set[str], ...]) -> bool:
    """Whether two choices are of two events; one that is empty or "other" says nothing."""
    if one == other or not (one and other) or _OTHER in (one, other):
        return False
    return {one, other} not in near


def _levels_apart(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    if not (mine and theirs):
        return False
    return all(_apart(one, other, _NEAR_LEVELS) for one in mine for other in theirs)


def _same_number_in_a_series(mine: Candidate, theirs: Candidate) -> bool:
    return bool(mine.series and mine.ordinal) and (mine.series, mine.ordinal) == (
        theirs.series,
        theirs.ordinal,
    )


def _sides_fit(
    shared: frozenset[str],
    part: float,
    one: Comparable,
    other: Comparable,
    worded: titles.Compared,
) -> bool:
    """Whether the countries of two records may be those of one event.

    Where one names only some of those of the other, they may if the titles are alike.
    """
    if part >= _SIDES_SHARED:
        return True
    contained = len(shared) > 1 and shared in (one.countries, other.countries)
    return contained and (worded.alike or 0) >= _TITLES_ALIKE and worded.names is not False


def _titles(one: Comparable, other: Comparable) -> titles.Compared:
    """Compare the titles of two records: of all that they have, the two that are most alike."""
    every = [titles.compared(mine, theirs) for mine in one.titles for theirs in other.titles]
    return max(
        every,
        key=lambda each: (each.alike is not None, each.alike or 0),
        default=titles.Compared(None, None),
    )


def _of_titles(worded: titles.Compared) -> int:
    points = 0
    if worded.alike is not None:
        most = _CONCEPTS if worded.translated else _TITLES
        points += round(most * (worded.alike - _MIDDLE) / (100 - _MIDDLE))
    if worded.names is False:
        # Whatever else they share: "Ship A visits Haiphong", "Ship B visits Haiphong".
        points = min(points, 0) + _OTHER_NAMES
    elif worded.names:
        points += _SAME_NAMES
    return points


def _of_forces(one: Comparable, other: Comparable) -> int:
    """What the forces say of the countries for which both records name some."""
    both = [code for code in one.sides if one.sides[code] and other.sides.get(code)]
    same = sum(_share_a_force(one, other, code) for code in both)
    return (_SAME_FORCES if both and same == len(both) else 0) + _OTHER_FORCE * (len(both) - same)


def _share_a_force(one: Comparable, other: Comparable, code: str) -> bool:
    mine, theirs = one.sides[code], other.sides[code]
    if mine & theirs:
        return True
    pairs = one.superiors | other.superiors
    return any((a, b) in pairs or (b, a) in pairs for a in mine for b in theirs)


def _of_details(one: Comparable, other: Comparable) -> Iterator[int]:
    mine, theirs = one.candidate, other.candidate
    if mine.ordinal and mine.ordinal == theirs.ordinal:
        yield _SAME_NUMBER
    for name in ("activity", "instrument", "level"):
        values = getattr(mine, name), getattr(theirs, name)
        if all(values) and _OTHER not in values:
            yield _SAME_SORT if values[0] == values[1] else _NEAR_SORT
    if one.place and other.place:
        yield _SAME_PLACE if _one_place(one, other) else _OTHER_PLACE
    if mine.location_country and theirs.location_country:
        yield 0 if mine.location_country == theirs.location_country else _OTHER_COUNTRY
    if one.documents & other.documents:
        yield _ONE_DOCUMENT
    if one.wholes & other.wholes:
        yield _ONE_WHOLE


def _one_place(one: Comparable, other: Comparable) -> bool:
    return one.place in other.place or other.place in one.place


def _what_is_alike(one: Comparable, other: Comparable, worded: titles.Compared) -> dict[str, Any]:
    mine, theirs = one.candidate, other.candidate
    found: dict[str, Any] = {}
    if mine.ordinal and mine.ordinal == theirs.ordinal:
        found["number"] = mine.ordinal
    if one.place and other.place and _one_place(one, other):
        found["place"] = mine.location_name
    for name in ("activity", "instrument", "level"):
        if getattr(mine, name) == getattr(theirs, name) not in ("", _OTHER):
            found[name] = getattr(mine, name)
    if worded.alike is not None and worded.alike >= _MIDDLE:
        found["words" if worded.translated else "titles"] = worded.alike
    return found
