"""The counts of what stands in the ledger: brought up to date by each publication, or made again.

What is appended is counted from the values written, what it supersedes is taken off. The same
counts are found from the ledger itself for one that was loaded, and to verify them.
"""

import json
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
# So many different counts are held before they are written.
_MOST_HELD = 50_000
_BLANK = ("",) * (len(_OWN) - 1)

Facets = Iterable[tuple[str, str]]
# Its COLUMNS and its facets.
Record = tuple[Sequence[Any], Facets]
Cell = tuple[Any, ...]
Counts = dict[type[models.Model], Counter[Cell]]


class Tally:
    """What rows that are appended change of the counts, added up and then written together.

    The caller is in one transaction for all of it, and calls `write` at its end.
    """

    def __init__(self) -> None:
        self._counts: Counts = {model: Counter() for model in _BY}
        # The rows of the ledger behind which, and up to which, these are.
        self._before: int | None = None
        self._until = 0

    def add(
        self, before: int, until: int, written: Iterable[tuple[Record | None, Record | None]]
    ) -> None:
        """Add rows that were just appended behind the row `before`, up to `until`.

        `written` has, of those that may be counted otherwise than before, what each is counted as,
        None for a tombstone, and what the one was in whose place it stands, None for a first one.
        """
        if self._before is None:
            self._before = before
        self._until = until
        gone, new = [], []
        for now, was in written:
            kept = [record and _kept(*record) for record in (now, was)]
            if kept[0] != kept[1]:
                new.append(kept[0])
                gone.append(kept[1])
        for records, by in ((gone, -1), (new, 1)):
            _count(self._counts, filter(None, records), by)
        if sum(map(len, self._counts.values())) > _MOST_HELD:
            self.write()

    def write(self) -> None:
        """Bring the counts up to date."""
        if self._before is None:
            return
        known = CountedUntil.objects.first()
        if (known.sequence if known else 0) == self._before:
            for model, some in self._counts.items():
                _add(model, some)
            _know(self._until)
        else:
            renew()
        self._before = None
        for some in self._counts.values():
            some.clear()


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
    if not is_counted():
        renew()


def is_counted() -> bool:
    """Whether the counts know the newest row of the ledger, where it has one."""
    return is_known(CountedUntil.objects.all()) or not (
        CountedUntil.objects.exists() or Publication.objects.exists()
    )


def has_tables() -> bool:
    """Whether the migrations that were applied made the tables."""
    return CountedUntil._meta.db_table in connection.introspection.table_names()


def is_known(until: QuerySet) -> bool:
    """Whether the counts are those of the ledger as it stands."""
    last = Publication.objects.order_by("-sequence").values("sequence")[:1]
    return until.filter(sequence=Subquery(last)).exists()


def faults() -> Iterator[str]:
    """Yield what is wrong with the counts, a line each."""
    last = Publication.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    known = list(CountedUntil.objects.order_by("pk").values_list("sequence", flat=True))
    if last is None and not known:
        return
    if known != [last]:
        rows = ", ".join(map(str, known)) or "none"
        yield f"The counts are those of row {rows}, and the newest row is {last or 0}; {_MEND}."
        return
    for model, found in _counted().items():
        held = model._default_manager.exclude(number=0).values_list(*_BY[model], "number")
        # What is held may be of any type where somebody wrote it who is not this program.
        for cell in sorted(set(found) ^ set(held.iterator()), key=repr)[:1]:
            yield f"{model._meta.verbose_name} {cell[:-1]}: not as the ledger has it; {_MEND}."


def year_of(earliest: date | None, latest: date | None) -> int:
    """Return the year in which a date is, whatever day it means; 0 where that is none."""
    same = earliest and latest and earliest.year == latest.year
    return earliest.year if same and earliest else 0


def _count(counts: Counts, records: Iterable[Record], by: int) -> None:
    columns, facets = counts[ColumnCount], counts[FacetCount]
    for (kind, *own, earliest, latest), pairs in records:
        if kind not in _ENGAGEMENTS:
            columns[kind, *_BLANK, 0] += by
            continue
        year = year_of(earliest, latest)
        columns[kind, *own, year] += by
        for name, value, other in _facets(pairs):
            facets[name, value, other, kind, 0 if name in WITHOUT_YEARS else year] += by


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


def _add(model: type[models.Model], counts: Counter[Cell]) -> None:
    """Add to the rows of a table, making those that are new; in one statement on PostgreSQL."""
    rows = sorted((*cell, number) for cell, number in counts.items() if number)
    if not rows:
        return
    table, names = model._meta.db_table, _BY[model]
    columns, keys = ", ".join((*names, "number")), ", ".join(names)
    adding = f"ON CONFLICT ({keys}) DO UPDATE SET number = {table}.number + excluded.number"
    if connection.vendor == "postgresql":
        given = ", ".join(
            f"{name} {_type(model._meta.get_field(name))}" for name in (*names, "number")
        )
        found = f"SELECT * FROM json_to_recordset(%s) AS given ({given})"  # noqa: S608
        told = [json.dumps([dict(zip((*names, "number"), row, strict=True)) for row in rows])]
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({columns}) {found} {adding}", told)  # noqa: S608
    else:
        marks = ", ".join("%s" for _ in (*names, "number"))
        values = f"INSERT INTO {table} ({columns}) VALUES ({marks}) {adding}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(values, rows)


def _type(field: Any) -> str:
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
