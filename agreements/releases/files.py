"""The files of a release: their names, media types, sums, and all of them in one."""

import hashlib
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from agreements.releases.about import NAME

MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".ndjson": "application/x-ndjson",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
    ".sqlite": "application/vnd.sqlite3",
    ".md": "text/markdown; charset=utf-8",
    ".cff": "application/yaml",
    ".zip": "application/zip",
    "": "text/plain; charset=utf-8",
}
SUMS = "SHA256SUMS"
_AT_A_TIME = 1024 * 1024
# The first day that a zip file can name, and the permissions of a file that all may read.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3


class FileFacts(TypedDict):
    """What is known of a file: its size, the SHA-256 of its bytes, and its media type."""

    bytes: int
    sha256: str
    media_type: str


def facts_of(path: Path) -> FileFacts:
    """Read a file, and return what is to be known of it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while some := file.read(_AT_A_TIME):
            digest.update(some)
    return {
        "bytes": path.stat().st_size,
        "sha256": digest.hexdigest(),
        "media_type": MEDIA_TYPES[path.suffix],
    }


def names_in(folder: Path) -> list[str]:
    """Return the names of a folder's files, in the order of their bytes."""
    return sorted(path.name for path in folder.iterdir())


def write_sums(folder: Path, facts: dict[str, FileFacts]) -> None:
    """Write SHA256SUMS, as `sha256sum --check` reads it."""
    lines = (f"{facts[name]['sha256']}  {name}\n" for name in sorted(facts))
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="")


def zip_name(version: str) -> str:
    return f"{NAME}-{version}.zip"


def write_zip(folder: Path, version: str) -> None:
    """Put everything in a folder into one file there.

    Stored and not compressed: what zlib makes of the same bytes differs between its versions.
    """
    names = names_in(folder)
    whole = folder / zip_name(version)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(f"{NAME}-{version}/{name}", _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, archive.open(entry, "w") as target:
                while some := source.read(_AT_A_TIME):
                    target.write(some)


def sync(paths: Iterable[Path]) -> None:
    """Wait until files or folders are on the disk."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
