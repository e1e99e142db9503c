"""Making releases, here and in programs of their own, and reading their files."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from agreements.models import Release
from agreements.releases.making import make

ROOT = Path(__file__).resolve().parent.parent
UNSET = {
    *("DATABASE_URL", "COASTGUARD_ENV", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "RELEASES_DIR"),
    *("TZ", "LANG", "LC_ALL", "PYTHONHASHSEED"),
}
Manage = Callable[..., subprocess.CompletedProcess]


@contextmanager
def releases_in(folder: Path) -> Iterator[Path]:
    """Keep releases in a folder of their own; yield it."""
    with override_settings(RELEASES_DIR=folder):
        yield folder


def released(version: str = "1.0.0", **options: Any) -> Path:
    """Make a release; return the folder of its files."""
    release: Release = make(version, **options)
    return settings.RELEASES_DIR / release.version


def sums(folder: Path) -> str:
    """What SHA256SUMS of a release says: the same only where every file is."""
    return (folder / "SHA256SUMS").read_text()


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """The records of a file of JSON lines."""
    text = (folder / f"{name}.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def program(state: Path, **environment: str) -> Manage:
    """Return what runs a command on a state in a process of its own, and returns how it ended."""
    variables = {name: value for name, value in os.environ.items() if name not in UNSET}
    variables |= {"COASTGUARD_STATE": str(state), **environment}

    def manage(*arguments: Any, python: tuple[str, ...] = ("manage.py",)) -> Any:
        command = [sys.executable, *python, *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)

    return manage
