"""How long a migration waits for a lock on PostgreSQL, and for whom.

Whoever asks for a lock stands before all who come later, also those who could have gone on: a
migration that waits for one long transaction stops the whole site. So each of its transactions
gives up after seconds, with nothing done, and is tried again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import Error, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors

_LOOK_EVERY = 0.2
_HOLDERS = """
    SELECT pid, usename, coalesce(nullif(application_name, ''), 'no name'), state,
           extract(epoch FROM clock_timestamp() - xact_start)::int,
           left(regexp_replace(query, '\\s+', ' ', 'g'), 80)
    FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids(%s))
"""


class Bound:
    """Sets `lock_timeout` for each transaction of a connection, and knows who was waited for.

    For the transaction alone: behind a pool, a session's settings would be left to strangers. What
    runs outside of one, as CREATE INDEX CONCURRENTLY does, stops nobody by waiting.
    """

    def __init__(self, connection: BaseDatabaseWrapper, seconds: float):
        self.connection = connection
        self.milliseconds = int(seconds * 1000)
        # The sessions that were waited for last, in words.
        self.holders: list[str] = []
        self._process: int | None = None
        self._transaction: object = None

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        blocks = self.connection.atomic_blocks
        if blocks and blocks[0] is not self._transaction:
            self._transaction = blocks[0]
            raw = self.connection.connection
            # Not by the cursor of the statement, which may be one that only declares cursors.
            raw.execute(f"SET LOCAL lock_timeout = '{self.milliseconds}ms'")
            self._process = raw.execute("SELECT pg_backend_pid()").fetchone()[0]
            self.holders = []
        return execute(sql, params, many, context)

    def look(self, over: threading.Event) -> None:
        """Note who is waited for, again and again until it is over; by a connection of its own."""
        with closing(self.connection.copy()) as other:
            while not over.wait(_LOOK_EVERY):
                if self._process is None:
                    continue
                try:
                    with other.cursor() as cursor:
                        cursor.execute(_HOLDERS, [self._process])
                        self.holders = [_told(*row) for row in cursor.fetchall()] or self.holders
                except Error:
                    # Nothing but words would be lost.
                    other.close()


def _told(
    process: int, user: str, application: str, state: str, seconds: int | None, query: str
) -> str:
    since = "" if seconds is None else f", in a transaction for {seconds} s"
    return f"session {process} of {user} ({application}{since}, {state}: {query})"


@contextmanager
def bounded(connection: BaseDatabaseWrapper, seconds: float) -> Iterator[Bound]:
    """Bound the waiting of a connection to PostgreSQL within."""
    bound = Bound(connection, seconds)
    over = threading.Event()
    watch = threading.Thread(target=bound.look, args=[over], daemon=True)
    watch.start()
    try:
        with connection.execute_wrapper(bound):
            yield bound
    finally:
        over.set()
        watch.join()


def gave_up(error: OperationalError) -> bool:
    """Whether a transaction was given up for a lock, so that it may be tried again."""
    return isinstance(error.__cause__, errors.LockNotAvailable | errors.DeadlockDetected)
