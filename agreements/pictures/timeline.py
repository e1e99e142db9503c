"""The timeline: engagements along time, in lanes by kind or by country."""

import datetime
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import CharField, Count, F, JSONField, Max, Min
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Left
from django.db.models.query import QuerySet

from agreements.dates import PartialDate
from agreements.models.publications import PublicationQuerySet
from agreements.pictures.selection import KINDS, Selection
from agreements.pictures.sides import named, taking_part

BY_KIND, BY_COUNTRY = "kind", "country"
# Beyond these, marks would lie on each other: months or years are counted instead.
MOST_MARKS = 400
MOST_UNDATED = 200
MOST_LANES = 16
# Up to so many years, months are counted; beyond, years.
MONTHS_UP_TO = 6

DONE, PLANNED, OFF, DOUBT = "done", "planned", "off", "doubt"
_STAGES = {
    "planned": PLANNED,
    "under-negotiation": PLANNED,
    "postponed": OFF,
    "cancelled": OFF,
    "unconfirmed": DOUBT,
}


@dataclass(frozen=True)
class Entry:
    """One record: what a mark stands for. `countries` are those that take part, as codes."""

    kind: str
    slug: str
    title: str
    status: str
    date: PartialDate | None
    countries: tuple[str, ...]

    @property
    def stage(self) -> str:
        """Whether it came about, is to come, was called off or is doubted."""
        return _STAGES.get(self.status, DONE)

    @property
    def first(self) -> datetime.date:
        """The earliest day that is known of it, which is its last where it has no other."""
        assert self.date is not None
        day = self.date.earliest or self.date.latest
        assert day is not None
        return day


@dataclass(frozen=True, order=True)
class Period:
    """A year, or a month of it where `month` is not 0."""

    year: int
    month: int = 0

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """Its first and last day."""
        first, last = self.month or 1, self.month or 12
        return (
            datetime.date(self.year, first, 1),
            datetime.date(self.year, last, monthrange(self.year, last)[1]),
        )


@dataclass
class Lane:
    """A row of the picture: its entries or, where there are too many, how many a period has.

    `certain` are the periods whose dates are all certain. `spread` counts the records whose date
    may lie in more than one of the periods.
    """

    key: str
    label: str
    entries: list[Entry] = field(default_factory=list)
    counts: dict[Period, int] = field(default_factory=dict)
    certain: set[Period] = field(default_factory=set)
    spread: int = 0

    @property
    def size(self) -> int:
        return len(self.entries) + sum(self.counts.values()) + self.spread


@dataclass(frozen=True)
class Timeline:
    """What the picture and its table show.

    `dated` and `undated` count records, each once, even where it stands in several lanes.
    `others` are lanes that are left out because they have fewest. `without_date` lists what has
    no year, unless that is more than a picture can hold. `counted`: "" or "month" or "year".
    """

    selection: Selection
    by: str
    lanes: tuple[Lane, ...]
    without_date: tuple[Entry, ...]
    dated: int
    undated: int
    counted: str = ""
    others: int = 0


def timeline(selection: Selection, by: str = BY_KIND) -> Timeline:
    """Read the timeline of what is selected. At most five queries, however many records."""
    records = selection.records()
    sizes = dict(records.order_by().values_list("undated").annotate(Count("pk")))
    dated, undated = sizes.get(False, 0), sizes.get(True, 0)
    without = records.filter(undated=True)
    listed = tuple(_entries(selection, without)) if 0 < undated <= MOST_UNDATED else ()
    known = records.filter(undated=False)
    if dated > MOST_MARKS:
        counted, lanes, others = _counted(selection, known, by)
        shown, _none = _most(lanes, by)
    else:
        counted, lanes = "", _laned(_entries(selection, known), by, selection)
        shown, others = _most(lanes, by)
    return Timeline(selection, by, shown, listed, dated, undated, counted, others)


def _entries(selection: Selection, records: PublicationQuerySet) -> list[Entry]:
    sides: dict[int, list[str]] = defaultdict(list)
    pairs = taking_part(selection, "country", records)
    for number, code in pairs.order_by("side").values_list("publication_id", "side"):
        sides[number].append(code)
    body = Cast("body", JSONField())
    rows = records.annotate(edtf=KeyTextTransform("edtf", KeyTextTransform("date", body)))
    found = rows.order_by("date_key", "latest", "slug").values_list(
        "pk", "kind", "slug", "title", "status", "edtf"
    )
    return [
        Entry(kind, slug, title, status, edtf and PartialDate(edtf), tuple(sides[number]))
        for number, kind, slug, title, status, edtf in found
    ]


