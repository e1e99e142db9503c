"""The shipped fixtures, loaded once by each process; later tests are given the same rows."""

from typing import NamedTuple

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from tests.servers import ROOT

FILES = sorted(map(str, (ROOT / "fixtures").glob("*.json")))


class _Rows(NamedTuple):
    """What a table holds."""

    table: str
    columns: list[str]
    rows: list[tuple]


_kept: list[_Rows] = []


def load_shipped() -> None:
    """Load the shipped fixtures, or give empty tables the rows that the first load left there."""
    if any(each.rows for each in _read(most=1)):
        call_command("loaddata", *FILES, verbosity=0)
    elif _kept:
        _write()
    else:
        call_command("loaddata", *FILES, verbosity=0)
        _kept.extend(_read())


def _models() -> list:
    return list(apps.get_app_config("agreements").get_models(include_auto_created=True))


def _read(most: int | None = None) -> list[_Rows]:
    """Read the app's tables, in the order in which their models name each other."""
    found = []
    limit = "" if most is None else f" LIMIT {most}"
    with connection.cursor() as cursor:
        for model in _models():
            columns = [
                connection.ops.quote_name(field.column)
                for field in model._meta.local_concrete_fields
            ]
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table}{limit}")
            found.append(_Rows(table, columns, cursor.fetchall()))
    return found


def _write() -> None:
    with connection.cursor() as cursor:
        for table, columns, rows in _kept:
            if rows:
                values = ", ".join(["%s"] * len(columns))
                names = ", ".join(columns)
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
