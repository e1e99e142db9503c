"""The ledger at one point: its head, a snapshot to read in, and a past that is settled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from agreements import databases, ledger, planned
from agreements.models import Publication

# No publication takes longer than this from its time stamp to its commit, and on to the replicas.
_LONGEST_PUBLICATION = timedelta(hours=1)


class Head(NamedTuple):
    """The last row of the ledger, on which all others rest; of an empty one, 0 and no time."""

    sequence: int
    sha256: str
    published_at: datetime | None


EMPTY = Head(0, ledger.GENESIS, None)
_FIELDS: list[Any] = [Publication._meta.get_field(name) for name in Head._fields]


class WentBack(psycopg.OperationalError):
    """A replica has less than it had: it is as good as away."""


def head_at(moment: datetime | None = None) -> Head:
    """Return the ledger's head, now or at a moment."""
    if moment is None:
        database = databases.connection_to_read()
        row = planned.first_row(database, _newest_row(), fields=_FIELDS)
        head = Head(*row) if row else EMPTY
        _require_at_least(head.sequence)
        return head
    require_known()
    # Rows are written in the order of their times; this order is that of an index on both.
    rows = Publication.objects.filter(published_at__lte=moment)
    values = rows.order_by("-published_at", "-sequence").values_list(*Head._fields).first()
    return Head(*values) if values else EMPTY


def newest() -> str:
    """Return the SHA-256 of the ledger's newest row, as `head_at()` has it.

    It is asked before every answer that is kept, and before anything else.
    """
    row = _first_of_all(databases.connection_to_read(), _newest_row())
    sequence, sha256 = row[:2] if row else EMPTY[:2]
    _require_at_least(sequence)
    return sha256


def require_known() -> None:
    """Raise WentBack where what is read ends before a row that it is known to have had.

    A replica that was killed begins again with what was on its disk, which may be less. Reading
    the head finds that out; this is for whoever does not.
    """
    if databases.least():
        head_at()


def _require_at_least(sequence: int) -> None:
    least = databases.least()
    if sequence < least:
        raise WentBack(f"The ledger ends with row {sequence} here, and had row {least}.")


@cache
def _newest_row() -> str:
    """Return the statement that finds the newest row, written once: that costs more than to ask."""
    return str(Publication.objects.order_by("-sequence").values(*Head._fields)[:1].query)


def _first_of_all(database: Any, statement: str) -> Any:
    """Return the first row of what is asked first in a request, None where there is none.

    The connection is not tried beforehand, since this tries it: one that broke is opened anew.
    """
    for again in (True, False):
        database.health_check_done = True
        try:
            return planned.first_row(database, statement)
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
                cursor.execute("COMMIT")
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
