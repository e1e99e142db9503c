"""The ledger at one point: its head, a snapshot to read in, and a past that is settled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from agreements import databases, ledger
from agreements.models import Publication

# No publication takes longer than this from its time stamp to its commit, and on to the replicas.
_LONGEST_PUBLICATION = timedelta(hours=1)


class Head(NamedTuple):
    """The last row of the ledger, on which all others rest; of an empty one, 0 and no time."""

    sequence: int
    sha256: str
    published_at: datetime | None


EMPTY = Head(0, ledger.GENESIS, None)


def head_at(moment: datetime | None = None) -> Head:
    """Return the ledger's head, now or at a moment."""
    rows = Publication.objects.order_by("-sequence")
    if moment is not None:
        # Rows are written in the order of their times; this order is that of an index on both.
        rows = rows.filter(published_at__lte=moment).order_by("-published_at", "-sequence")
    values = rows.values_list("sequence", "sha256", "published_at").first()
    return Head(*values) if values else EMPTY


@cache
def _newest_row(vendor: str) -> str:
    return str(Publication.objects.order_by("-sequence").values("sha256")[:1].query)


def newest() -> str:
    """Return the SHA-256 of the ledger's newest row, as `head_at()` has it.

    It is asked before every answer that is kept, so it is one statement, written once.
    """
    database = databases.connection_to_read()
    row = _first_of_all(database, _newest_row(database.vendor))
    return row[0] if row else EMPTY.sha256


def _first_of_all(database: Any, statement: str) -> Any:
    """Return the first row of what is asked first in a request, None where there is none.

    The connection is not tried beforehand, since this tries it: one that broke is opened anew.
    """
    for again in (True, False):
        database.health_check_done = True
        try:
            with database.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone() if cursor.description else None
        except (OperationalError, InterfaceError):
            if not again or database.in_atomic_block:
                raise
            database.close()
    return None


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as it stands now in every query within; nothing may be written there.

    Nobody waits for it: PostgreSQL keeps what is read, SQLite's write-ahead log too. Inside a
    transaction that is under way, that one's view is kept.
    """
    connection = databases.connection_to_read()
    if connection.in_atomic_block:
        yield
        return
    _first_of_all(
        connection,
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        if connection.vendor == "postgresql"
        else "BEGIN DEFERRED",
    )
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        except DatabaseError:
            # The connection broke, and the snapshot went with it.
            connection.close()


def settle(moment: datetime) -> None:
    """Wait until no publication under way can still be stamped at or before a moment.

    A publication is stamped when it begins and seen when it is committed. Without this, an answer
    as of the last seconds could lack what the same question finds later. A replica does not know
    of them: where it has nothing later than the moment, the primary is read instead.
    """
    if timezone.now() - moment > _LONGEST_PUBLICATION:
        return
    last = head_at().published_at
    if last is not None and moment <= last:
        return
    databases.keep_to_primary()
    ledger.wait_for_publications()
