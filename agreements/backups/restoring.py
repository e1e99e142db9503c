"""Making everything so again as a backup has it: the database in one step, and its releases."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from agreements.backups import archive, postgresql, sqlite
from agreements.backups.archive import extract
from agreements.backups.manifest import DATABASE, Contents, Manifest, contents_of
from agreements.backups.staging import staging, writable
from agreements.exceptions import BackupError
from agreements.releases.files import sync


class Restored(NamedTuple):
    """What was restored, and where what stood in its place is kept."""

    manifest: Manifest
    aside: list[Path]


def restore(path: Path, replace: bool = False) -> Restored:
    """Put a backup in the place of the database and of the releases that it has.

    All of it is looked at before anything is touched. The database is then the old one or that of
    the backup, whenever this is killed. Raises a BackupError; the database is as it was then.
    """
    manifest = archive.check(path)
    if manifest.database != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest.database}, and DATABASE_URL names {connection.vendor}: "
            "docs/backup.md tells how records are carried from one to the other."
        )
    manifest.refuse_newer()
    there = _standing()
    if not replace and not (isinstance(there, Contents) and there.is_empty):
        raise BackupError(_loss(there, manifest.contents))
    stamp = f"{timezone.now().astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    connections.close_all()
    try:
        aside = list(_releases(path, manifest, stamp))
        aside += _database(path, manifest, stamp)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The database is as it was; it cannot be restored: {error}") from error
    return Restored(manifest, aside)


def check(path: Path) -> Manifest:
    """Read all of a backup, and open the database in it. Raises a BackupError."""
    manifest = archive.check(path)
    with staging(writable(path.parent)) as folder:
        name = DATABASE[manifest.database]
        ((_, file),) = extract(path, manifest, name, folder)
        if manifest.database == "sqlite":
            _check_file(file, manifest.contents)
        elif connection.vendor == "postgresql":
            postgresql.check(file)
    return manifest


def _standing() -> Contents | str:
    """Return what the database holds, or why that cannot be said."""
    try:
        if connection.vendor == "postgresql":
            return postgresql.contents()
        return sqlite.contents(_file()) or Contents("", {}, [])
    except sqlite3.Error as error:
        return str(error)
    except DatabaseError as error:
        raise BackupError(
            f"The database cannot be reached: {str(error).strip()}\nWhere it is gone, make an "
            "empty one (createdb) for the role in DATABASE_URL, and restore again."
        ) from error


def _loss(there: Contents | str, then: Contents) -> str:
    if isinstance(there, str):
        return (
            f"The database cannot be read ({there}). To put the backup in its place, add --replace."
        )
    now, before = (int(each.head.partition(":")[0]) for each in (there, then))
    behind = (
        f"the {now - before} publications since then would be lost, and every edit"
        if now > before
        else "no publication would be lost, but every edit since then"
    )
    return (
        f"The database is not empty: its ledger ends with {there.head}, that of the backup with "
        f"{then.head}; {behind}. To put the backup in its "
        "place, add --replace."
    )


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _database(path: Path, manifest: Manifest, stamp: str) -> Iterator[Path]:
    name = DATABASE[manifest.database]
    if manifest.database == "postgresql":
        with staging(writable(path.parent)) as folder:
            ((_, file),) = extract(path, manifest, name, folder)
            postgresql.put(file, manifest.contents, manifest.extensions)
        return
    place = _file()
    place.parent.mkdir(parents=True, exist_ok=True)
    with staging(place.parent) as folder:
        ((_, file),) = extract(path, manifest, name, folder)
        _check_file(file, manifest.contents)
        sync([file])
        aside = place.with_name(f"{place.name}.before-{stamp}")
        if sqlite.put(file, place, aside):
            yield aside


def _check_file(file: Path, expected: Contents) -> None:
    with sqlite.opened(file) as connection:
        sqlite.check(connection)
        if contents_of(sqlite.asking(connection), "sqlite") != expected:
            raise BackupError("The backup does not hold what it says.")


def _releases(path: Path, manifest: Manifest, stamp: str) -> Iterator[Path]:
    """Put the files of releases in their places. Without a row, nobody is served of them."""
    versions = sorted({name.split("/")[1] for name in manifest.parts if name.count("/") == 2})
    if not versions:
        return
    folder = settings.RELEASES_DIR
    folder.mkdir(parents=True, exist_ok=True)
    with staging(folder) as new:
        for _ in extract(path, manifest, "releases/", new):
            pass
        for version in versions:
            source, place = new / "releases" / version, folder / version
            if place.exists() and _same(source, place):
                continue
            source.chmod(0o755)
            for file in source.iterdir():
                file.chmod(0o644)
            sync([source])
            if place.exists():
                aside = folder / f".before-{stamp}-{version}"
                os.replace(place, aside)
                yield aside
            os.replace(source, place)
        sync([folder])


def _same(one: Path, other: Path) -> bool:
    names = sorted(each.name for each in one.iterdir())
    return names == sorted(each.name for each in other.iterdir()) and all(
        archive.part_of(one / name) == archive.part_of(other / name) for name in names
    )


def remains(aside: list[Path]) -> str:
    """Return what to say of what was replaced."""
    return f"What was there is kept in {', '.join(map(str, aside))}." if aside else ""
