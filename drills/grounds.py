"""A database of its own for a drill, with the shipped records: SQLite's, or a new PostgreSQL."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drills.postgres import Cluster
from drills.processes import Ports, folder_for_all
from drills.services import environment, manage

DATABASES = ("sqlite", "postgres")
_FIRST_PORT = 18300


@dataclass
class Ground:
    """Where a drill works: an empty folder, the program's settings, and PostgreSQL's server."""

    folder: Path
    settings: dict[str, str]
    cluster: Cluster | None

    @property
    def file(self) -> Path:
        """SQLite's file."""
        return self.folder / "state" / "coastguard.sqlite3"

    def manage(self, *arguments: str) -> str:
        """Run a command of the program to its end; raise a DrillError where it fails."""
        return manage(self.settings, *arguments)

    def enter(self) -> None:
        """Let this very process work there; to be done before Django is set up."""
        os.environ.clear()
        os.environ.update(self.settings)
        os.environ["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"


@contextmanager
def ground(database: str, port: int = _FIRST_PORT) -> Iterator[Ground]:
    """Make a database with the shipped records, and remove it at the end."""
    with folder_for_all() as folder:
        state = folder / "state"
        state.mkdir()
        if database == "sqlite":
            url = f"sqlite:///{state / 'coastguard.sqlite3'}"
            made = Ground(folder, environment(state, [url]), None)
            _fill(made)
            yield made
            return
        cluster = Cluster(folder, [Ports(port).take()])
        try:
            cluster.start()
            made = Ground(folder, environment(state, [cluster.primary.url]), cluster)
            _fill(made)
            yield made
        finally:
            cluster.stop()


def _fill(made: Ground) -> None:
    made.manage("migrate", "--verbosity", "0")
    made.manage("load_fixtures")


def arguments(description: str | None, number: int, what: str) -> argparse.ArgumentParser:
    """Return the options that these drills have in common."""
    parser = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--number", type=int, default=number, help=f"{what} ({number})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=_FIRST_PORT, help="the first for PostgreSQL")
    return parser
