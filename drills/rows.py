"""Every row of every table, as one sum for each table: to compare databases with."""

import hashlib
from typing import Any

from django.db import connection

# Emptied when a backup is made.
SESSIONS = "django_session"


def sums() -> dict[str, str]:
    """Return the number of rows of each table and a hash of all that is in them, sessions aside."""
    found = {}
    for table in sorted(connection.introspection.table_names()):
        if table == SESSIONS:
            continue
        digest, number = hashlib.sha256(), 0
        for row in _rows(table):
            digest.update(repr(row).encode(errors="surrogateescape"))
            number += 1
        found[table] = f"{number} {digest.hexdigest()}"
    return found


def _rows(table: str) -> Any:
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        # Not all that columns hold there has an order; the text of a whole row has one.
        order = "t::text"
        if connection.vendor == "sqlite":
            cursor.execute(f"SELECT * FROM {name} LIMIT 0")  # noqa: S608
            order = ", ".join(str(number + 1) for number in range(len(cursor.description)))
        cursor.execute(f"SELECT * FROM {name} AS t ORDER BY {order}")  # noqa: S608
        while some := cursor.fetchmany(1000):
            yield from some


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the tables that are not the same in both."""
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
