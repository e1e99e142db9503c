"""What the columns of a file hold, for somebody who has to say what they mean."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.exchange.foreign.known_names import is_known
from agreements.exchange.foreign.splitting import separators_in, split
from agreements.exchange.tables import Table

EXAMPLES = 4
_SAMPLE = 400
_ENOUGH = 0.6
# So many columns with one name and a number each are shown as one.
_RUN = 3
_NUMBERED = re.compile(r"(.*?)[ _.-]*([0-9]{1,3})")
_DATE = re.compile(
    r"(?i)[0-9x?]{4}[-/.][0-9x?-]{1,3}([-/.][0-9x?-]{1,3})?([T ].*)?"
    r"|[0-9x?]{1,2}[-/.][0-9x?]{1,2}[-/.][0-9x?]{2,4}"
    r"|[0-9x?]{0,2}[ -]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ -]*[0-9x?, -]+"
)
# What cells often have that say nothing.
_MISSING = (
    *("-9", "-99", "-999", "-88", "-77", "NA", "N/A", ".", "..", "?", "-", "NULL", "none"),
    *("nan", "unknown", "missing", "n.d."),
)
_UNKNOWN = re.compile(r"(?i)(?:^|[-/. ])(x{1,4}|\?{1,4}|-9{1,2}|00|99)(?=[-/. ]|$)")
DATES, COUNTRY, COUNTRIES, NUMBERS, KEYS, EMPTY, WORDS = (
    "dates",
    "country",
    "countries",
    "numbers",
    "keys",
    "empty",
    "words",
)
LOOKS: dict[str, Any] = {
    DATES: _("dates"),
    COUNTRY: _("a country"),
    COUNTRIES: _("several countries"),
    NUMBERS: _("numbers"),
    KEYS: _("a different value in each row"),
    EMPTY: _("nothing"),
    WORDS: _("words"),
}


@dataclass(frozen=True)
class Column:
    """One column, or a run of numbered ones: what is in it. `filled` is in per cent of rows."""

    headers: list[str]
    distinct: int
    filled: int
    looks: str
    examples: list[str]

    @property
    def name(self) -> str:
        """What it is called; of a run, the first and the last name."""
        first, last = self.headers[0], self.headers[-1]
        return first if first == last else f"{first} … {last}"

    @property
    def looks_name(self) -> str:
        """What it looks like, in words."""
        return str(LOOKS[self.looks])


@dataclass(frozen=True)
class Profile:
    """What a file holds: its columns, and what may stand for nothing or for part of a date."""

    columns: list[Column]
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    separators: list[str] = field(default_factory=list)


def profile(table: Table) -> Profile:
    """Return what the columns of a table hold."""
    cells = dict(zip(table.headers, _columns(table), strict=True))
    marks = {mark.casefold(): mark for mark in _MISSING}
    missing: Counter[str] = Counter()
    for texts in cells.values():
        missing.update(text for text in texts if text.casefold() in marks)
    empty = {mark.casefold() for mark in missing}
    columns = [_column(run, cells, empty) for run in runs(table.headers)]
    dated = [name for each in columns if each.looks == DATES for name in each.headers]
    listed = [name for each in columns if each.looks == COUNTRIES for name in each.headers]
    return Profile(
        columns,
        [mark for mark, _count in missing.most_common()],
        sorted({mark for name in dated for text in cells[name] for mark in _unknown(text, empty)}),
        separators_in(text for name in listed for text in cells[name]),
    )


def runs(headers: list[str]) -> list[list[str]]:
    """Return columns one by one, but together those that are one name with numbers: party1 …"""
    stems: dict[str, list[str]] = {}
    for header in headers:
        found = _NUMBERED.fullmatch(header)
        stems.setdefault(found[1].casefold() if found else f"\0{header}", []).append(header)
    found_runs: list[list[str]] = []
    for run in stems.values():
        found_runs += [run] if len(run) >= _RUN else [[header] for header in run]
    return sorted(found_runs, key=lambda run: headers.index(run[0]))


def _columns(table: Table) -> list[list[str]]:
    rows = [[cell.strip() for cell in row.cells] for row in table.rows]
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in table.headers]


def _column(run: list[str], cells: dict[str, list[str]], empty: set[str]) -> Column:
    texts = [text for header in run for text in cells[header]]
    full = [text for text in texts if text and text.casefold() not in empty]
    counts = Counter(full)
    filled = round(100 * len(full) / len(texts)) if texts else 0
    examples = [text[:80] for text, _count in counts.most_common(EXAMPLES)]
    return Column(run, len(counts), filled, _looks(counts, len(full)), examples)


def _looks(counts: Counter[str], full: int) -> str:
    sample = list(counts)[:_SAMPLE]
    if not sample:
        return EMPTY

    def mostly(count: int) -> bool:
        return count >= _ENOUGH * len(sample)

    if mostly(sum(bool(_DATE.fullmatch(text)) for text in sample)):
        return DATES
    if mostly(sum(text.lstrip("-").replace(".", "", 1).isdecimal() for text in sample)):
        return KEYS if len(counts) == full and full > 1 else NUMBERS
    named = [text for text in sample if is_known(text)]
    if mostly(len(named)):
        return COUNTRY
    if mostly(len(named) + sum(_is_list(text) for text in sample if text not in named)):
        return COUNTRIES
    short = max(map(len, sample)) <= 20 and not any(" " in text for text in sample)
    return KEYS if short and len(counts) == full and full > 1 else WORDS


def _is_list(text: str) -> bool:
    for separator in (";", "/", "|", ",", "and", "&"):
        names = split(text, [separator])
        if len(names) > 1 and sum(map(is_known, names)) >= len(names) / 2:
            return True
    return False


def _unknown(text: str, empty: set[str]) -> list[str]:
    return [] if text.casefold() in empty else [mark.lower() for mark in _UNKNOWN.findall(text)]
