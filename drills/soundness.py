"""Whether a desk is as it was, and whole: every row of every table, the database, the files."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from drills.desks import Desk
from drills.processes import DrillError, program, run

# Derived from the records once they are stored; `manage.py find_duplicates` makes it anew.
DERIVED = ("agreements_possibleduplicate",)
# Of whoever looks, and not of the records.
PASSING = ("django_session", "agreements_presence")
# What differs each time that the same is done: moments, hashes of them, and random keys.
_OF_THE_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|\+00(:00)?)?"
    r"|[0-9a-f]{64}|[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}"
)
Row = dict[str, Any]


def contents(desk: Desk, without: Collection[str] = PASSING) -> dict[str, str]:
    """Return the hash of all rows of each table."""
    return {table: _hash(map(_text, rows)) for table, rows in _tables(desk, without)}


def meaning(desk: Desk, without: Collection[str] = (*PASSING, *DERIVED)) -> dict[str, str]:
    """Return the same without what differs each time: moments, and numbers from sequences."""
    return {table: _hash(map(_lasting, rows)) for table, rows in _tables(desk, without)}


def _text(row: Row) -> str:
    return json.dumps(row, sort_keys=True, default=str, ensure_ascii=False)


def _lasting(row: Row) -> str:
    lasting = {
        name: value for name, value in row.items() if name != "id" and not name.endswith("_id")
    }
    return _OF_THE_MOMENT.sub("-", _text(lasting))


def _hash(rows: Iterator[str]) -> str:
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def _tables(desk: Desk, without: Collection[str]) -> Iterator[tuple[str, list[Row]]]:
    if desk.url.startswith("sqlite"):
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        with closing(sqlite3.connect(desk.file, timeout=60)) as file:
            file.row_factory = sqlite3.Row
            names = [row["name"] for row in file.execute(listed)]
            for name in set(names).difference(without):
                yield name, list(map(dict, file.execute(f'SELECT * FROM "{name}"')))  # noqa: S608
        return
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with psycopg.connect(desk.url) as connection:
        names = [name for (name,) in connection.execute(listed)]
        for name in set(names).difference(without):
            query = sql.SQL("SELECT to_jsonb(t) FROM {} AS t").format(sql.Identifier(name))
            yield name, [row for (row,) in connection.execute(query)]


def fault_of(desk: Desk) -> str:
    """Return what the database's own check finds wrong with it, "" where nothing is."""
    if not desk.url.startswith("sqlite"):
        return _fault_of_postgresql(desk)
    with closing(sqlite3.connect(desk.file, timeout=60)) as file:
        told = [row[0] for row in file.execute("PRAGMA integrity_check")]
        broken = file.execute("PRAGMA foreign_key_check").fetchall()
    return "" if told == ["ok"] and not broken else f"{told[:3]} {broken[:3]}"


def _fault_of_postgresql(desk: Desk) -> str:
    where = urlsplit(desk.url)
    assert where.username is not None
    assert where.password is not None
    command = [
        *(program("pg_amcheck"), "--install-missing", "--heapallindexed"),
        *(f"--host={where.hostname}", f"--port={where.port}", f"--username={where.username}"),
        *("-d", where.path.removeprefix("/")),
    ]
    try:
        run(command, {"PGPASSWORD": where.password})
    except DrillError as error:
        return str(error)
    return ""


def files_of(folder: Path) -> dict[str, str]:
    """Return the hash of each file below a folder, but for locks."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
