"""The file that a backup is: a tar, with the SHA-256 of all of it at the end.

`manifest.json` comes first, then the parts that it names. Behind the tar stands the SHA-256 of
every byte before, in hexadecimal, and a line break: a file that was cut off or altered anywhere is
refused before anything of it is used. `tar` reads it all the same.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from agreements.backups.manifest import Manifest, Part
from agreements.exceptions import BackupError

_MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 100_000_000
_AT_A_TIME = 1024 * 1024
_TRAILER = 65


class _Summed(io.RawIOBase):
    """A file that is written, with the sum of what was."""

    def __init__(self, file: IO[bytes]):
        self._file = file
        self.sum = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self.sum.update(data)
        return self._file.write(data)


def part_of(path: Path) -> Part:
    """Read a file, and return what is to be known of it."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(file: IO[bytes], manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write a backup. Raises a BackupError where a source is not what the manifest says."""
    summed = _Summed(file)
    with tarfile.open(fileobj=summed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, _MANIFEST, io.BytesIO(manifest.written()), len(manifest.written()))
        for name, part in manifest.parts.items():
            with sources[name].open("rb") as source:
                reading = _Read(source)
                if os.fstat(source.fileno()).st_size == part.bytes:
                    _add(tar, name, reading, part.bytes)
                if reading.sum.hexdigest() != part.sha256:
                    raise BackupError(f"{sources[name]} is not as it was made.")
    file.write(f"{summed.sum.hexdigest()}\n".encode())


class _Read(io.RawIOBase):
    """A file that is read, with the sum of what was."""

    def __init__(self, file: IO[bytes]):
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sum.update(data)
        return data


def _add(tar: tarfile.TarFile, name: str, source: IO[bytes] | io.RawIOBase, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, source)


def check(path: Path) -> Manifest:
    """Read all of a backup, and return its manifest; raise a BackupError where it is not whole."""
    try:
        with path.open("rb") as file:
            _check_sum(path, file)
        with _opened(path) as tar:
            entry = tar.next()
            if entry is None or entry.name != _MANIFEST or entry.size > _LARGEST_MANIFEST:
                raise BackupError(f"{path} is no backup.")
            manifest = Manifest.read(_source(tar, entry).read())
            held = {each.name: each.size for each in tar.getmembers()[1:] if each.isreg()}
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error
    if held != {name: part.bytes for name, part in manifest.parts.items()}:
        raise BackupError(f"{path} does not hold what it says.")
    return manifest


def _check_sum(path: Path, file: IO[bytes]) -> None:
    left = os.fstat(file.fileno()).st_size - _TRAILER
    found = hashlib.sha256()
    while left > 0 and (some := file.read(min(left, _AT_A_TIME))):
        found.update(some)
        left -= len(some)
    if left or file.read() != f"{found.hexdigest()}\n".encode():
        raise BackupError(
            f"{path} is not a whole backup: its end is missing, or something in it was altered. "
            "Nothing was touched; take another copy of it, or another backup."
        )


def extract(path: Path, manifest: Manifest, names: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the parts whose names begin so into a folder; yield the name and the place of each.

    Raises a BackupError where what was read is not what the manifest says.
    """
    with _opened(path) as tar:
        for entry in tar:
            if not entry.name.startswith(names) or entry.name not in manifest.parts:
                continue
            place = folder / entry.name
            place.parent.mkdir(parents=True, exist_ok=True)
            reading = _Read(_source(tar, entry))
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
                while some := reading.read(_AT_A_TIME):
                    to.write(some)
                to.flush()
                os.fsync(to.fileno())
            if reading.sum.hexdigest() != manifest.parts[entry.name].sha256:
                raise BackupError(f"{path}: {entry.name} was read otherwise than it was written.")
            yield entry.name, place


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    with tarfile.open(path, mode="r:") as tar:
        yield tar


def _source(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    source = tar.extractfile(entry)
    if source is None:
        raise BackupError(f"{entry.name} is no file.")
    return source
