"""How long a database may look for what somebody waits for.

Within `limited`, each statement is given up after so many seconds, by the database itself: SQLite
asks in between whether it is late, PostgreSQL is told to stop over a connection of its own. That
works through PgBouncer, which lends sessions out and so keeps no setting of one.
"""

import logging
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

# Of SQLite's virtual machine: some milliseconds, and a question in so many costs nothing.
_INSTRUCTIONS = 50_000
# Seconds between two looks for statements that are late, and for telling a server so.
_EVERY = 0.2
_TELLING = 3.0

_log = logging.getLogger(__name__)
_seconds: ContextVar[float | None] = ContextVar("seconds", default=None)


class _Thread(threading.local):
    gives_up_at = math.inf


_thread = _Thread()


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give up each statement that takes longer within; raises what `took_too_long` knows."""
    token = _seconds.set(seconds)
    _thread.gives_up_at = time.monotonic() + seconds
    try:
        yield
    finally:
        _seconds.reset(token)
        _thread.gives_up_at = math.inf


def took_too_long(error: BaseException | None) -> bool:
    """Return whether an error is of a statement that was given up, here or by the server."""
    while error is not None:
        if isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
            return True
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            return True
        error = error.__cause__
    return False


@contextmanager
def one_statement(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Count the time anew: within, one statement is carried out, or more of its rows are taken."""
    seconds = _seconds.get()
    if seconds is None:
        yield
    elif connection.vendor == "postgresql":
        statement = _watch.begin(connection.connection, seconds)
        try:
            yield
        finally:
            _watch.end(statement)
    else:
        _thread.gives_up_at = time.monotonic() + seconds
        yield


def keep_time(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Have a new connection keep the limits (a receiver of `connection_created`)."""
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(_is_late, _INSTRUCTIONS)
    if _keeping_time not in connection.execute_wrappers:
        # At the bottom: whoever puts one on top for a while takes away the last.
        connection.execute_wrappers.insert(0, _keeping_time)


def _keeping_time(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    with one_statement(context["connection"]):
        return execute(sql, params, many, context)


def _is_late() -> bool:
    return time.monotonic() > _thread.gives_up_at


class Statement:
    """A statement under way in PostgreSQL. Its lock is held while the server is told to stop it."""

    __slots__ = ("connection", "gives_up_at", "is_over", "lock")

    def __init__(self, connection: psycopg.Connection, gives_up_at: float):
        self.connection, self.gives_up_at = connection, gives_up_at
        self.lock = threading.Lock()
        self.is_over = False


class Watch:
    """Looks for statements that are late, in a thread of its own once there is one to look for."""

    def __init__(self) -> None:
        # By thread: each carries out one at a time.
        self._under_way: dict[int, Statement] = {}
        self._looking: threading.Thread | None = None

    def begin(self, connection: psycopg.Connection, seconds: float) -> Statement:
        # A process that was forked has none of the threads of its parent.
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(target=self._look, daemon=True)
            self._looking.start()
        statement = Statement(connection, time.monotonic() + seconds)
        self._under_way[threading.get_ident()] = statement
        return statement

    def end(self, statement: Statement) -> None:
        # Waits where the server is being told: what comes next on the connection is not meant.
        with statement.lock:
            statement.is_over = True
        self._under_way.pop(threading.get_ident(), None)

    def _look(self) -> None:
        while True:
            time.sleep(_EVERY)
            now = time.monotonic()
            for statement in list(self._under_way.values()):
                if now > statement.gives_up_at:
                    self._stop(statement)

    @staticmethod
    def _stop(statement: Statement) -> None:
        with statement.lock:
            if statement.is_over:
                return
            try:
                statement.connection.cancel_safe(timeout=_TELLING)
            except Exception as error:
                # Told again at the next look; a server that is gone ends the statement itself.
                _log.warning("A statement that takes too long was not stopped: %s", error)


_watch = Watch()