def _laned(entries: Iterable[Entry], by: str, selection: Selection) -> list[Lane]:
    lanes: dict[str, Lane] = {}
    for entry in entries:
        for key in _keys(entry.kind, entry.countries, by, selection):
            lanes.setdefault(key, Lane(key, _label(key, by))).entries.append(entry)
    return list(lanes.values())


def _keys(kind: str, countries: Iterable[str], by: str, selection: Selection) -> Iterator[str]:
    if by == BY_KIND:
        yield kind
    else:
        # A country that was asked for is in every record; its partners tell more.
        yield from (code for code in countries if code not in selection.countries)


def _label(key: str, by: str) -> str:
    return named(key) if by == BY_COUNTRY else ""


def _counted(selection: Selection, records: QuerySet, by: str) -> tuple[str, list[Lane], int]:
    """Count in SQL; return by what, the lanes that are shown, and how many are left out.

    One row for each lane, then one for each lane shown and each pair of months, or of years, that
    dates begin and end in.
    """
    rows, lane, above = _standing_in_lanes(selection, records, by)
    found = list(_sizes(rows, lane, above))
    years = [year for each in found for year in each.years]
    monthly = max(years) - min(years) < MONTHS_UP_TO
    every = [
        Lane(each.key, _label(each.key, by), spread=each.number)
        for each in found
        if by != BY_COUNTRY or each.key not in selection.countries
    ]
    shown, others = _most(every, by)
    lanes = {lane.key: Lane(lane.key, lane.label) for lane in shown}
    doubted: set[tuple[str, Period]] = set()
    for group in _groups(rows.filter(**{f"{lane}__in": list(lanes)}), lane, above, monthly):
        of_group = lanes[group.lane]
        if group.first and group.first == group.last:
            year, _dash, month = group.first.partition("-")
            period = Period(int(year), int(month or 0))
            of_group.counts[period] = of_group.counts.get(period, 0) + group.number
            if not group.certain:
                doubted.add((group.lane, period))
        else:
            of_group.spread += group.number
    for each in lanes.values():
        each.counts = dict(sorted(each.counts.items()))
        each.certain = {period for period in each.counts if (each.key, period) not in doubted}
    return ("month" if monthly else "year"), list(lanes.values()), others


def _standing_in_lanes(
    selection: Selection, records: QuerySet, by: str
) -> tuple[QuerySet, str, str]:
    """Return a row for each record in each lane, the lane's column, and the path to the record."""
    if by == BY_COUNTRY:
        return taking_part(selection, "country", records), "side", "publication__"
    return records, "kind", ""


class _Size(NamedTuple):
    """How many records a lane has, and the first and last days at which they begin and end."""

    key: str
    number: int
    days: tuple[datetime.date | None, ...]

    @property
    def years(self) -> list[int]:
        return [day.year for day in self.days if day]


def _sizes(rows: QuerySet, lane: str, above: str) -> Iterator[_Size]:
    grouped = (
        rows.order_by()
        .values(lane)
        .annotate(
            number=Count("pk"),
            first_begun=Min(f"{above}earliest"),
            last_begun=Max(f"{above}earliest"),
            first_ended=Min(f"{above}latest"),
            last_ended=Max(f"{above}latest"),
        )
        .values_list(lane, "number", "first_begun", "last_begun", "first_ended", "last_ended")
    )
    for key, number, *days in grouped:
        yield _Size(key, number, tuple(days))


class _Group(NamedTuple):
    """How many records of a lane begin and end in the same months or years, and are as certain.

    `first` and `last` are "2015-09" or "2015".
    """

    lane: str
    certain: bool
    first: str | None
    last: str | None
    number: int


def _groups(rows: QuerySet, lane: str, above: str, monthly: bool) -> Iterator[_Group]:
    length = len("2015-09") if monthly else len("2015")
    grouped = (
        rows.order_by()
        .annotate(
            lane=F(lane),
            certain=F(f"{above}date_certain"),
            # The beginnings of dates as text: SQLite would ask Python for the parts of each.
            first=Left(Cast(f"{above}earliest", CharField()), length),
            last=Left(Cast(f"{above}latest", CharField()), length),
        )
        .values(*_Group._fields[:-1])
        .annotate(number=Count("pk"))
        .values_list(*_Group._fields)
    )
    return map(_Group._make, grouped)


def _most(lanes: list[Lane], by: str) -> tuple[tuple[Lane, ...], int]:
    """Return the lanes in their order, and how many were left out."""
    if by == BY_KIND:
        order = {kind: number for number, kind in enumerate(KINDS)}
        return tuple(sorted(lanes, key=lambda lane: order[lane.key])), 0
    lanes = sorted(lanes, key=lambda lane: (-lane.size, lane.label, lane.key))
    return tuple(lanes[:MOST_LANES]), max(0, len(lanes) - MOST_LANES)
