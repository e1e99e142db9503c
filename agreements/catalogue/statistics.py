"""How many published records there are, by one thing or by two.

As they stand now, by what they were counted by when they were published; else counted in SQL.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, Q, When
from django.db.models.expressions import Value
from django.db.models.functions import ExtractYear, NullIf
from django.http import QueryDict

from agreements.catalogue.asking import filtered, moment_of, refuse_unknown
from agreements.catalogue.counted import Counted
from agreements.catalogue.filters import StatisticsFilterSet, check_names
from agreements.exceptions import BadParameters
from agreements.models import EngagementKind, Publication
from agreements.models.publications import PublicationQuerySet

# Columns of a record, one value each.
_COLUMNS = ("kind", "status", "instrument", "activity", "level", "series")
# Facets, of which a record may have several values.
_FACETS = {
    "country": "country",
    "partner": "country",
    "force": "force",
    "topic": "topic",
    "role": "role",
    "document": "document",
}
# Those that are records themselves, by their kind.
_NAMED = {
    "country": "country",
    "partner": "country",
    "force": "force",
    "topic": "topic",
    "document": "document",
    "series": "series",
}
DIMENSIONS = ("partner", "country", "force", "topic", "year", *_COLUMNS, "role", "document")
PARAMETERS = ("by", "as_of", "format")
DEFAULT = "kind"
MOST = 2

Group = tuple[Any, ...]


@dataclass(frozen=True)
class Statistics:
    """Counts by `by`; `total` counts every record once, `rows` once for each value it has.

    `values` are those of each row, in the order of its keys.
    """

    by: tuple[str, ...]
    total: int
    values: Sequence[Group]

    @property
    def keys(self) -> list[str]:
        return keys_of(self.by)

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield all rows by their keys."""
        return self.named(self.values)

    def named(self, values: Iterable[Group]) -> Iterator[dict[str, Any]]:
        """Yield rows with some values, one at a time: there may be tens of thousands."""
        keys = self.keys
        return (dict(zip(keys, row, strict=True)) for row in values)


def keys_of(by: Sequence[str]) -> list[str]:
    """Return the keys of a row: each dimension, with the name of what it stands for."""
    named = [[each, f"{each}_name"] if each in _NAMED else [each] for each in by]
    return [key for keys in named for key in keys] + ["count"]


def statistics(query: QueryDict) -> Statistics:
    """Count what a query asks for; raise BadParameters, naming what is wrong with it."""
    check_names(query, {*StatisticsFilterSet.base_filters, *PARAMETERS})
    by, moment = _by(query), moment_of(query)
    standing = Publication.objects.standing_at(moment).published()
    filterset = filtered(
        StatisticsFilterSet, query, standing.filter(kind__in=EngagementKind.values), moment
    )
    rows, values = filterset.qs, filterset.form.cleaned_data
    known = Counted(EngagementKind.values, values).groups(by) if moment is None else None
    if known is not None:
        counts, total = known
    else:
        counts = _counts(rows, by, standing, values)
        # Of what a record has one value of, it is in one group, and is not counted again.
        total = rows.count() if set(by) & _FACETS.keys() else sum(counts.values())
    if not total:
        refuse_unknown(values)
    names = {
        name: _names(standing, kind, {group[place] for group in counts})
        for place, (name, kind) in enumerate((name, _NAMED.get(name)) for name in by)
        if kind
    }
    return Statistics(by, total, _values(by, counts, names))


def _by(query: QueryDict) -> tuple[str, ...]:
    by = tuple(query.get("by", DEFAULT).split(","))
    unknown = [name[:50] for name in by if name not in DIMENSIONS]
    if unknown or len(by) > MOST or len(set(by)) < len(by):
        raise BadParameters(
            {"by": f"Write one or two of: {', '.join(DIMENSIONS)}; two with a comma between."}
        )
    return by


