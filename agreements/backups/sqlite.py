"""SQLite's file: copied while others write, looked into, and put in the place of another."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agreements.backups.manifest import WITHOUT_ROWS, Ask, Contents, contents_of
from agreements.exceptions import BackupError
from agreements.releases.files import sync

_BESIDE = ("-wal", "-shm", "-journal")
_WAIT = 20


@contextmanager
def opened(path: Path, mode: str = "rw", wait: float = _WAIT) -> Iterator[sqlite3.Connection]:
    """Open a file that there is, each statement a transaction of its own."""
    address = f"file:{quote(str(path))}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def asking(connection: sqlite3.Connection) -> Ask:
    def ask(statement: str) -> list[tuple[Any, ...]]:
        return connection.execute(statement).fetchall()

    return ask


def copy(source: Path, target: Path) -> None:
    """Copy a database as it stands at one moment; nobody waits for it, and it is on the disk.

    Raises a BackupError where the database is damaged.
    """
    target.touch(mode=0o600)
    with opened(source) as here, opened(target) as there:
        here.backup(there)
        # In one file, without the log beside it.
        there.execute("PRAGMA journal_mode = DELETE")
        # What is removed is overwritten, not only let go.
        there.execute("PRAGMA secure_delete = ON")
        tables = {name for (name,) in asking(there)("SELECT name FROM sqlite_master")}
        for table in WITHOUT_ROWS:
            if table in tables:
                there.execute(f'DELETE FROM "{table}"')  # noqa: S608
        check(there)
    sync([target])


def check(connection: sqlite3.Connection) -> None:
    """Raise a BackupError where a database is damaged, or a row names one that is not there."""
    ((found, *_), *more) = connection.execute("PRAGMA integrity_check(3)").fetchall()
    if found != "ok" or more:
        raise BackupError(f"The database is damaged: {found}")
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
        raise BackupError(f"The database is damaged: row {row} of {table} names one that is gone.")


def contents(path: Path) -> Contents | None:
    """Return what a file holds, None without one; raise an sqlite3.Error for no database."""
    if not path.exists() or not path.stat().st_size:
        return None
    with opened(path) as connection:
        return contents_of(asking(connection), "sqlite")


def put(new: Path, place: Path, aside: Path) -> bool:
    """Put a file in the place of another one, in one step; whether there was one, kept aside.

    What was there stays as `aside`. Raises a BackupError where somebody has it open: what they
    wrote would go to a file that nobody reads again.
    """
    _give_to_owner(new, place)
    if not place.exists():
        # Their file is gone. Of another one, they would be taken for the latest changes.
        _move_beside(place, aside)
        os.replace(new, place)
        sync([place.parent])
        return False
    try:
        with opened(place, wait=3) as connection:
            # Only who is alone can do so; then there is nothing beside the file any more.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            os.link(place, aside)
            os.replace(new, place)
            sync([place.parent])
            return True
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BackupError(
                f"Somebody has {place} open: stop the service and all commands, and restore again."
            ) from error
    except sqlite3.DatabaseError:
        # It is no database any more, so nobody works on it.
        pass
    os.link(place, aside)
    _move_beside(place, aside)
    os.replace(new, place)
    sync([place.parent])
    return True


def _give_to_owner(new: Path, place: Path) -> None:
    """Let a file belong to whom the one in its place, or the folder, belongs to."""
    owner = (place if place.exists() else place.parent).stat()
    if os.geteuid() == 0:
        os.chown(new, owner.st_uid, owner.st_gid)


def _move_beside(place: Path, aside: Path) -> None:
    for ending in _BESIDE:
        beside = place.with_name(place.name + ending)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + ending))
