"""A server as operators run one, in a process of its own, with the shipped records.

pytest-django's would flush the database after each test, which the ledger refuses.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psycopg
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "tide-and-time-wait"
# Everybody who works at the desk in these tests; the analyst of old may do everything.
ACCOUNTS = {"viewer": "viewer", "writer": "analyst", "reviewer": "reviewer"}

_PREPARED = """
from django.contrib.auth.models import Group, User
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_fixtures", verbosity=0)
User.objects.create_superuser("analyst", password={password!r})
for name, role in {accounts!r}.items():
    user = User.objects.create_user(name, password={password!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
"""


class Prepared(NamedTuple):
    """A database with the shipped records and accounts of every role, which nobody works on.

    SQLite's lies in the state; a server has PostgreSQL's by its name.
    """

    state: Path
    name: str


@contextmanager
def preparing(state: Path) -> Iterator[Prepared]:
    """Prepare a database of the kind that the suite runs on, in an empty state."""
    if on_sqlite():
        prepare(state)
        yield Prepared(state, "")
        return
    with database_there("template1") as name:
        prepare(state, DATABASE_URL=url_of(name))
        yield Prepared(state, name)


@contextmanager
def copied(prepared: Prepared, state: Path) -> Iterator[dict[str, str]]:
    """Copy a prepared database into an empty state; yield the settings that name the copy."""
    shutil.copytree(prepared.state, state, dirs_exist_ok=True)
    if on_sqlite():
        yield {}
        return
    with database_there(prepared.name) as name:
        yield {"DATABASE_URL": url_of(name)}


def on_sqlite() -> bool:
    """Whether the suite runs on SQLite."""
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@contextmanager
def database_there(template: str) -> Iterator[str]:
    """Make a copy of a database on the suite's server; yield its name."""
    name = f"desk_{uuid4().hex[:8]}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield name
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(name: str) -> str:
    """Return the address of a database on the suite's server."""
    return re.sub(r"/[^/]*$", f"/{name}", os.environ["DATABASE_URL"])


def environment_of(state: Path, **given: str) -> dict[str, str]:
    """Return the environment of a program that works on a state and is told nothing else."""
    unset = {
        *("DATABASE_URL", "COASTGUARD_ENV", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"),
        *("RELEASES_DIR", "REPLICA_URLS", "REPLICA_MAX_LAG", "REPLICA_MAX_LAG_ALONE"),
        *("TRUSTED_PROXIES", "REQUIRE_SECOND_FACTOR", "LOCKOUT_TRIES", "LOCKOUT_MINUTES"),
        *("SESSION_IDLE_MINUTES", "SESSION_HOURS"),
        *("WEB_ROLE", "READER_ROLE", "SECURITY_CONTACT", "SECURITY_POLICY"),
        *("THROTTLE", "QUERY_SECONDS", "DESK_QUERY_SECONDS", "OTP_ISSUER"),
    }
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    return environment | {"COASTGUARD_STATE": str(state), **given}


def manage(state: Path, *arguments: str, **given: str) -> None:
    """Run a command on a state, as operators do, beside the server or before it starts."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment_of(state, **given),
        check=True,
        capture_output=True,
    )


def prepare(state: Path, **given: str) -> None:
    """Fill an empty state with the fixtures and the accounts."""
    told = _PREPARED.format(password=PASSWORD, accounts=ACCOUNTS)
    manage(state, "shell", "--no-imports", "-c", told, **given)


@contextmanager
def serving(prepared: Prepared, state: Path, workers: int = 2, **given: str) -> Iterator[str]:
    """Serve a copy of a prepared database in an empty state; yield the address."""
    with copied(prepared, state) as named, running(state, workers, **named, **given) as address:
        yield address


@contextmanager
def running(state: Path, workers: int = 2, **given: str) -> Iterator[str]:
    """Serve a state as it is; yield the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("coastguard.wsgi:application", "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning"),
            # A worker that is told to stop while it starts does not hear it.
            *("--workers-kill-timeout", "30"),
        ],
        cwd=ROOT,
        env=environment_of(state, **given),
        stderr=subprocess.PIPE,
        text=True,
    )
    log: list[str] = []
    # Whoever does not read on stops the server once the pipe is full.
    threading.Thread(target=lambda: log.extend(server.stderr), daemon=True).start()
    try:
        wait_for(port, server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def wait_for(port: int, server: subprocess.Popen, log: list[str]) -> None:
    """Return once a server takes connections."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("".join(log)) from None
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("".join(log))
