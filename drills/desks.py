"""Desks that a drill works on: filled once, copied for each round, on either database."""

import argparse
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from drills.postgres import NAME, Server
from drills.processes import Ports, folder_for_all
from drills.report import Report
from drills.services import environment, manage

SQLITE, POSTGRESQL = "sqlite", "postgres"
PASSWORD = "tide-and-time-wait"  # noqa: S105
# Two who write and one who reviews, none of whom may do everything.
PEOPLE = {"analyst-one": "analyst", "analyst-two": "analyst", "reviewer": "reviewer"}
_ACCOUNTS = f"""
from django.contrib.auth.models import Group, User
for name, role in {PEOPLE!r}.items():
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
"""
_LOGGED_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username={name!r}))
print(client.cookies["sessionid"].value)
"""


@dataclass
class Desk:
    """A database with its state, and the environment in which the program works on it."""

    name: str
    state: Path
    url: str
    settings: dict[str, str]

    @property
    def file(self) -> Path:
        """The file of an SQLite database."""
        return self.state / "coastguard.sqlite3"

    @property
    def releases(self) -> Path:
        return self.state / "releases"

    def manage(self, *arguments: str) -> str:
        return manage(self.settings, *arguments)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds, by a connection that is not the program's."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.file, timeout=60)) as file:
                return file.execute(query.replace("%s", "?"), values).fetchall()
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, values or None).fetchall()

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of the engagements of a kind."""
        query = "SELECT id FROM agreements_engagement WHERE kind = %s ORDER BY id"
        return [number for (number,) in self.ask(query, kind)]

    def session(self, name: str) -> str:
        """Log somebody in; return the cookie of their session."""
        told = self.manage("shell", "-v0", "--no-imports", "-c", _LOGGED_IN.format(name=name))
        return f"sessionid={told.split()[-1]}"


@dataclass
class Desks:
    """Where desks are made: a folder, and for those of PostgreSQL a server of their own."""

    folder: Path
    server: Server | None = None

    def empty(self, name: str, folder: Path | None = None) -> Desk:
        """Make an empty desk, its files in a folder of the drill or in another one."""
        state = (folder or self.folder) / name
        state.mkdir()
        url = f"sqlite:///{state / 'coastguard.sqlite3'}"
        if self.server is not None:
            self.server.ask(f'CREATE DATABASE "{name}"', database="postgres")
            url = self._url(name)
        return Desk(name, state, url, environment(state, [url]))

    def filled(self, name: str, folder: Path | None = None) -> Desk:
        """Make a desk with the shipped records and people of each role."""
        desk = self.empty(name, folder)
        desk.manage("migrate", "-v0")
        return self.fill(desk)

    def fill(self, desk: Desk) -> Desk:
        """Give a desk that has its tables the shipped records and people; return it."""
        desk.manage("load_fixtures", "-v0")
        desk.manage("shell", "-v0", "--no-imports", "-c", _ACCOUNTS)
        return desk

    def put_back(self, desk: Desk, source: Desk) -> None:
        """Make a desk what another one is, whatever it was. Nobody may work on either."""
        shutil.rmtree(desk.state, ignore_errors=True)
        if self.server is not None:
            with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{desk.name}" WITH (FORCE)')
                connection.execute(
                    f'CREATE DATABASE "{desk.name}" TEMPLATE "{source.name}" STRATEGY file_copy'
                )
        shutil.copytree(source.state, desk.state)

    def copied(self, source: Desk, name: str) -> Desk:
        """Make a desk of its own that is what another one is."""
        state = self.folder / name
        url = f"sqlite:///{state / 'coastguard.sqlite3'}"
        if self.server is not None:
            url = self._url(name)
        desk = Desk(name, state, url, environment(state, [url]))
        self.put_back(desk, source)
        return desk

    def _url(self, name: str) -> str:
        assert self.server is not None
        return f"{self.server.url.removesuffix(NAME)}{name}"


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Desks]:
    """Make what desks of the database that was asked for need; remove it at the end."""
    with folder_for_all() as folder:
        if options.database == SQLITE:
            yield Desks(folder)
            return
        server = Server("server", folder / "server", Ports(options.databases).take())
        server.initialize()
        server.start()
        try:
            yield Desks(folder, server)
        finally:
            if server.running():
                server.stop("immediate")


def main(title: str, description: str | None, rounds: int, drill: Callable[..., None]) -> None:
    """Run a drill, `drill(report, desks, options)`, as its command line asks; exit 1 on a fault."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL], default=SQLITE)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"else {rounds}")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn by lot")
    parser.add_argument("--databases", type=int, default=57700, help="first port of databases")
    parser.add_argument("--addresses", type=int, default=8700, help="first port of servers")
    options = parser.parse_args()
    # So that what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    report = Report(f"{title}: {options.database}, {options.rounds} rounds, seed {options.seed}")
    with opened(options) as desks:
        drill(report, desks, options)
    report.print()
    sys.exit(report.failed)
