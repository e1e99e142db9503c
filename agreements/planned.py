"""Statements that are asked again and again, which PostgreSQL plans once a connection.

Django's cursors have each planned every time, which takes longer than to find one row.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field

from agreements.time_limits import one_statement

# By session: whether it is this process's own.
_own: WeakKeyDictionary[psycopg.Connection[Any], bool] = WeakKeyDictionary()


def first_row(
    connection: BaseDatabaseWrapper,
    statement: str,
    parameters: Sequence[Any] = (),
    fields: Sequence[Field] = (),
) -> tuple[Any, ...] | None:
    """Return the first row of a statement, None where there is none.

    The values are those of `fields`, where they are given. Behind what lends sessions out
    (PgBouncer), and where Django notes what is asked, it is planned each time.
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


def _converted(connection: BaseDatabaseWrapper, value: Any, field: Field) -> Any:
    """Return the value of a field from what a database gave."""
    column = field.get_col(field.model._meta.db_table)
    for convert in connection.ops.get_db_converters(column) + column.get_db_converters(connection):
        value = convert(value, column, connection)
    return value
