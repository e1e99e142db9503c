"""Partial dates: a subset of EDTF (ISO 8601-2:2019), with the first and last day each may mean.

The grammar is in edtf.py; what is offered instead of a refused text, in nearest_date.py.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from agreements.edtf import MAX_LENGTH, Point, Refusal, as_date, read
from agreements.nearest_date import finer_code, nearest_to


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; whoever shows it translates it."""
    return message


MESSAGES: dict[str, str] = {
    "syntax": gettext_noop(
        "%(value)s is not a date in EDTF; write YYYY, YYYY-MM or YYYY-MM-DD, "
        "or two of these with a slash between them."
    ),
    "unsupported": gettext_noop(
        "%(value)s uses a part of EDTF that is not accepted here; "
        "write a date such as 2015, 2015-09~ or 201X, or an interval such as 2015/2017."
    ),
    "calendar": gettext_noop(
        "%(value)s is not in the calendar; write a month from 01 to 12, "
        "a season from 21 to 24, and a day that the month has."
    ),
    "reversed": gettext_noop("%(value)s ends before it starts; write the earlier date first."),
    "mixed": gettext_noop(
        "%(value)s joins a known year to an unknown one; "
        "write the year in both dates, or XXXX in both."
    ),
    "ambiguous": gettext_noop(
        "%(value)s can be read in more than one way; "
        "write YYYY-MM-DD, or YYYY/YYYY for a number of years."
    ),
    "empty": gettext_noop(
        "This says nothing about the date; leave it empty, "
        "or write what is known, such as 2015, XXXX-07 or ../2025."
    ),
    "too_long": gettext_noop(
        "A date in EDTF has at most 64 characters; write one that is shorter than %(value)s…"
    ),
}
MESSAGES_WITH_NEAREST: dict[str, str] = {
    "unsupported": gettext_noop(
        "%(value)s is a form of EDTF that is not accepted here; the nearest is %(nearest)s"
    ),
    "calendar": gettext_noop("%(value)s is not in the calendar; did you mean %(nearest)s?"),
    "reversed": gettext_noop("%(value)s ends before it starts; did you mean %(nearest)s?"),
}
_DID_YOU_MEAN = gettext_noop("%(value)s is not a date in EDTF; did you mean %(nearest)s?")


class PartialDateError(ValueError):
    """A text that is not an accepted date.

    ``value`` is the text, cut to 64 characters; ``nearest`` an accepted text that it may stand
    for, or None; ``code`` a key of MESSAGES. ``message % params`` is the message in English;
    translate ``message`` first to show it in another language.
    """

    def __init__(self, value: str, code: str, nearest: str | None = None) -> None:
        super().__init__(value[:MAX_LENGTH], code, nearest)
        self.value = value[:MAX_LENGTH]
        self.code = code
        self.nearest = nearest

    @property
    def message(self) -> str:
        if self.nearest is None:
            return MESSAGES[self.code]
        return MESSAGES_WITH_NEAREST.get(self.code, _DID_YOU_MEAN)

    @property
    def params(self) -> dict[str, str]:
        # Control and bidirectional characters would disturb the sentence around them.
        shown = "".join(char if char.isprintable() else "\ufffd" for char in self.value)
        return {"value": shown, "nearest": self.nearest or ""}

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True, slots=True)
class PartialDate:
    """An EDTF text with the first and last calendar day that it can mean.

    A bound is None where the text gives none (unknown year, open or unknown end) and where
    ``datetime.date`` cannot hold it (years outside 0001 to 9999). Qualifiers do not move bounds,
    and a time of day counts on its own date, whatever its offset from UTC.

    Seasons carry no hemisphere (ISO 8601-2, codes 21 to 24), so the bounds take in both: spring
    and autumn (21, 23) are the whole year; summer and winter (22, 24), of which one or the other
    runs over the new year, go from 1 January to the last day of the following February.

    Raises PartialDateError. Equal when the texts are.
    """

    edtf: str
    earliest: datetime.date | None = field(init=False, compare=False)
    latest: datetime.date | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        text = self.edtf
        if len(text) > MAX_LENGTH:
            raise PartialDateError(text, "too_long")
        try:
            ends = read(text)
        except Refusal as refusal:
            code = finer_code(text, refusal.code)
            raise PartialDateError(text, code, nearest_to(text, code)) from None
        first, last = ends[0], ends[-1]
        object.__setattr__(self, "earliest", as_date(first.first) if first else None)
        object.__setattr__(self, "latest", as_date(last.last) if last else None)

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> Self:
        """Read exactly this text: spaces around it are refused. Raises PartialDateError."""
        return cls(text)

    def __str__(self) -> str:
        return self.edtf

    @property
    def qualified(self) -> bool:
        """Whether any part is marked uncertain (?), approximate (~) or both (%)."""
        return "?" in self.edtf or "~" in self.edtf or "%" in self.edtf

    @property
    def certain(self) -> bool:
        """Whether both bounds are known and nothing is qualified."""
        return self.earliest is not None and self.latest is not None and not self.qualified

    @property
    def bounded(self) -> bool:
        """Whether either bound is known."""
        return self.earliest is not None or self.latest is not None

    @property
    def year_known(self) -> bool:
        """False when the year is XXXX; true of 201X, whose decade is known."""
        return "XXXX" not in self.edtf

    @property
    def ends(self) -> tuple[Point | None, ...]:
        """One Point for a date, two for an interval; None is an open or unknown end."""
        return read(self.edtf)
