"""A server as operators run one, in a process of its own, with the shipped records.

pytest-django's would flush the database after each test, which the ledger refuses.
"""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "tide-and-time-wait"
# Everybody who works at the desk in these tests; the analyst of old may do everything.
ACCOUNTS = {"viewer": "viewer", "writer": "analyst", "reviewer": "reviewer"}

_ACCOUNTS = """
from django.contrib.auth.models import Group, User
User.objects.create_superuser("analyst", password={password!r})
for name, role in {accounts!r}.items():
    user = User.objects.create_user(name, password={password!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
"""


@contextmanager
def database_here(state: Path) -> Iterator[dict[str, str]]:
    """Make an empty database of the kind that the suite runs on; yield the settings that name it.

    Of an SQLite one, it lies in the state.
    """
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield {}
        return
    url, name = os.environ["DATABASE_URL"], f"desk_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {"DATABASE_URL": re.sub(r"/[^/]*$", f"/{name}", url)}
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment_of(state: Path, **given: str) -> dict[str, str]:
    """Return the environment of a program that works on a state and is told nothing else."""
    unset = {
        *("DATABASE_URL", "COASTGUARD_ENV", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"),
        "RELEASES_DIR",
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
    manage(state, "migrate", "--verbosity=0", **given)
    manage(state, "load_fixtures", **given)
    accounts = _ACCOUNTS.format(password=PASSWORD, accounts=ACCOUNTS)
    manage(state, "shell", "-c", accounts, **given)


@contextmanager
def serving(state: Path, **given: str) -> Iterator[str]:
    """Serve an empty state with the fixtures loaded and the accounts made; yield the address."""
    prepare(state, **given)
    with running(state, **given) as address:
        yield address


@contextmanager
def running(state: Path, **given: str) -> Iterator[str]:
    """Serve a state as it is; yield the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("coastguard.wsgi:application", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "--log-level", "warning"),
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
        _wait_for(port, server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen, log: list[str]) -> None:
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
