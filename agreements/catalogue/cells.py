"""Records as rows of a table: which columns they have, and what stands in each cell.

A part of a record that is one object becomes a column for each of its keys (`date_edtf`); codes
and slugs are written one after the other with semicolons between; lists of objects are JSON, as
in the record. Countries, forces and documents that stand within such lists have a column besides.
Absent is an empty cell.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from agreements.exchange.formulas import guarded

_DATE = ("edtf", "earliest", "latest")
# The keys of objects, by the key of a record that holds them.
PARTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("date", "entered_into_force", "terminated", "established", "published", "as_of"), _DATE
    ),
    "location": ("name", "country"),
    "series": ("slug", "title"),
    "country": ("code", "name"),
    "force": ("slug", "name"),
    "parent": ("slug", "name"),
    "predecessor": ("slug", "name"),
    "origin": ("slug", "title", "url"),
    "document": ("slug", "title", "publisher", "sha256"),
    "criteria": ("counts", "instrument", "activity", "period"),
}
# And of the objects within those.
_WITHIN: dict[tuple[str, ...], tuple[str, ...]] = {("criteria", "period"): _DATE}
# Lists of codes and slugs, none of which can hold a semicolon.
_CODES = ("topics", "countries")
BETWEEN = ";"

Read = Callable[[dict[str, Any]], Any]


class Column(NamedTuple):
    """A column: its heading, and how its value is read from a record."""

    name: str
    read: Read


def columns_of(keys: Iterable[str]) -> list[Column]:
    """Return the columns of records with such keys."""
    return [column for key in keys for column in _columns(key, (key,))]


def plain_columns(keys: Iterable[str]) -> list[Column]:
    """Return columns of what has no parts: one for each key."""
    return [Column(key, _at((key,))) for key in keys]


def _columns(key: str, path: tuple[str, ...]) -> Iterator[Column]:
    parts = PARTS.get(key, ()) if len(path) == 1 else _WITHIN.get(path, ())
    if parts:
        for part in parts:
            yield from _columns(part, (*path, part))
        return
    if key == "participants":
        yield Column("countries", _participating("country", "code"))
        yield Column("forces", _participating("force", "slug"))
    if key == "citations":
        yield Column("documents", _cited)
    yield Column("_".join(path), _at(path))


def _at(path: tuple[str, ...]) -> Read:
    def read(record: dict[str, Any]) -> Any:
        value: Any = record
        for key in path:
            if value is None:
                return None
            value = value.get(key)
        if path[-1] in _CODES and isinstance(value, list):
            return BETWEEN.join(value)
        return value

    return read


def _participating(key: str, named: str) -> Read:
    def read(record: dict[str, Any]) -> str | None:
        if "participants" not in record:
            return None
        sides = [side[key][named] for side in record["participants"] if side[key]]
        return BETWEEN.join(dict.fromkeys(sides))

    return read


def _cited(record: dict[str, Any]) -> str | None:
    if "citations" not in record:
        return None
    return BETWEEN.join(dict.fromkeys(row["document"]["slug"] for row in record["citations"]))


def cell(value: Any) -> str:
    """Return a value as its cell holds it, harmless to spreadsheets (see exchange.formulas)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, int):
        return str(value)
    # JSON of a list or an object: no spreadsheet takes it for a formula.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def csv_lines(columns: Sequence[Column], records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180, UTF-8), the heading first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(values: Iterable[str]) -> str:
        writer.writerow(values)
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield line(column.name for column in columns)
    for record in records:
        yield line(cell(column.read(record)) for column in columns)
