"""The ledger as its tables hold it, whatever that is: read without trust, a page at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from agreements.databases import connection_to_read
from agreements.ledger.rows import SHARED, columns, instant
from agreements.models import Publication, PublicationFacet

AT_A_TIME = 1000
_PUBLICATION = Publication._meta.db_table
_FACET = PublicationFacet._meta.db_table
# What is copied from the body.
COPIED = tuple(columns({"name": "-"}))
_OWN = (
    *("id", "sequence", "kind", "slug", "revision", "state", "body", "published_at"),
    *("superseded_at", "author", "approver", "reason", "successor", "sha256", "search_text"),
)
_FACET_COLUMNS = ("publication", "facet", "value", *SHARED)
_TIMES = (models.DateField, models.DateTimeField)


class Stored(NamedTuple):
    """A row as it is stored; dates and times as the database writes them.

    `before` is the sequence of the record's revision before, `succeeded_at` when that says that
    it was superseded, `after` the sequence of the next one; None where there is none.
    """

    id: Any
    sequence: Any
    kind: Any
    slug: Any
    revision: Any
    state: Any
    body: Any
    published_at: Any
    superseded_at: Any
    author: Any
    approver: Any
    reason: Any
    successor: Any
    sha256: Any
    search_text: Any
    copied: tuple[Any, ...]
    before: Any
    succeeded_at: Any
    after: Any

    def __str__(self) -> str:
        return self._named(self.sequence, self.revision)

    @property
    def one_before(self) -> str:
        """The name of the record's revision before."""
        return self._named(self.before, self.revision - 1)

    def _named(self, sequence: Any, revision: Any) -> str:
        name = f"{_shown(self.kind)}/{_shown(self.slug)} r{_shown(revision)}"
        return f"row {_shown(sequence)} ({name})"


def _shown(value: Any) -> str:
    """Return what is stored, fit to stand in a line."""
    text = value if isinstance(value, str) else repr(value)
    return "".join(each if each.isprintable() else "\ufffd" for each in text[:100])


@contextmanager
def undecoded(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let SQLite hand out texts that are not UTF-8, which are a fault and no reason to stop."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.connection.text_factory
    connection.connection.text_factory = lambda text: text.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.connection.text_factory = usual


def pages() -> Iterator[tuple[list[Stored], dict[Any, list[tuple[Any, ...]]]]]:
    """Yield the rows in the order of their sequences, with their facets by the rows' keys."""
    connection = connection_to_read()
    first, following = _statement(connection, "WHERE (sequence, id) > (%s, %s)")
    place: Sequence[Any] = ()
    with undecoded(connection), connection.cursor() as cursor:
        while True:
            cursor.execute(following if place else first, place)
            found = cursor.fetchall()
            if not found:
                return
            own = len(_OWN)
            page = [Stored._make((*row[:own], row[own:-3], *row[-3:])) for row in found]
            yield page, _facets(connection, [row.id for row in page])
            place = (page[-1].sequence, page[-1].id)


def _statement(connection: BaseDatabaseWrapper, behind: str) -> tuple[str, str]:
    own = ", ".join(_read(connection, "p", Publication, name) for name in (*_OWN, *COPIED))
    beside = ", ".join(
        _read(connection, table, Publication, name)
        for table, name in (("b", "sequence"), ("b", "superseded_at"), ("a", "sequence"))
    )
    # A number may be the largest that its column holds.
    large = "CAST(p.revision AS bigint)" if connection.vendor == "postgresql" else "p.revision"
    same = "{0}.kind = p.kind AND {0}.slug = p.slug AND {0}.revision = {1}"
    first, following = (
        f"SELECT {own}, {beside}"  # noqa: S608
        f" FROM (SELECT * FROM {_PUBLICATION} {where} ORDER BY sequence, id LIMIT {AT_A_TIME}) p"
        f" LEFT JOIN {_PUBLICATION} b ON {same.format('b', f'{large} - 1')}"
        f" LEFT JOIN {_PUBLICATION} a ON {same.format('a', f'{large} + 1')}"
        " ORDER BY p.sequence, p.id"
        for where in ("", behind)
    )
    return first, following


def _read(connection: BaseDatabaseWrapper, table: str, model: type[models.Model], name: str) -> str:
    """Return the expression for what a column holds, which no driver tries to make sense of."""
    field: Any = model._meta.get_field(name)
    column = f"{table}.{field.column}"
    if connection.vendor == "sqlite":
        # A sign keeps the driver from converting by the type that the column was declared with.
        return f"+{column}"
    # Not every date that PostgreSQL has is one of Python's.
    return f"CAST({column} AS text)" if isinstance(field, _TIMES) else column


def _facets(connection: BaseDatabaseWrapper, keys: list[Any]) -> dict[Any, list[tuple[Any, ...]]]:
    marks = ", ".join("%s" for _ in keys)
    names = ", ".join(_read(connection, "f", PublicationFacet, name) for name in _FACET_COLUMNS)
    found: dict[Any, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM {_FACET} f WHERE f.publication_id IN ({marks})",  # noqa: S608
            keys,
        )
        for key, *facet in cursor.fetchall():
            found.setdefault(key, []).append(tuple(facet))
    return found


def number_of_rows() -> int:
    """Return how many rows the ledger has, those outside of any order included."""
    with connection_to_read().cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {_PUBLICATION}")  # noqa: S608
        return cursor.fetchone()[0]


def facet_of_no_row() -> Any:
    """Return the key of a row that a facet names and that the ledger does not have, or None."""
    with connection_to_read().cursor() as cursor:
        cursor.execute(
            f"SELECT f.publication_id FROM {_FACET} f WHERE NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM {_PUBLICATION} p WHERE p.id = f.publication_id) LIMIT 1"
        )
        row = cursor.fetchone()
        return row[0] if row else None


def instant_stored(text: Any) -> str:
    """Return a time as it is stored in the form that is hashed; raise a ValueError for no time."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        # SQLite: compared as texts, so that there is one way to write it.
        if str(moment) != text:
            raise ValueError(text)
        return instant(datetime.fromisoformat(f"{text}+00:00"))
    return instant(moment)


def as_stored(value: Any) -> Any:
    """Return a value of a filter column as `pages` has it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def parsed(body: Any) -> dict[str, Any]:
    """Return a body as it was encoded; raise a ValueError or TypeError where it is none."""
    found = orjson.loads(body)
    if not isinstance(found, dict):
        raise TypeError(type(found))
    return found
