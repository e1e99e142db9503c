"""A database of a drill's own, with the shipped records, which is gone at the end.

Settings are read when Django starts, so `database` is entered before anything of the program is
imported.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
_OF_A_DEPLOYMENT = (
    *("COASTGUARD_ENV", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "RELEASES_DIR"),
    *("ALLOW_SELF_APPROVAL", "REPLICA_URLS", "COASTGUARD_STATE"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a drill be told which database to run on."""
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--server",
        default=os.environ.get("TEST_POSTGRES_URL", SERVER),
        help="where databases may be made, as postgres://user:password@host:port/name",
    )


@contextmanager
def database(options: argparse.Namespace, filled: bool = True) -> Iterator[Path]:
    """Make a database, start Django on it and load the shipped records; yield a folder.

    One that is not filled has not even tables.
    """
    for name in _OF_A_DEPLOYMENT:
        os.environ.pop(name, None)
    with TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True) as folder:
        os.environ["COASTGUARD_STATE"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")
        with _on_server(options.server) if options.database == "postgres" else _nowhere():
            _start(filled)
            try:
                yield Path(folder)
            finally:
                from django.db import connections

                connections.close_all()


def _start(filled: bool) -> None:
    import django
    from django.core.management import call_command

    if "django.conf" in sys.modules and sys.modules["django.conf"].settings.configured:
        raise RuntimeError("Django has started already, on another database.")
    django.setup()
    if filled:
        call_command("migrate", verbosity=0)
        call_command("load_fixtures", verbosity=0)


@contextmanager
def _nowhere() -> Iterator[None]:
    yield


@contextmanager
def _on_server(server: str) -> Iterator[None]:
    import psycopg

    name = f"drill_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as there:
        there.execute(f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    try:
        yield
    finally:
        with psycopg.connect(server, autocommit=True) as there:
            there.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
