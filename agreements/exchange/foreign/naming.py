"""The names of countries in a file, each once, with what it may mean and what was said of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from agreements.exchange.foreign import uses
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.foreign.matching import Match, match_all
from agreements.exchange.foreign.splitting import split
from agreements.exchange.tables import Table


@dataclass
class Named:
    """A name in a file: in how many cells, in which row first, what it may be, what it is.

    `code` is what was confirmed or needs nobody's word, "" where it is open.
    """

    match: Match
    count: int
    row: int
    code: str = ""

    @property
    def name(self) -> str:
        """The name as the file writes it."""
        return self.match.name


def names_in(table: Table, mapping: Mapping) -> list[Named]:
    """Return the names that stand in the columns of countries, the commonest first."""
    counts: dict[str, int] = {}
    first: dict[str, int] = {}
    for row_number, name in _names(table, mapping):
        counts[name] = counts.get(name, 0) + 1
        first.setdefault(name, row_number)
    found = [
        Named(match, counts[match.name], first[match.name], _code(match, mapping))
        for match in match_all(counts)
    ]
    return sorted(found, key=lambda each: (-each.count, each.name))


def settled(table: Table, mapping: Mapping) -> Mapping:
    """Return the mapping with the names that need nobody's word, which are not kept with it."""
    known = {each.name: each.code for each in names_in(table, mapping) if each.code}
    told = mapping.as_json() | {"countries": {**mapping.countries, **known}}
    return Mapping.from_json(mapping.kind, mapping.document, told)


def _code(match: Match, mapping: Mapping) -> str:
    return mapping.countries.get(match.name) or (match.best if match.exact else "")


def _names(table: Table, mapping: Mapping) -> Iterator[tuple[int, str]]:
    columns = mapping.columns_of(*uses.ROLES, uses.PLACE_COUNTRY)
    places = [table.headers.index(name) for name in columns if name in table.headers]
    parted: dict[str, list[str]] = {}
    for row in table.rows:
        for place in places:
            cell = mapping.value(row.cells[place])
            if cell not in parted:
                parted[cell] = split(cell, mapping.separators)
            for name in parted[cell]:
                yield row.number, name