def _counts(
    rows: PublicationQuerySet,
    by: tuple[str, ...],
    standing: PublicationQuerySet,
    values: dict[str, Any],
) -> Counter[Group]:
    if "partner" not in by:
        return Counter(dict(_grouped(rows, by, set())))
    beside = next((name for name in by if name in ("country", "force")), None)
    if beside is None:
        asked = set(values.get("country") or ())
        homes = _homes(standing, set(values.get("force") or ()))
        return Counter(dict(_grouped(rows, by, asked | set(homes.values()))))
    return _beside(rows, by, standing, beside)


def _beside(
    rows: PublicationQuerySet, by: tuple[str, ...], standing: PublicationQuerySet, beside: str
) -> Counter[Group]:
    """Count the partners of each country or force: the countries other than its own."""
    one, other = by.index(beside), by.index("partner")
    found = dict(_grouped(rows, by, set()))
    sides = {group[one] for group in found if group[one] is not None}
    homes = _homes(standing, sides) if beside == "force" else {side: side for side in sides}
    counts = Counter(
        {group: number for group, number in found.items() if homes.get(group[one]) != group[other]}
    )
    # Those that name no other country have no partner, and are not lost.
    alone = rows.annotate(
        sides=Count("facets", filter=Q(facets__facet="country"), distinct=True)
    ).filter(sides=1)
    lonely = Publication.objects.filter(pk__in=alone.order_by().values("pk"))
    for group, number in _grouped(lonely, by, set()):
        if homes.get(group[one]) == group[other]:
            nobody = list(group)
            nobody[other] = None
            counts[tuple(nobody)] += number
    return counts


def _grouped(
    rows: PublicationQuerySet, by: tuple[str, ...], homes: set[str]
) -> Iterator[tuple[Group, int]]:
    """Count in one query. `homes` are the countries that are nobody's partner."""
    rows = rows.order_by()
    for name in by:
        if name in _FACETS:
            condition = Q(facets__facet=_FACETS[name])
            if name == "partner" and homes:
                condition &= ~Q(facets__value__in=sorted(homes))
            rows = rows.annotate(
                **{f"{name}_facet": FilteredRelation("facets", condition=condition)}
            ).annotate(**{f"by_{name}": F(f"{name}_facet__value")})
        elif name == "year":
            rows = rows.annotate(
                first=ExtractYear("earliest"), last=ExtractYear("latest")
            ).annotate(by_year=Case(When(first=F("last"), then=F("first"))))
        else:
            rows = rows.annotate(**{f"by_{name}": NullIf(F(name), Value(""))})
    names = [f"by_{name}" for name in by]
    for *group, number in (
        rows.values(*names).annotate(number=Count("pk")).values_list(*names, "number")
    ):
        yield tuple(group), number


def _homes(standing: PublicationQuerySet, forces: set[str]) -> dict[str, str]:
    """Return the country of each force."""
    found = standing.filter(kind="force", slug__in=forces, facets__facet="country")
    return dict(found.values_list("slug", "facets__value"))


def _names(standing: PublicationQuerySet, kind: str, slugs: set[str | None]) -> dict[str, str]:
    found = standing.filter(kind=kind, slug__in=slugs - {None})
    return dict(found.values_list("slug", "title"))


def _values(
    by: tuple[str, ...], counts: Mapping[Group, int], names: Mapping[str, Mapping[str, str]]
) -> list[Group]:
    """Return the values of an answer in the order of what they count by, None at the end."""
    ordered = sorted(counts, key=_in_order)
    columns: list[Iterable[Any]] = []
    for place, name in enumerate(by):
        values = [group[place] for group in ordered]
        columns.append(values)
        if name in names:
            columns.append(map(names[name].get, values))
    columns.append(map(counts.__getitem__, ordered))
    return list(zip(*columns, strict=True))


class _Last:
    """Stands behind any value."""

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return True


_LAST = _Last()


def _in_order(group: Group) -> Group:
    """Return what a group is sorted by: its values, with None behind all others."""
    if None not in group:
        return group
    return tuple([_LAST if value is None else value for value in group])
