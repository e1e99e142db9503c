"""Many rows written at once: by COPY on PostgreSQL, by one prepared statement on SQLite.

Constraints and triggers of the database hold as for any row; no `save()` runs, no signal is sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from typing import Any

from django.db import connection, models

from agreements import entrusted

# So many keys are reserved at a time.
_AT_A_TIME = 500
_GROWN = 1.2
# Their values go to either database as they are.
_AS_THEY_ARE: tuple[type, ...] = (
    models.BigAutoField,
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.IntegerField,
    models.OneToOneField,
    models.PositiveSmallIntegerField,
    models.PositiveBigIntegerField,
    models.PositiveIntegerField,
    models.TextField,
)
# These go to PostgreSQL as they are, too; SQLite has them as texts.
_AS_THE_DRIVER_HAS_THEM = (models.DateField, models.DateTimeField)


def reserve_keys(model: type[models.Model], number: int) -> Sequence[int]:
    """Return primary keys for rows that are about to be inserted, in ascending order.

    On SQLite the caller is in a transaction that writes, so that nobody else can take them.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, number],
            )
            return sorted(chain.from_iterable(cursor.fetchall()))
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
        return range(last + 1, last + 1 + number)


def new_keys(model: type[models.Model]) -> Iterator[int]:
    """Yield primary keys for rows to be inserted later, as many as are asked for.

    One caller at a time: on SQLite nothing tells which of them are taken before they are inserted.
    """
    if connection.vendor != "postgresql":
        yield from count(reserve_keys(model, 1)[0])
    while True:
        yield from reserve_keys(model, _AT_A_TIME)


def insert_rows(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert instances that have their primary keys, without the rows of models above theirs."""
    fields = model._meta.local_concrete_fields
    insert(
        model,
        [field.attname for field in fields],
        ([field.pre_save(row, add=True) for field in fields] for row in rows),
    )


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows, each the values of the named columns; what is not named the database sets."""
    fields: list[Any] = [
        model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names
    ]
    prepared = _prepared(fields, rows)
    table, columns = model._meta.db_table, ", ".join(f'"{each.column}"' for each in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({columns}) FROM STDIN"
            # Django wraps what `execute` raises, and leaves COPY to the driver.
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            marks = ", ".join("%s" for _ in fields)
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, list(prepared))


def keep_known(model: type[models.Model], number: int, names: Sequence[str]) -> None:
    """Let the database know what columns hold, once a sixth of a table's rows are new to it.

    PostgreSQL looks by itself some time after rows are committed, if at all. Until then it expects
    few of a sort that nearly all are of, and reads all of them for some.
    """
    if connection.vendor == "postgresql":
        table = model._meta.db_table
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
            (expected,) = cursor.fetchone()
        if number > expected * _GROWN:
            entrusted.look_at(table, [each.column for each in fields])


def _prepared(fields: list[Any], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    as_they_are = _AS_THEY_ARE
    if connection.vendor == "postgresql":
        as_they_are += _AS_THE_DRIVER_HAS_THEM
    changing = [(at, each) for at, each in enumerate(fields) if type(each) not in as_they_are]
    if not changing:
        return rows
    return (_changed(list(row), changing) for row in rows)


def _changed(row: list[Any], fields: Iterable[tuple[int, Any]]) -> list[Any]:
    for at, field in fields:
        row[at] = field.get_db_prep_save(row[at], connection)
    return row
