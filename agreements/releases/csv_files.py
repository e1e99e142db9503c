"""CSV files (RFC 4180, UTF-8) with exactly what is recorded in their cells.

Written here and not by Python's csv module, whose quoting differs from version to version. Cells
that a spreadsheet would run are not guarded as in the API's CSV: programs compare these files with
the Parquet and SQLite of the same release, and must find the same texts. They are counted instead.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from agreements.exchange.formulas import guarded

END = "\r\n"
_QUOTED = set(',"\r\n')


class CSVFile:
    """A CSV file that is written some rows at a time. `formulas` counts what would be run."""

    def __init__(self, path: Path, headings: Sequence[str]):
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(line(headings))
        self.formulas = 0

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        for cells in rows:
            self.formulas += sum(map(is_formula, cells))
            self._file.write(line(cells))

    def close(self) -> None:
        self._file.close()


def line(cells: Iterable[Any]) -> str:
    """Return a line of a CSV file; None is an empty cell."""
    return ",".join(map(_cell, cells)) + END


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if _QUOTED.isdisjoint(text) and text == text.strip():
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def is_formula(value: Any) -> bool:
    """Return whether a spreadsheet may take a text for a formula."""
    return isinstance(value, str) and not value.startswith("'") and guarded(value) != value
