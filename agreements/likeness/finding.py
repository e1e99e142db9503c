"""The records of the desk that may be of the same event as others, saved or not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta

from agreements.likeness.candidate import Candidate, Likely
from agreements.likeness.comparing import Comparable, Nearest, compare
from agreements.likeness.days import bounds, overlap
from agreements.likeness.desk import Forces, comparables, numbered, standing, worth_comparing

# So many are given for one record, the nearest ones.
MOST = 10
# For more than these the whole desk is read at once; for each of these, what is near to it.
_FEW = 20
# Days beyond which a date is one that spans years.
_LONG = timedelta(days=400)
# So many are compared with one record where many share its days and sides.
_COMPARED = 400


def likely_same(candidate: Candidate) -> list[Likely]:
    """Return the records that may be of the same event as a candidate, the nearest first."""
    return likely_same_many([candidate]).get(0, [])


def likely_same_many(candidates: Sequence[Candidate]) -> dict[int, list[Likely]]:
    """Return by its place in the sequence what each candidate may be the same as.

    Candidates that resemble nothing are left out. Seven queries for thousands; for one, seven too.
    """
    forces = Forces()
    given = [forces.comparable(each) for each in candidates]
    found = enumerate(_found(given, forces))
    return {place: likely[:MOST] for place, likely in found if likely}


def likely_same_of(
    numbers: Collection[int], least: int = Nearest.PROPOSED
) -> dict[int, list[Likely]]:
    """Return by its number everything that each record of the desk may be the same as."""
    forces = Forces()
    if len(numbers) > _FEW:
        every = comparables(standing(), forces)
        desk = _Desk(every)
        given = [one for one in every if one.candidate.pk in numbers]
        return {one.candidate.pk or 0: _likely(one, desk.near(one), least) for one in given}
    given = comparables(numbered(numbers), forces)
    found = _found(given, forces, least)
    return {one.candidate.pk or 0: likely for one, likely in zip(given, found, strict=True)}


def _found(
    given: Sequence[Comparable], forces: Forces, least: int = Nearest.PROPOSED
) -> list[list[Likely]]:
    if len(given) <= _FEW:
        near = {number for one in given for number in worth_comparing(one)}
        others = comparables(numbered(near), forces) if near else []
        return [_likely(one, others, least) for one in given]
    kinds = {one.candidate.kind for one in given}
    desk = _Desk(comparables(standing().filter(kind__in=kinds), forces))
    return [_likely(one, desk.near(one), least) for one in given]


def _likely(one: Comparable, others: Iterable[Comparable], least: int) -> list[Likely]:
    found = []
    for other in others:
        outcome = compare(one, other)
        if outcome is not None and outcome.nearness >= least:
            theirs = other.candidate
            found.append(
                Likely(
                    theirs.pk or 0,
                    theirs.kind,
                    theirs.slug,
                    theirs.title,
                    outcome.nearness,
                    outcome.because,
                )
            )
    return sorted(found, key=lambda each: (-each.nearness, each.pk))


class _Desk:
    """The records of the desk, so arranged that those worth comparing with one are at hand."""

    def __init__(self, records: Iterable[Comparable]):
        self._short: dict[str, list[tuple[date, Comparable]]] = defaultdict(list)
        self._by_country: dict[tuple[str, str], list[Comparable]] = defaultdict(list)
        self._long_by_country: dict[tuple[str, str], list[Comparable]] = defaultdict(list)
        self._by_number: dict[tuple[str, int], list[Comparable]] = defaultdict(list)
        for each in records:
            self._place(each)
        for rows in self._short.values():
            rows.sort(key=lambda row: (row[0], row[1].candidate.pk))
        self._days = {kind: [row[0] for row in rows] for kind, rows in self._short.items()}

    def _place(self, each: Comparable) -> None:
        mine = each.candidate
        first, last = bounds(mine.date)
        for code in each.countries:
            self._by_country[mine.kind, code].append(each)
        if first and last and last - first <= _LONG:
            self._short[mine.kind].append((first, each))
        else:
            for code in each.countries:
                self._long_by_country[mine.kind, code].append(each)
        if mine.series and mine.ordinal:
            self._by_number[mine.series, mine.ordinal].append(each)

    def near(self, one: Comparable) -> list[Comparable]:
        """Return the records that are worth comparing with one, each once."""
        found = {each.candidate.pk: each for each in self._near(one)}
        return list(found.values())[:_COMPARED]

    def _near(self, one: Comparable) -> Iterator[Comparable]:
        mine = one.candidate
        yield from self._by_number.get((mine.series, mine.ordinal or 0), ())
        first, last = bounds(mine.date)
        if first is None or last is None:
            yield from self._sharing(one, self._by_country)
            return
        days, rows = self._days.get(mine.kind, []), self._short.get(mine.kind, [])
        begin = bisect_left(days, first - _LONG) if first - date.min > _LONG else 0
        least = min(2, len(one.countries))
        for _first, each in rows[begin : bisect_right(days, last)]:
            if len(one.countries & each.countries) >= least and overlap(
                bounds(each.candidate.date), (first, last)
            ):
                yield each
        yield from self._sharing(one, self._long_by_country)

    @staticmethod
    def _sharing(
        one: Comparable, by_country: dict[tuple[str, str], list[Comparable]]
    ) -> Iterator[Comparable]:
        """Yield those that have two sides in common with one, or its only one."""
        shared: Counter[int] = Counter()
        known = {}
        for code in one.countries:
            for each in by_country.get((one.candidate.kind, code), ()):
                shared[id(each)] += 1
                known[id(each)] = each
        least = min(2, len(one.countries))
        yield from (known[key] for key, count in shared.items() if count >= least)
