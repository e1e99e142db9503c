"""What a database does not do, through no fault of whoever asks: it is full, taken, or gone.

In the drivers' own words these are hard to understand, and different on each database.
"""

import errno
import sqlite3
from collections.abc import Iterator
from enum import Enum

import psycopg

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_TAKEN = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.SerializationFailure,
)
# The low byte of an extended code of SQLite is its kind.
_KIND = 0xFF


class Outage(Enum):
    """What is the matter."""

    FULL = "full"
    BUSY = "busy"
    AWAY = "away"
    STOPPED = "stopped"


def outage_of(error: BaseException | None) -> Outage | None:
    """Return which outage an error tells of, its causes included; None where it is another one."""
    for each in _with_causes(error):
        if isinstance(each, sqlite3.Error):
            return _of_sqlite(each)
        if isinstance(each, psycopg.errors.DiskFull):
            return Outage.FULL
        if isinstance(each, _TAKEN):
            return Outage.BUSY
        if isinstance(each, psycopg.errors.QueryCanceled):
            return Outage.STOPPED
        if isinstance(each, psycopg.OperationalError | psycopg.InterfaceError):
            return Outage.AWAY
        if isinstance(each, OSError) and each.errno in _NO_ROOM:
            return Outage.FULL
    return None


def _of_sqlite(error: sqlite3.Error) -> Outage | None:
    kind = getattr(error, "sqlite_errorcode", 0) & _KIND
    # A disk that is full refuses some writes as failures of its own.
    if kind in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return Outage.FULL
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Outage.BUSY
    if kind == sqlite3.SQLITE_INTERRUPT:
        return Outage.STOPPED
    return Outage.AWAY if kind == sqlite3.SQLITE_CANTOPEN else None


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
