"""A record that is being read out of a row: its values, and where each of them stands."""

from dataclasses import dataclass, field

from agreements.exceptions import ExchangeProblem
from agreements.exchange.cells import Passage
from agreements.exchange.foreign.keys import Key
from agreements.exchange.foreign.mapping import Mapping
from agreements.exchange.tables import Row

_LOCATOR, _STATED, _NOTE = 100, 200, 2000


@dataclass
class Record:
    """The cells of one row, and what was made of them so far."""

    row: Row
    at: dict[str, int]
    mapping: Mapping
    key: Key
    values: dict[str, str] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[ExchangeProblem] = field(default_factory=list)
    remarks: list[ExchangeProblem] = field(default_factory=list)

    def cell(self, column: str) -> str:
        """Return what stands in a column; "" where it says nothing."""
        return self.mapping.value(self.row.cells[self.at[column]]) if column else ""

    def told(self, columns: list[str]) -> str:
        """Return what stands in columns together, as it stands there."""
        return "; ".join(cell for name in columns if (cell := self.cell(name)))

    def cite(
        self, names: str, columns: list[str], stated: str = "", value: str = "", note: str = ""
    ) -> None:
        """Say where a field's value stands, and what stands there where it is not the value."""
        if stated == value:
            stated = ""
        if len(stated) > _STATED:
            note = " ".join(filter(None, [note, f"In full: {stated}"]))[:_NOTE]
            stated = f"{stated[: _STATED - 1]}…"
        self.passages.append(
            Passage((names,), self.mapping.document, self._locator(columns), "", "", "",
                    False, stated, note)
        )  # fmt: skip

    def infer(self, name: str, note: str) -> None:
        """Say that a field's value follows from what the file is."""
        passage = Passage(
            (name,), self.mapping.document, self._locator([]), inferred=True, note=note
        )
        self.passages.append(passage)

    def refuse(self, column: str, message: str) -> None:
        """Note that a cell cannot be read."""
        self.problems.append(ExchangeProblem(self.row.number, column, message))

    def remark(self, column: str, message: str) -> None:
        """Note what deserves a second look and hinders nothing."""
        self.remarks.append(ExchangeProblem(self.row.number, column, message))

    def _locator(self, columns: list[str]) -> str:
        if not columns:
            return self.key.locator[:_LOCATOR]
        named = columns[0] if len(columns) == 1 else f"{columns[0]} to {columns[-1]}"
        if len(columns) in (2, 3):
            named = ", ".join(columns)
        told = f"{self.key.locator}, {'column' if len(columns) == 1 else 'columns'} {named}"
        return told if len(told) <= _LOCATOR else f"{told[: _LOCATOR - 1]}…"
