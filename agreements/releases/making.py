"""Making a release, whole or not at all; and making its files again, to compare them."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from agreements import ledger
from agreements.exceptions import ReleaseError
from agreements.heads import Head, snapshot
from agreements.models import Release
from agreements.releases.building import Built, build
from agreements.releases.edition import (
    Edition,
    Former,
    head_of,
    version_key,
)
from agreements.releases.files import sync

_NOTES = 2000
_UNFINISHED = ".unfinished-"


def make(version: str, head: int | None = None, notes: str = "") -> Release:
    """Make a release of the ledger, up to a row or whole; return its row.

    The files are written beside where they will stand, and moved there in the transaction that
    adds the row: whenever this is killed, there is either a whole release or none. Raises a
    ReleaseError where it cannot be made; then nothing is.
    """
    key = version_key(version)
    folder = settings.RELEASES_DIR
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        with snapshot(), translation.override("en"):
            last = Release.objects.first()
            if Release.objects.filter(version=version).exists():
                raise ReleaseError(
                    f"Release {version} was made already, and releases are never changed. "
                    "To make its files again elsewhere, add --output DIR."
                )
            if last is not None and version_key(last.version) >= key:
                raise ReleaseError(f"Versions go up: write one above {last.version}.")
            before = former_of(last) if last is not None else None
            edition = _edition(version, head_of(head), before, notes)
            unfinished = _empty(folder, version)
            with _removed_if_failed(unfinished):
                built = build(edition, unfinished)
        with _removed_if_failed(unfinished):
            return _add(edition, built, last, unfinished, folder)


def rebuild(
    version: str,
    output: Path,
    head: int | None = None,
    previous: Former | None = None,
    notes: str = "",
) -> tuple[Built, list[str] | None]:
    """Write the files of a release into an empty folder, and nothing else.

    What is known of the version here need not be told. Returns what was written and, where the
    release was made here, the names of the files that differ from it.
    """
    version_key(version)
    made = Release.objects.filter(version=version).first()
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise ReleaseError(f"{output} is not an empty folder.")
    with snapshot(), translation.override("en"):
        if made is not None:
            if head is not None or previous is not None or notes:
                raise ReleaseError(f"Release {version} was made here: its head is known.")
            before = former_of(made.previous) if made.previous else None
            edition = Edition(version, _head_of_release(made), before, made.notes)
            _refuse_damaged()
        else:
            last = Release.objects.first()
            if previous is None and last is not None:
                previous = former_of(last)
            edition = _edition(version, head_of(head), previous, notes)
        output.mkdir(parents=True, exist_ok=True)
        with _removed_if_failed(output):
            built = build(edition, output)
    if made is None:
        return built, None
    names = sorted({*built.files, *made.files})
    return built, [name for name in names if built.files.get(name) != made.files.get(name)]


def former_of(release: Release) -> Former:
    """Return a release as the one before another."""
    return Former(release.version, _head_of_release(release))


def _head_of_release(release: Release) -> Head:
    head = head_of(release.head_sequence)
    if head.sha256 != release.head_sha256:
        raise ReleaseError(
            f"Row {head.sequence} of the ledger is not the one that release {release.version} "
            "was made of."
        )
    return head


def _edition(version: str, head: Head, previous: Former | None, notes: str) -> Edition:
    if previous is not None and head.sequence < previous.head.sequence:
        raise ReleaseError(
            f"Row {head.sequence} lies before the head of release {previous.version}, "
            f"row {previous.head.sequence}: write that one or a later one."
        )
    notes = notes.strip()
    if len(notes) > _NOTES or not notes.replace("\n", "").isprintable():
        raise ReleaseError(f"Notes have at most {_NOTES} printable characters.")
    _refuse_damaged()
    return Edition(version, head, previous, notes)


def _refuse_damaged() -> None:
    fault = next(ledger.verify(), None)
    if fault is not None:
        raise ReleaseError(f"The ledger is not as it was written: {fault}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Make releases one at a time; the lock goes with the process."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError("Another release is being made; wait for it.") from error
        yield


@contextmanager
def _removed_if_failed(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _empty(folder: Path, version: str) -> Path:
    """Return an empty folder to write in; those of runs that were killed go."""
    for remains in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(remains)
    unfinished = folder / f"{_UNFINISHED}{version}"
    unfinished.mkdir()
    return unfinished


def _add(
    edition: Edition, built: Built, last: Release | None, unfinished: Path, folder: Path
) -> Release:
    target = folder / edition.version
    assert edition.head.published_at is not None
    try:
        with transaction.atomic():
            release = Release.objects.create(
                version=edition.version,
                head_sequence=edition.head.sequence,
                head_sha256=edition.head.sha256,
                published_at=edition.head.published_at,
                notes=edition.notes,
                previous=last,
                files=built.files,
                counts=built.counts,
            )
            # Without a row nobody ever saw it: a run was killed between the move and the commit.
            if target.exists():
                shutil.rmtree(target)
            os.rename(unfinished, target)
            sync([folder])
    except IntegrityError as error:
        raise ReleaseError("Another release was made meanwhile; look, and try again.") from error
    return release
