"""Which database a request reads the ledger from: the primary, or a replica chosen for it."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, QuerySet
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


def first_row(
    connection: BaseDatabaseWrapper,
    statement: str,
    parameters: Sequence[Any] = (),
    fields: Sequence[Field] = (),
) -> tuple[Any, ...] | None:
    """Return the first row of a statement that is asked again and again, None where there is none.

    The values are those of `fields`, where they are given. PostgreSQL plans the statement once a
    connection: Django's cursors have it planned each time, which takes several times as long as to
    find one row. So it does here too behind what lends sessions out (PgBouncer), and where Django
    notes what is asked.
    """
    if connection.queries_logged or not _plans_once(connection):
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            row = cursor.fetchone() if cursor.description else None
    else:
        with connection.wrap_database_errors, one_statement(connection):
            found = psycopg.Cursor(connection.connection).execute(
                statement.encode(), parameters or None, prepare=True
            )
            row = found.fetchone() if found.description else None
    if row is None:
        return None
    return tuple(map(partial(_converted, connection), row, fields)) if fields else tuple(row)


def _plans_once(connection: BaseDatabaseWrapper) -> bool:
    """Return whether this is a session of PostgreSQL that nobody else is lent in between.

    What lends sessions out tells a number of its own as the session's.
    """
    if connection.vendor != "postgresql":
        return False
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    session = connection.connection
    own = _own.get(session)
    if own is None:
        with connection.wrap_database_errors, session.cursor() as cursor:
            (number,) = cursor.execute("SELECT pg_backend_pid()").fetchone()
        own = _own[session] = number == session.info.backend_pid
        # Django turns it off; its own cursors prepare nothing all the same.
        session.prepare_threshold = 0 if own else None
    return own


# By session: whether it is this process's own.
_own: WeakKeyDictionary[psycopg.Connection[Any], bool] = WeakKeyDictionary()


def _converted(connection: BaseDatabaseWrapper, value: Any, field: Field) -> Any:
    """Return the value of a field from what a database gave."""
    column = field.get_col(field.model._meta.db_table)
    for convert in connection.ops.get_db_converters(column) + column.get_db_converters(connection):
        value = convert(value, column, connection)
    return value


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
