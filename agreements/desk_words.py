"""Where the words of the desk's long tables are found by a part of them, without reading each row.

PostgreSQL has an index of trigrams, which a migration makes. SQLite has a table of trigrams beside
each table, kept by triggers. Like all triggers there they are taken away before a migration and
put back after it, since SQLite loses them when Django remakes a table.
"""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

from agreements.models import Document, Engagement

COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Engagement: ("title", "slug"),
    Document: ("title", "slug", "publisher", "author", "url"),
}
# A trigram is three letters: of fewer, no index knows.
SHORTEST = 3


def having(model: type[Model], words: Iterable[str], path: str = "") -> Q:
    """Return the condition that each word is in one of a table's columns, as a part of it.

    `path` leads to the table: "engagement__".
    """
    condition = Q()
    for word in words:
        within = (Q(**{f"{path}{name}__icontains": word}) for name in COLUMNS[model])
        condition &= reduce(or_, within)
    return condition


def keys_of(
    rows: QuerySet, model: type[Model], words: Collection[str], path: str, most: int
) -> list[int]:
    """Return the keys of rows that have each of some words, in no order and at most so many.

    One of the words has to have three letters. `path` leads from a row to the one of `model` that
    has the words, as in `having`.
    """
    if connections[rows.db].vendor == "postgresql":
        found = rows.filter(having(model, words, path))
    else:
        table = f"{model._meta.db_table}_words"
        parts = " ".join(
            '"{}"'.format(word.replace('"', '""')) for word in words if len(word) >= SHORTEST
        )
        matching = RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [parts])  # noqa: S608, S611
        short = [word for word in words if len(word) < SHORTEST]
        found = rows.filter(having(model, short, path), **{f"{path}pk__in": matching})
    return list(found.order_by().values_list("pk", flat=True)[:most])


def install(connection: BaseDatabaseWrapper, anew: bool) -> None:
    """Put SQLite's tables of trigrams and their triggers in place; `anew`: and fill them again."""
    if connection.vendor != "sqlite":
        return
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model, columns in COLUMNS.items():
            table = model._meta.db_table
            if table not in present:
                continue
            listed = ", ".join(columns)
            if f"{table}_words" not in present:
                cursor.execute(
                    f"CREATE VIRTUAL TABLE {table}_words USING fts5({listed},"
                    f" content='{table}', content_rowid='id', tokenize='trigram')"
                )
            for statement in _triggers(table, columns):
                cursor.execute(statement)
            if anew or f"{table}_words" not in present:
                cursor.execute(f"INSERT INTO {table}_words ({table}_words) VALUES ('rebuild')")  # noqa: S608


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take SQLite's triggers away."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for model in COLUMNS:
                for event in ("insert", "update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {model._meta.db_table}_words_{event}")


def _triggers(table: str, columns: Collection[str]) -> list[str]:
    listed = ", ".join(columns)
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    words = f"{table}_words"
    add = f"INSERT INTO {words} (rowid, {listed}) VALUES (NEW.id, {new});"  # noqa: S608
    drop = (
        f"INSERT INTO {words} ({words}, rowid, {listed})"  # noqa: S608
        f" VALUES ('delete', OLD.id, {old});"
    )
    return [
        f"CREATE TRIGGER IF NOT EXISTS {words}_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER IF NOT EXISTS {words}_delete AFTER DELETE ON {table} BEGIN {drop} END",
        f"CREATE TRIGGER IF NOT EXISTS {words}_update AFTER UPDATE OF {listed} ON {table}"
        f" WHEN {changed} BEGIN {drop} {add} END",
    ]
