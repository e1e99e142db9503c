"""An SQLite file whose bytes depend on its rows alone, not on the SQLite that wrote it."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from agreements.exceptions import ReleaseError
from agreements.releases.columns import BOOLEAN, INTEGER, Table

PAGE = 4096
# Everything that a build of SQLite may have another default for.
_SETTINGS = (
    f"page_size={PAGE}",
    "encoding='UTF-8'",
    "auto_vacuum=NONE",
    "journal_mode=OFF",
    "synchronous=OFF",
    "secure_delete=ON",
    "foreign_keys=OFF",
)
_HEADER = 100
# In the header: the counter of changes, the change for which the next number is valid, and that
# number, the version of the library that wrote last.
_FIXED = {24: 1, 92: 1, 96: 3_040_000}
# Of the pages of a b-tree, by their first byte, how long their header is.
_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}


class Database:
    """An SQLite file that is written some rows at a time."""

    def __init__(self, path: Path, tables: Sequence[Table]):
        self._path = path
        self._tables = tables
        self._connection = sqlite3.connect(path, isolation_level=None)
        for setting in _SETTINGS:
            self._connection.execute(f"PRAGMA {setting}")
        self._connection.execute("BEGIN")
        for table in tables:
            self._connection.execute(definition(table))

    def write(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        places = ", ".join("?" * len(table.columns))
        self._connection.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', rows)  # noqa: S608

    def finish(self) -> None:
        """Check the foreign keys, make the indexes, and settle every byte.

        Raises a ReleaseError where a row names one that is not there.
        """
        dangling = self._connection.execute("PRAGMA foreign_key_check").fetchone()
        if dangling is not None:
            raise ReleaseError(self._told(*dangling))
        for statement in indexes(self._tables):
            self._connection.execute(statement)
        self._connection.execute("COMMIT")
        # Copies every tree in the order of its keys, so that no history of inserts is left.
        self._connection.execute("VACUUM")
        self._connection.close()
        settle_bytes(self._path)

    def close(self) -> None:
        self._connection.close()

    def _told(self, table: str, row: int, parent: str, number: int) -> str:
        named = self._connection.execute(
            f'SELECT * FROM "{table}" WHERE rowid = ?',  # noqa: S608
            [row],
        ).fetchone()
        return f"A row of {table} names what {parent} does not have: {named}."


def definition(table: Table) -> str:
    """Return the statement that makes a table."""
    lines = []
    for column in table.columns:
        kind = "INTEGER" if column.type in (INTEGER, BOOLEAN) else "TEXT"
        lines.append(f'"{column.name}" {kind}{" NOT NULL" if column.required else ""}')
    if table.key:
        lines.append(f"PRIMARY KEY ({_names(table.key)})")
    lines += [
        f'FOREIGN KEY ({_names(each.columns)}) REFERENCES "{each.table}" ({_names(each.to)})'
        for each in table.references
    ]
    body = ",\n  ".join(lines)
    return f'CREATE TABLE "{table.name}" (\n  {body}\n)'


def indexes(tables: Iterable[Table]) -> Iterator[str]:
    """Yield the statements that make indexes: one for each foreign key that no key begins with."""
    for table in tables:
        for each in table.references:
            if table.key[: len(each.columns)] != each.columns:
                name = f"{table.name}_{'_'.join(each.columns)}"
                yield f'CREATE INDEX "{name}" ON "{table.name}" ({_names(each.columns)})'


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def settle_bytes(path: Path) -> None:
    """Set the bytes that say how a file was written and not what it holds.

    SQLite's file format leaves these to the writer: the counters in the header, which tell caches
    that a file changed; and, within pages, the space that nothing uses, where some versions leave
    remains and others zeros.
    """
    with path.open("r+b") as file:
        number = 0
        while page := bytearray(file.read(PAGE)):
            if number == 0:
                for place, value in _FIXED.items():
                    page[place : place + 4] = value.to_bytes(4, "big")
            _clear(page, _HEADER if number == 0 else 0)
            file.seek(number * PAGE)
            file.write(page)
            number += 1
            file.seek(number * PAGE)


def _clear(page: bytearray, start: int) -> None:
    """Fill what a page of a b-tree does not use with zeros."""
    header = _HEADERS.get(page[start])
    # Other pages hold what overflows from these, and begin with the number of the next.
    if header is None:
        return
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    content = int.from_bytes(page[start + 5 : start + 7], "big")
    used = start + header + 2 * cells
    page[used:content] = bytes(content - used)
    free = int.from_bytes(page[start + 1 : start + 3], "big")
    while free:
        size = int.from_bytes(page[free + 2 : free + 4], "big")
        page[free + 4 : free + size] = bytes(size - 4)
        free = int.from_bytes(page[free : free + 2], "big")
