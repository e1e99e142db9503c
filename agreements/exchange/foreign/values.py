"""The values of a file's columns that become choices of ours: each once, with a proposal."""

from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz

from agreements.exchange.foreign import uses
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.tables import Table
from agreements.text import fold

MOST_VALUES = 200
_ALIKE = 75
# Words of data sets for ours, where they are not alike.
_WORDS = {
    "mou": "memorandum-of-understanding",
    "memorandum": "memorandum-of-understanding",
    "sar": "search-and-rescue-drill",
    "search and rescue": "search-and-rescue-drill",
    "patrol": "joint-patrol",
    "training": "joint-training",
    "port call": "ship-visit",
    "completed": "held",
    "done": "held",
    "conducted": "held",
    "canceled": "cancelled",
    "ratified": "in-force",
    "active": "in-force",
    "expired": "terminated",
    "loi": "letter-of-intent",
    "yes": "true",
    "no": "false",
}


@dataclass(frozen=True)
class Value:
    """A value of a column: in how many cells, and what it is taken for: "" nothing, "?" open."""

    cell: str
    count: int
    choice: str
    proposed: bool


def values_in(table: Table, mapping: Mapping, name: str) -> list[Value]:
    """Return the values in the column of a field with a fixed set, the commonest first.

    Beyond MOST_VALUES they are left out: such a column is no set of choices.
    """
    column = mapping.column(name)
    if column not in table.headers:
        return []
    at = table.headers.index(column)
    counts = Counter(cell for row in table.rows if (cell := mapping.value(row.cells[at])))
    said, choices = mapping.values.get(name, {}), uses.choices_of(mapping.kind)[name]
    found = []
    for cell, count in counts.most_common(MOST_VALUES):
        known = cell in said
        choice = said[cell] if known else _proposed(cell, [value for value, _name in choices])
        found.append(Value(cell, count, choice, not known))
    return found


def _proposed(cell: str, choices: list[str]) -> str:
    wanted = fold(cell).strip()
    if _WORDS.get(wanted) in choices:
        return _WORDS[wanted]
    if len(wanted) < 3:
        return "?"
    scores = {value: fuzz.ratio(wanted, value.replace("-", " ")) for value in choices}
    best = max(scores, key=lambda value: scores[value])
    return best if scores[best] >= _ALIKE else "?"
