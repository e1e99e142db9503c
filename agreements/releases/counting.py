"""How many rows, filled cells and uses of each word the tables of a release have."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from agreements.releases.columns import Table

# Not a vocabulary of ours, but few enough values to count: BCP 47 tags.
_OPEN = "language"


class Tally:
    """What was counted in one table, as its rows were written."""

    def __init__(self, table: Table):
        self.table = table
        self.rows = 0
        self.filled = [0] * len(table.columns)
        self.formulas = 0
        self._counted = {
            number: Counter[str]()
            for number, column in enumerate(table.columns)
            if column.vocabulary or column.name == _OPEN
        }

    def count(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self.rows += 1
            for number, value in enumerate(row):
                if value is not None:
                    self.filled[number] += 1
            for number, counter in self._counted.items():
                if row[number] is not None:
                    counter[row[number]] += 1

    def uses(self, number: int) -> list[tuple[str, int]]:
        """Return every value of a column that was counted: first the vocabulary's, all of them."""
        counter = self._counted.get(number)
        if counter is None:
            return []
        vocabulary = self.table.columns[number].vocabulary
        known = vocabulary.values if vocabulary else []
        others = sorted(set(counter) - set(known))
        return [(value, counter[value]) for value in [*known, *others]]
