"""The timeline: engagements along time, in lanes by kind or by country."""

import datetime
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, F, JSONField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, ExtractMonth, ExtractYear
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
        counted, lanes = _counted(selection, known, by)
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


def _counted(selection: Selection, records: QuerySet, by: str) -> tuple[str, list[Lane]]:
    """Count in SQL: one row for each lane and each pair of months that dates begin and end in."""
    groups = list(_groups(selection, records, by))
    years = [year for group in groups for year in (group.first, group.last) if year]
    monthly = max(years) - min(years) < MONTHS_UP_TO
    lanes: dict[str, Lane] = {}
    doubted: set[tuple[str, Period]] = set()
    for group in groups:
        if by == BY_COUNTRY and group.lane in selection.countries:
            continue
        lane = lanes.setdefault(group.lane, Lane(group.lane, _label(group.lane, by)))
        same_month = not monthly or group.first_month == group.last_month
        if group.first and group.first == group.last and same_month:
            period = Period(group.first, (group.first_month or 0) if monthly else 0)
            lane.counts[period] = lane.counts.get(period, 0) + group.number
            if not group.certain:
                doubted.add((group.lane, period))
        else:
            lane.spread += group.number
    for lane in lanes.values():
        lane.counts = dict(sorted(lane.counts.items()))
        lane.certain = {period for period in lane.counts if (lane.key, period) not in doubted}
    return ("month" if monthly else "year"), list(lanes.values())


class _Group(NamedTuple):
    """How many records of a lane begin and end in the same months, and are as certain."""

    lane: str
    certain: bool
    first: int | None
    first_month: int | None
    last: int | None
    last_month: int | None
    number: int


def _groups(selection: Selection, records: QuerySet, by: str) -> Iterator[_Group]:
    rows: QuerySet
    if by == BY_COUNTRY:
        rows, lane, above = taking_part(selection, "country", records), "side", "publication__"
    else:
        rows, lane, above = records, "kind", ""
    grouped = (
        rows.order_by()
        .annotate(
            lane=F(lane),
            certain=F(f"{above}date_certain"),
            first=ExtractYear(f"{above}earliest"),
            first_month=ExtractMonth(f"{above}earliest"),
            last=ExtractYear(f"{above}latest"),
            last_month=ExtractMonth(f"{above}latest"),
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
