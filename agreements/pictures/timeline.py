"""The timeline: engagements along time, in lanes by kind or by country."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, JSONField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, ExtractMonth, ExtractYear
from django.db.models.query import QuerySet

from agreements.dates import PartialDate
from agreements.models import PublicationFacet
from agreements.models.publications import PublicationQuerySet
from agreements.pictures.selection import CALLED_OFF, IN_DOUBT, KINDS, NOT_YET, Selection
from agreements.pictures.sides import named

BY_KIND, BY_COUNTRY = "kind", "country"
# Beyond these, marks would lie on each other: months or years are counted instead.
MOST_MARKS = 400
MOST_UNDATED = 200
MOST_LANES = 16
# Up to so many years, months are counted; beyond, years.
MONTHS_UP_TO = 6

DONE, PLANNED, OFF, DOUBT = "done", "planned", "off", "doubt"


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
        stages = {**dict.fromkeys(NOT_YET, PLANNED), **dict.fromkeys(CALLED_OFF, OFF)}
        return {**stages, **dict.fromkeys(IN_DOUBT, DOUBT)}.get(self.status, DONE)

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


@dataclass
class Lane:
    """A row of the picture: its entries or, where there are too many, how many a period has.

    `spread` counts the records whose date may lie in more than one of the periods.
    """

    key: str
    label: str
    entries: list[Entry] = field(default_factory=list)
    counts: dict[Period, int] = field(default_factory=dict)
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
    listed = tuple(_entries(without)) if 0 < undated <= MOST_UNDATED else ()
    known = records.filter(undated=False)
    if dated > MOST_MARKS:
        counted, lanes = _counted(known, by, selection)
    else:
        counted, lanes = "", _laned(_entries(known), by, selection)
    shown, others = _most(lanes, by)
    return Timeline(by, shown, listed, dated, undated, counted, others)


def _entries(records: PublicationQuerySet) -> list[Entry]:
    taking_part: dict[int, list[str]] = defaultdict(list)
    pairs = PublicationFacet.objects.filter(facet="country", publication__in=records)
    for number, code in pairs.order_by("value").values_list("publication_id", "value"):
        taking_part[number].append(code)
    body = Cast("body", JSONField())
    rows = records.annotate(edtf=KeyTextTransform("edtf", KeyTextTransform("date", body)))
    found = rows.order_by("date_key", "latest", "slug").values_list(
        "pk", "kind", "slug", "title", "status", "edtf"
    )
    return [
        Entry(kind, slug, title, status, edtf and PartialDate(edtf), tuple(taking_part[number]))
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
        # The country that was asked for is in every record; its partners tell more.
        yield from (code for code in countries if code != selection.country)


def _label(key: str, by: str) -> str:
    return named(key) if by == BY_COUNTRY else ""


def _counted(records: PublicationQuerySet, by: str, selection: Selection) -> tuple[str, list[Lane]]:
    """Count in SQL: one row for each lane and each pair of months that dates begin and end in."""
    groups = list(_groups(records, by))
    years = [year for _, (first, _, last, _), _ in groups for year in (first, last) if year]
    monthly = max(years) - min(years) < MONTHS_UP_TO
    lanes: dict[str, Lane] = {}
    for key, (first, first_month, last, last_month), number in groups:
        if by == BY_COUNTRY and key == selection.country:
            continue
        lane = lanes.setdefault(key, Lane(key, _label(key, by)))
        same_month = not monthly or first_month == last_month
        if first and first == last and same_month:
            period = Period(first, (first_month or 0) if monthly else 0)
            lane.counts[period] = lane.counts.get(period, 0) + number
        else:
            lane.spread += number
    for lane in lanes.values():
        lane.counts = dict(sorted(lane.counts.items()))
    return ("month" if monthly else "year"), list(lanes.values())


_Months = tuple[int | None, int | None, int | None, int | None]


def _groups(records: PublicationQuerySet, by: str) -> Iterator[tuple[str, _Months, int]]:
    rows: QuerySet
    if by == BY_COUNTRY:
        rows = PublicationFacet.objects.filter(facet="country", publication__in=records)
        lane, above = "value", "publication__"
    else:
        rows, lane, above = records, "kind", ""
    grouped = (
        rows.order_by()
        .annotate(
            lane=F(lane),
            first=ExtractYear(f"{above}earliest"),
            first_month=ExtractMonth(f"{above}earliest"),
            last=ExtractYear(f"{above}latest"),
            last_month=ExtractMonth(f"{above}latest"),
        )
        .values("lane", "first", "first_month", "last", "last_month")
        .annotate(number=Count("pk"))
        .values_list("lane", "first", "first_month", "last", "last_month", "number")
    )
    for key, first, first_month, last, last_month, number in grouped:
        yield key, (first, first_month, last, last_month), number


def _most(lanes: list[Lane], by: str) -> tuple[tuple[Lane, ...], int]:
    """Return the lanes in their order, and how many were left out."""
    if by == BY_KIND:
        order = {kind: number for number, kind in enumerate(KINDS)}
        return tuple(sorted(lanes, key=lambda lane: order[lane.key])), 0
    lanes = sorted(lanes, key=lambda lane: (-lane.size, lane.label, lane.key))
    return tuple(lanes[:MOST_LANES]), max(0, len(lanes) - MOST_LANES)
