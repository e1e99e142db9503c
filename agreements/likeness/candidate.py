"""What is compared of a record, saved or not, and what comes of comparing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from agreements.dates import PartialDate


@dataclass(frozen=True)
class Candidate:
    """A record as far as it is compared with others; made of a form's or a file's values.

    `countries` are alpha-2 codes; `forces`, `series` and `slug` are slugs. What is not known
    stays empty. `pk` is that of a record which is on the desk, so that it is not found itself.
    """

    kind: str
    title: str = ""
    date: PartialDate | None = None
    countries: Collection[str] = frozenset()
    forces: Collection[str] = frozenset()
    title_as_given: str = ""
    location_name: str = ""
    location_country: str = ""
    series: str = ""
    ordinal: int | None = None
    instrument: str = ""
    level: str = ""
    activity: str = ""
    slug: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Likely:
    """A record of the desk that may be of the same event as a candidate.

    `nearness` goes from 0 to 100. `because` is what is alike in the two, as JSON can hold it;
    `explained(because)` puts it into a line.
    """

    pk: int
    kind: str
    slug: str
    title: str
    nearness: int
    because: dict[str, Any] = field(default_factory=dict)
