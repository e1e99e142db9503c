"""Which database a request reads the ledger from: the primary, or a replica chosen for it."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from psycopg import capabilities

from agreements.time_limits import one_statement

# Rows handed over together while a query goes on.
_TOGETHER = 200


@dataclass
class Reading:
    """The database that is read from, by its alias, and whether that has happened yet.

    `least` is the number of a row that the ledger is known to have had there.
    """

    alias: str
    least: int = 0
    begun: bool = False


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading_from(reading: Reading) -> Iterator[None]:
    """Read all of the ledger from one database within."""
    token = _reading.set(reading)
    try:
        yield
    finally:
        _reading.reset(token)


def alias_to_read() -> str:
    """Return the alias of the database to read from, which is then read from."""
    reading = _reading.get()
    if reading is None:
        return DEFAULT_DB_ALIAS
    reading.begun = True
    return reading.alias


def connection_to_read() -> BaseDatabaseWrapper:
    """Return the connection to read from where SQL is written by hand."""
    return connections[alias_to_read()]


def least() -> int:
    """Return the number of a row that the ledger has where it is read from; 0 for the primary."""
    reading = _reading.get()
    return 0 if reading is None or reading.alias == DEFAULT_DB_ALIAS else reading.least


def keep_to_primary() -> None:
    """Read from the primary from here on, whatever was chosen."""
    reading = _reading.get()
    if reading is not None:
        reading.alias = DEFAULT_DB_ALIAS


def in_time(found: Iterator[Any], together: int) -> Iterator[Any]:
    """Yield rows that a database goes on to find as they are taken, each some within its time."""
    while True:
        with one_statement(connection_to_read()):
            some = list(islice(found, together))
        if not some:
            return
        yield from some


def streamed(rows: QuerySet) -> Generator[tuple, None, None]:
    """Yield the values of a `values_list`, in constant memory, while the database finds the rest.

    Nothing else may be asked of the connection until the last one is taken or this is closed.
    A cursor in the database, which `iterator()` makes, is idle while its rows are written out, and
    the program while it finds more; here both are at work.
    """
    connection = connection_to_read()
    if connection.vendor != "postgresql":
        yield from rows.iterator()
        return
    statement, parameters = rows.query.get_compiler(connection=connection).as_sql()
    # Of one row at a time where PostgreSQL's client library is an old one.
    size = _TOGETHER if capabilities.has_stream_chunked() else 1
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        # Until it is closed, the connection waits for it.
        closing(cursor.cursor.stream(statement, parameters, size=size)) as found,
    ):
        yield from in_time(found, _TOGETHER)
