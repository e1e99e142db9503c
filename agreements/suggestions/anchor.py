"""The day a document was published on, as what its undated words are reckoned from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from agreements.dates import PartialDate
from agreements.suggestions.tense import Tense

# A report tells mostly of what has been, so a day ahead counts as if it were six times as far; in a
# sentence about plans as if it were half as far, and in one about the past, far further.
_AHEAD = {Tense.UNTOLD: 6.0, Tense.AHEAD: 0.5, Tense.PAST: 30.0}
_YEARS = (1500, 9000)


@dataclass(frozen=True)
class Anchor:
    """The first and last day on which a document can have been published."""

    earliest: datetime.date
    latest: datetime.date

    @classmethod
    def of(cls, published: PartialDate | None) -> Anchor | None:
        """Return the anchor of a publication date, or None where it has not both bounds.

        Nor have dates that no press can bear: reckoning from them could leave the calendar.
        """
        if published is None or published.earliest is None or published.latest is None:
            return None
        if published.earliest.year < _YEARS[0] or published.latest.year > _YEARS[1]:
            return None
        return cls(published.earliest, published.latest)

    @property
    def day(self) -> datetime.date | None:
        return self.earliest if self.earliest == self.latest else None

    @property
    def month(self) -> tuple[int, int] | None:
        """Year and month, where all days lie in one."""
        first, last = ((each.year, each.month) for each in (self.earliest, self.latest))
        return first if first == last else None

    @property
    def year(self) -> int | None:
        return self.earliest.year if self.earliest.year == self.latest.year else None

    def nearest_year(self, month: int, day: int | None, tense: Tense = Tense.UNTOLD) -> int:
        """Return the year in which a month, or a day of it, lies nearest to the publication."""
        years = range(self.earliest.year - 1, self.latest.year + 2)
        return min(years, key=lambda year: self._distance(year, month, day, tense))

    def _distance(self, year: int, month: int, day: int | None, tense: Tense) -> float:
        first = day_of(year, month, day or 1)
        last = day_of(year, month, day or 31)
        if first > self.latest:
            return (first - self.latest).days * _AHEAD[tense]
        return max(0, (self.earliest - last).days)


def day_of(year: int, month: int, day: int) -> datetime.date:
    """A day, or the last one of the month where the month is shorter."""
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return min(
        datetime.date(year, month, 1) + datetime.timedelta(days=day - 1),
        following - datetime.timedelta(days=1),
    )
