"""Where something is made before it stands in its place: a folder that no crash leaves for good."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_UNFINISHED = ".unfinished-backup-"


@contextmanager
def staging(beside: Path) -> Iterator[Path]:
    """Make a folder that nobody else can read, in another one; remove it at the end.

    Those of runs that were killed go, too: nobody holds their lock any more.
    """
    for remains in beside.glob(f"{_UNFINISHED}*"):
        with _locked(remains) as free:
            if free:
                shutil.rmtree(remains, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=beside))
    try:
        with _locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def writable(folder: Path) -> Path:
    """Return a folder, or that for temporary files where nothing can be written there."""
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
