"""Making a backup: the database as of one moment, and the files of its releases, in one file."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from agreements.backups import archive, postgresql, sqlite
from agreements.backups.manifest import DATABASE, Ask, Contents, Manifest, Part, contents_of
from agreements.backups.staging import staging
from agreements.exceptions import BackupError
from agreements.program import program_version
from agreements.releases.files import sync


def make(target: Path, with_releases: bool = True) -> tuple[Path, Manifest]:
    """Write a backup into a file that there is not yet, or into a folder under a name of its own.

    It is there whole or not at all, and only for whoever made it: it holds drafts, texts and
    the hashes of passwords. Nobody waits for it. Returns where it is; raises a BackupError.
    """
    now = timezone.now()
    if target.is_dir():
        target = target / f"coastguard-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.backup"
    _refuse_there(target)
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is no folder.")
    try:
        with staging(target.parent) as folder:
            manifest = _write(folder, now, with_releases)
            _place(folder / "backup", target)
    except FileExistsError:
        _refuse_there(target)
        raise
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"The backup cannot be written, and nothing of it is left: {error}"
        ) from error
    return target, manifest


def _place(new: Path, target: Path) -> None:
    try:
        # Refused where somebody else made one there meanwhile.
        os.link(new, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without a second name for a file.
        _refuse_there(target)
        os.replace(new, target)
    sync([target.parent])


def _refuse_there(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise BackupError(f"{target} is there already, and a backup is never written over.")


def _write(folder: Path, now: datetime, with_releases: bool) -> Manifest:
    name = DATABASE[connection.vendor]
    sources = {name: folder / name}
    with _database(sources[name]) as (contents, ask):
        parts = {name: archive.part_of(sources[name])}
        if with_releases and "agreements_release" in contents.rows:
            for each, source, part in _releases(ask):
                sources[each], parts[each] = source, part
        postgres = connection.vendor == "postgresql"
        manifest = Manifest(
            made_at=now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            program=program_version(),
            database=connection.vendor,
            server=postgresql.server(ask) if postgres else sqlite3.sqlite_version,
            contents=contents,
            parts=parts,
            extensions=postgresql.extensions(ask) if postgres else [],
        )
    descriptor = os.open(folder / "backup", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        archive.write(file, manifest, sources)
        file.flush()
        os.fsync(file.fileno())
    return manifest


@contextmanager
def _database(target: Path) -> Iterator[tuple[Contents, Ask]]:
    """Copy the database; yield what the copy holds, and who can be asked about that very state."""
    if connection.vendor == "postgresql":
        with postgresql.snapshot() as (ask, name):
            contents = contents_of(ask, "postgresql")
            postgresql.dump(name, target)
            yield contents, ask
        return
    source = Path(connection.settings_dict["NAME"])
    if not source.is_file():
        raise BackupError(f"There is no database at {source}.")
    sqlite.copy(source, target)
    with sqlite.opened(target) as copied:
        ask = sqlite.asking(copied)
        yield contents_of(ask, "sqlite"), ask


def _releases(ask: Ask) -> Iterator[tuple[str, Path, Part]]:
    """Yield the files of releases: the name of each, where it is, and what it must be."""
    rows = ask("SELECT version, CAST(files AS text) FROM agreements_release ORDER BY id")
    for version, files in rows:
        for name, facts in json.loads(files).items():
            source = settings.RELEASES_DIR / version / name
            if not source.is_file():
                raise BackupError(
                    f"{source} is missing: make release {version} again (make_release {version} "
                    "--output), or back up without the releases."
                )
            yield f"releases/{version}/{name}", source, Part(facts["bytes"], facts["sha256"])
