"""Which database a request reads the ledger from: the primary, or a replica chosen for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass
class Reading:
    """The database that is read from, by its alias, and whether that has happened yet."""

    alias: str
    begun: bool = False


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading_from(reading: Reading) -> Iterator[None]:
    """Read all of the ledger from one database within."""
    token = _reading.set(reading)
    try:
        yield
    finally:
        _reading.reset(token)


def alias_to_read() -> str:
    """Return the alias of the database to read from, which is then read from."""
    reading = _reading.get()
    if reading is None:
        return DEFAULT_DB_ALIAS
    reading.begun = True
    return reading.alias


def connection_to_read() -> BaseDatabaseWrapper:
    """Return the connection to read from where SQL is written by hand."""
    return connections[alias_to_read()]


def keep_to_primary() -> None:
    """Read from the primary from here on, whatever was chosen."""
    reading = _reading.get()
    if reading is not None:
        reading.alias = DEFAULT_DB_ALIAS
