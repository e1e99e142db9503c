"""The counts of what stands in the ledger: brought up to date with each row, or made again.

What is appended is counted from the values written, what it supersedes is taken off. The same
counts are found from the ledger by `counted`: for a ledger that was loaded, and to verify them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from django.db import connection, models, transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import ExtractYear

from agreements.bulk import insert
from agreements.models import (
    ColumnCount,
    CountedUntil,
    EngagementKind,
    FacetCount,
    Publication,
    PublicationFacet,
)

# What of a row of the ledger is counted, in this order.
COLUMNS = ("kind", "status", "instrument", "activity", "level", "series", "earliest", "latest")
_OWN = COLUMNS[:-2]
_ENGAGEMENTS = frozenset(EngagementKind.values)
# Of documents there are nearly as many as of records.
FACETS = ("country", "force", "topic", "role")
# There are too many forces for a row for each of their years.
WITHOUT_YEARS = frozenset({"force"})
PAIR, ALONE = "pair", "alone"
_KEPT = frozenset(FACETS)
_BY = {
    ColumnCount: (*_OWN, "year"),
    FacetCount: ("facet", "value", "other", "kind", "year"),
}
_MEND = "run manage.py count_again"
_BLANK = ("",) * (len(_OWN) - 1)

Facets = Iterable[tuple[str, str]]
# Its COLUMNS and its facets.
Record = tuple[Sequence[Any], Facets]
Cell = tuple[Any, ...]
Counts = dict[type[models.Model], Counter[Cell]]


def follow(before: int, until: int, written: Iterable[tuple[Record | None, int | None]]) -> None:
    """Count rows that were just appended behind the row `before`, up to `until`.

    `written` has each as it is published, None for a tombstone, and the key of the row in whose
    place it stands, None for a first one. The caller is in the transaction.
    """
    known = CountedUntil.objects.first()
    if (known.sequence if known else 0) != before:
        renew()
        return
    given = list(written)
    held = dict(_held([key for _, key in given if key is not None]))
    gone, new = [], []
    for record, key in given:
        was = held.get(key) if key is not None else None
        now = record and _kept(*record)
        if was != now:
            gone.append(was)
            new.append(now)
    counts = _counts(filter(None, new), 1)
    for model, some in _counts(filter(None, gone), -1).items():
        counts[model].update(some)
    for model, some in counts.items():
        _add(model, some)
    _know(until)


@transaction.atomic
def renew() -> None:
    """Count everything again."""
    last = Publication.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    for model, found in _counted().items():
        model._default_manager.all().delete()
        insert(model, (*_BY[model], "number"), found)
    if last is None:
        CountedUntil.objects.all().delete()
    else:
        _know(last)


def renew_if_behind() -> None:
    """Count everything again where the counts do not know the newest row of the ledger."""
    if not is_known(CountedUntil.objects.all()):
        renew()


def has_tables() -> bool:
    """Whether the migrations that were applied made the tables."""
    return CountedUntil._meta.db_table in connection.introspection.table_names()


def is_known(until: QuerySet) -> bool:
    """Whether the counts are those of the ledger as it stands."""
    last = Publication.objects.order_by("-sequence").values("sequence")[:1]
    return until.filter(sequence=Subquery(last)).exists()


def faults() -> Iterator[str]:
    """Yield what is wrong with the counts, a line each."""
    if not Publication.objects.exists():
        return
    if not is_known(CountedUntil.objects.all()):
        yield f"The counts are not those of the ledger's newest row; {_MEND}."
        return
    for model, found in _counted().items():
        held = model._default_manager.exclude(number=0).values_list(*_BY[model], "number")
        for cell in sorted(set(found) ^ set(held.iterator()))[:1]:
            yield f"{model._meta.verbose_name} {cell[:-1]}: not as the ledger has it; {_MEND}."


def year_of(earliest: date | None, latest: date | None) -> int:
    """Return the year in which a date is, whatever day it means; 0 where that is none."""
    same = earliest and latest and earliest.year == latest.year
    return earliest.year if same and earliest else 0


def _counts(records: Iterable[Record], by: int) -> Counts:
    columns: Counter[Cell] = Counter()
    facets: Counter[Cell] = Counter()
    for (kind, *own, earliest, latest), pairs in records:
        if kind not in _ENGAGEMENTS:
            columns[kind, *_BLANK, 0] += by
            continue
        year = year_of(earliest, latest)
        columns[kind, *own, year] += by
        for name, value, other in _facets(pairs):
            facets[name, value, other, kind, 0 if name in WITHOUT_YEARS else year] += by
    return {ColumnCount: columns, FacetCount: facets}


def _facets(pairs: Facets) -> Iterator[tuple[str, str, str]]:
    countries, without = [], set(FACETS)
    for name, value in pairs:
        without.discard(name)
        yield name, value, ""
        if name == "country":
            countries.append(value)
    for name in without:
        yield name, "", ""
    if len(countries) == 1:
        yield ALONE, countries[0], ""
    for one, other in combinations(countries, 2):
        yield PAIR, one, other


def _kept(columns: Sequence[Any], pairs: Facets) -> Record:
    """Return what of a record is counted, the same for what is the same."""
    return tuple(columns), sorted(pair for pair in pairs if pair[0] in _KEPT)


def _held(keys: Sequence[int]) -> Iterator[tuple[int, Record]]:
    """Yield what was counted of rows, by their keys; tombstones were not."""
    if not keys:
        return
    facets: dict[int, list[tuple[str, str]]] = {}
    # All of them, by the index that begins with the publication, whatever is known of the table.
    of_rows = PublicationFacet.objects.filter(publication__among=keys).order_by()
    for key, facet, value in of_rows.values_list("publication_id", "facet", "value"):
        facets.setdefault(key, []).append((facet, value))
    rows = Publication.objects.published().filter(pk__among=keys).order_by()
    for key, *columns in rows.values_list("pk", *COLUMNS):
        yield key, _kept(columns, facets.get(key, ()))


def _add(model: type[models.Model], counts: Counter[Cell]) -> None:
    """Add to the rows of a table, making those that are new; in one statement on PostgreSQL."""
    rows = sorted((*cell, number) for cell, number in counts.items() if number)
    if not rows:
        return
    table, names = model._meta.db_table, _BY[model]
    fields = [model._meta.get_field(name) for name in (*names, "number")]
    columns, keys = ", ".join((*names, "number")), ", ".join(names)
    adding = f"ON CONFLICT ({keys}) DO UPDATE SET number = {table}.number + excluded.number"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{_array(field)}[]" for field in fields)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays}) {adding}",  # noqa: S608
                [list(values) for values in zip(*rows, strict=True)],
            )
        else:
            marks = ", ".join("%s" for _ in fields)
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks}) {adding}",  # noqa: S608
                rows,
            )


def _array(field: Any) -> str:
    return "integer" if isinstance(field, models.IntegerField) else "text"


def _know(sequence: int) -> None:
    CountedUntil.objects.update_or_create(pk=1, defaults={"sequence": sequence})


def _counted() -> dict[type[models.Model], Iterable[Cell]]:
    """Return the rows of each table as they are found from the ledger."""
    rows = Publication.objects.current().published().order_by()
    first, last = ExtractYear("earliest"), ExtractYear("latest")
    events = rows.filter(kind__in=_ENGAGEMENTS).annotate(first=first, last=last)
    events = events.annotate(year=Case(When(first=F("last"), then=F("first")), default=0))
    return {
        ColumnCount: _column_counts(rows, events),
        FacetCount: _facet_counts(events),
    }


def _column_counts(rows: QuerySet, events: QuerySet) -> list[Cell]:
    others = rows.exclude(kind__in=_ENGAGEMENTS).values_list("kind").annotate(number=Count("pk"))
    found: list[Cell] = [(kind, *_BLANK, 0, number) for kind, number in others]
    return found + list(events.values_list(*_OWN, "year").annotate(number=Count("pk")))


def _facet_counts(events: QuerySet) -> list[Cell]:
    found: list[Cell] = []

    def count(facet: str, some: QuerySet, *values: str) -> None:
        year: Any = Value(0) if facet in WITHOUT_YEARS else F("year")
        grouped = some.annotate(in_year=year).values_list(*values, "kind", "in_year")
        grouped = grouped.annotate(number=Count("pk"))
        blank = ("",) * (2 - len(values))
        for row in grouped.iterator():
            found.append((facet, *row[: len(values)], *blank, *row[len(values) :]))

    for name in FACETS:
        own = PublicationFacet.objects.filter(facet=name, publication=OuterRef("pk"))
        one = events.annotate(one=_way(name))
        count(name, one.filter(one__isnull=False), "one__value")
        count(name, events.filter(~Exists(own)))
    # Each in one call of `filter`: another one would be about other facets of the record.
    sides = events.annotate(one=_way("country"), two=_way("country"))
    count(PAIR, sides.filter(two__value__gt=F("one__value")), "one__value", "two__value")
    others = PublicationFacet.objects.filter(facet="country", publication=OuterRef("pk"))
    others = others.exclude(value=OuterRef("one__value"))
    alone = events.annotate(one=_way("country"))
    count(ALONE, alone.filter(~Exists(others), one__isnull=False), "one__value")
    return found


def _way(facet: str) -> FilteredRelation:
    """Return the way to each value of a facet that a row has."""
    return FilteredRelation("facets", condition=Q(facets__facet=facet))
