"""What was counted when it was published, for questions that these counts can answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet, Sum

from agreements import summary
from agreements.models import ColumnCount, CountedUntil, EngagementKind, FacetCount
from agreements.totals import NOT_HAPPENED

Group = tuple[Any, ...]
# Counts, and the column of them for each thing to count by; None for what they have none of.
Part = tuple[QuerySet, Mapping[str, str | None]]
# Filters of columns that are counted by, and those of a facet.
_COLUMNS = frozenset({"status", "happened", "series", "instrument", "activity", "level"})
_OF_COLUMNS = frozenset({"kind", "year", *_COLUMNS} - {"happened"})
_FACETS = {"country": "country", "force": "force", "topic": "topic", "role": "role"}
_COUNTED = frozenset({*summary.FACETS, summary.PAIR})
_OTHERS = frozenset({"kind", "year"})
_ENGAGEMENTS = frozenset(EngagementKind.values)


class Counted:
    """The counts, for records of some kinds that a query's `values` leave, as they stand now."""

    def __init__(self, kinds: Collection[str], values: dict[str, Any]):
        asked = {name: value for name, value in values.items() if value not in (None, "", [])}
        self._kinds = [asked.pop("kind")] if "kind" in asked else list(kinds)
        self._asked = asked
        self._facet = _facet_of(asked) if _ENGAGEMENTS.issuperset(self._kinds) else None

    def number(self) -> int | None:
        """Return how many records there are; None where it was not counted."""
        counts = self._columns() if self._asked.keys() <= _COLUMNS else self._of_facet()
        if counts is None or not _known():
            return None
        return counts.aggregate(all=Sum("number", default=0))["all"]

    def groups(self, by: Sequence[str]) -> tuple[Mapping[Group, int], int] | None:
        """Return how many there are by one or two things, and in all; None where unknown."""
        if self._asked.keys() <= _COLUMNS and set(by) <= _OF_COLUMNS:
            return self._grouped(by, [(self._columns(), {name: name for name in by})])
        sides = set(by) - _OTHERS
        if not self._asked and sides == {"country", "partner"}:
            return self._grouped(by, self._pairs(), self._columns())
        if not self._asked and len(sides) == 1:
            facet = "country" if sides == {"partner"} else min(sides)
            if _has(facet, by):
                columns = {name: "value" if name in sides else name for name in by}
                return self._grouped(by, [(self._facets(facet), columns)], self._columns())
        own = self._of_facet()
        if own is not None and self._facet and not sides and _has(self._facet[0], by):
            return self._grouped(by, [(own, {name: name for name in by})])
        if self._facet and self._facet[0] == "country" and sides == {"partner"}:
            return self._grouped(by, self._partners(self._facet[1]), own)
        return None

    def _grouped(
        self,
        by: Sequence[str],
        parts: Sequence[Part],
        everything: QuerySet | None = None,
    ) -> tuple[Mapping[Group, int], int] | None:
        """Add up parts; `everything` has each record once, where the parts have some twice."""
        if not _known():
            return None
        found: defaultdict[Group, int] = defaultdict(int)
        for rows, columns in parts:
            names = [columns[name] for name in by]
            asked = [name for name in names if name]
            summed = list(rows.values_list(*asked).annotate(all=Sum("number")))
            # There may be tens of thousands: a column at a time, and no lists between. What has no
            # column is None, and so is what is blank or 0.
            values: list[Iterable[Any]] = [
                [each or None for each in map(itemgetter(asked.index(name)), summed)]
                if name
                else repeat(None)
                for name in names
            ]
            for group, row in zip(zip(*values, strict=False), summed, strict=False):
                if row[-1]:
                    found[group] += row[-1]
        if everything is None:
            return found, sum(found.values())
        return found, everything.aggregate(all=Sum("number", default=0))["all"]

    def _columns(self) -> QuerySet:
        asked = dict(self._asked)
        happened = asked.pop("happened", None)
        rows = ColumnCount.objects.filter(kind__in=self._kinds, **asked).order_by()
        if happened is None:
            return rows
        did_not = Q(status__in=NOT_HAPPENED)
        return rows.exclude(did_not) if happened else rows.filter(did_not)

    def _facets(self, facet: str) -> QuerySet:
        return FacetCount.objects.filter(facet=facet, kind__in=self._kinds).order_by()

    def _of_facet(self) -> QuerySet | None:
        if self._facet is None:
            return None
        facet, value, other = self._facet
        return self._facets(facet).filter(value=value, other=other)

    def _pairs(self) -> list[Part]:
        pairs = self._facets(summary.PAIR)
        return [
            (pairs, {"country": "value", "partner": "other"}),
            (pairs, {"country": "other", "partner": "value"}),
            (self._facets(summary.ALONE), {"country": "value", "partner": None}),
        ]

    def _partners(self, country: str) -> list[Part]:
        pairs, rest = self._facets(summary.PAIR), {"kind": "kind", "year": "year"}
        return [
            (pairs.filter(value=country), {"partner": "other", **rest}),
            (pairs.filter(other=country), {"partner": "value", **rest}),
            (self._facets(summary.ALONE).filter(value=country), {"partner": None, **rest}),
        ]


def _has(facet: str, by: Sequence[str]) -> bool:
    """Whether a facet is counted, by years too where these are asked for."""
    return facet in _COUNTED and not ("year" in by and facet in summary.WITHOUT_YEARS)


def _facet_of(asked: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return the one facet, or the pair of countries, that is asked for, where nothing else is."""
    if len(asked) != 1:
        return None
    ((name, value),) = asked.items()
    values = sorted(set(value if isinstance(value, list) else [value]))
    if name == "country" and len(values) == 2:
        return summary.PAIR, *values
    return (_FACETS[name], values[0], "") if name in _FACETS and len(values) == 1 else None


def by_kind() -> dict[str, int] | None:
    """Return how many published records of each kind there are; None where that is unknown."""
    if not _known():
        return None
    rows = ColumnCount.objects.order_by().values_list("kind").annotate(all=Sum("number"))
    return {kind: number for kind, number in rows if number}


def _known() -> bool:
    return summary.is_known(CountedUntil.objects.all())
