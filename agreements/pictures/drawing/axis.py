"""A time axis: years without anything are cut out of it, visibly; ticks suit any span."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.dates import MONTHS_3

# Empty years in a row from which they are cut out, and the most cuts that an axis has.
EMPTY_YEARS = 4
MOST_CUTS = 5
CUT_WIDTH = 30
# What stands at the edges of a segment needs room within it.
PADDING = 9
_LAST_YEAR = 9999
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MONTHS = (1, 3, 6)
_DAYS = (1, 7, 14)
_DAYS_OF_YEAR, _DAYS_OF_MONTH = 365.25, 30.44
# A label, and room beside it.
_YEAR_ROOM, _MONTH_ROOM, _DAY_ROOM = 44, 40, 58


@dataclass(frozen=True)
class Tick:
    """A label of the axis; `strong` are years among months, and months among days."""

    x: float
    text: str
    strong: bool


@dataclass(frozen=True)
class Segment:
    """An unbroken stretch, from a day (an ordinal) up to before another, between two places."""

    first: int
    end: int
    left: float
    right: float

    def place(self, day: float) -> float:
        share = (day - self.first) / (self.end - self.first)
        return self.left + PADDING + share * (self.right - self.left - 2 * PADDING)


@dataclass(frozen=True)
class Axis:
    """Segments from left to right; `place` gives a day's x, at the day's beginning."""

    segments: tuple[Segment, ...]

    def place(self, day: float) -> float:
        """Return the x of a day; days within a cut lie at its edge."""
        for segment in self.segments:
            if day < segment.end:
                return segment.place(max(day, segment.first))
        return self.segments[-1].place(self.segments[-1].end)

    def place_of_end(self, day: float) -> float:
        """Return the x of a day's end."""
        for segment in self.segments:
            if day < segment.end:
                return segment.place(max(day + 1, segment.first))
        return self.place(day)

    def cuts(self) -> Iterator[tuple[float, float, int, int]]:
        """Yield (left, right, first year, last year) of what is cut out."""
        for one, other in zip(self.segments, self.segments[1:], strict=False):
            first, last = date.fromordinal(one.end), date.fromordinal(other.first - 1)
            yield one.right, other.left, first.year, last.year

    def ticks(self) -> Iterator[Tick]:
        """Yield the labels, at most as many as have room."""
        first = self.segments[0]
        room = first.right - first.left - 2 * PADDING
        for segment in self.segments:
            yield from _ticks(segment, room / (first.end - first.first))


def axis(spans: Iterable[tuple[date, date]], left: float, right: float) -> Axis:
    """Return the axis for spans of days (first and last), between two places."""
    years: set[int] = set()
    days = [day for span in spans for day in span]
    for first, last in zip(days[::2], days[1::2], strict=True):
        years.update(range(first.year, last.year + 1))
    stretches = list(_stretches(sorted(years), min(days), max(days)))
    total = sum(end - first for first, end in stretches)
    cuts = len(stretches) - 1
    room = right - left - cuts * CUT_WIDTH - 2 * PADDING * len(stretches)
    segments, x = [], left
    for start, end in stretches:
        width = room * (end - start) / total + 2 * PADDING
        segments.append(Segment(start, end, x, x + width))
        x += width + CUT_WIDTH
    return Axis(tuple(segments))


def _stretches(years: list[int], first: date, last: date) -> Iterator[tuple[int, int]]:
    """Yield the stretches of days (first, end) that are shown."""
    if (last - first).days < 1.5 * _DAYS_OF_YEAR:
        yield first.replace(day=1).toordinal(), _month_after(last)
        return
    gaps = [
        (later - earlier, earlier, later)
        for earlier, later in zip(years, years[1:], strict=False)
        if later - earlier > EMPTY_YEARS
    ]
    start = years[0]
    for _, earlier, later in sorted(sorted(gaps, reverse=True)[:MOST_CUTS], key=lambda gap: gap[1]):
        yield _january(start), _january(earlier + 1)
        start = later
    yield _january(start), _january(years[-1] + 1)


def _january(year: int) -> int:
    if year > _LAST_YEAR:
        return date(_LAST_YEAR, 12, 31).toordinal() + 1
    return date(year, 1, 1).toordinal()


def _month_after(day: date) -> int:
    if day.month == 12:
        return _january(day.year + 1)
    return date(day.year, day.month + 1, 1).toordinal()


def _ticks(segment: Segment, scale: float) -> Iterator[Tick]:
    """Yield a segment's labels; `scale` is how wide a day is."""
    previous = float("-inf")
    room = _YEAR_ROOM
    step, unit = _step(scale)
    if unit != "year":
        room = _DAY_ROOM if unit == "day" else _MONTH_ROOM
    for day in _days(segment, step, unit):
        x = segment.place(day.toordinal())
        # The first day of a stretch is always said, and may stand close to the next.
        if x - previous >= room * 0.75:
            previous = x
            yield Tick(x, *_label(day, unit, day.toordinal() == segment.first))


def _step(scale: float) -> tuple[int, str]:
    for step in _DAYS:
        if step * scale >= _DAY_ROOM:
            return step, "day"
    for step in _MONTHS:
        if step * _DAYS_OF_MONTH * scale >= _MONTH_ROOM:
            return step, "month"
    wide = (step for step in _YEARS if step * _DAYS_OF_YEAR * scale >= _YEAR_ROOM)
    return next(wide, _YEARS[-1]), "year"


def _days(segment: Segment, step: int, unit: str) -> Iterator[date]:
    first = date.fromordinal(segment.first)
    if unit == "day":
        for ordinal in range(segment.first, segment.end):
            day = date.fromordinal(ordinal)
            if (day.day - 1) % step == 0 and (step == 1 or day.day < 29):
                yield day
        return
    last = date.fromordinal(segment.end - 1)
    if unit == "month":
        for month in range(first.year * 12, last.year * 12 + 12, step):
            day = date(month // 12, month % 12 + 1, 1)
            if first <= day <= last:
                yield day
        return
    yield first
    for year in range((first.year // step + 1) * step, last.year + 1, step):
        yield date(year, 1, 1)


def _label(day: date, unit: str, begins: bool) -> tuple[str, bool]:
    if unit == "year" or (unit == "month" and day.month == 1):
        return str(day.year), True
    name = str(MONTHS_3[day.month]).capitalize()
    if begins or (unit == "day" and day.day == 1):
        return f"{name} {day.year}", True
    return (name if unit == "month" else f"{day.day} {name}"), False
