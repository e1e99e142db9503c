"""What stands before the databases: PgBouncer, the program itself, nginx with its cache."""

import os
import pwd
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from drills.postgres import NAME, PASSWORD, READER, WEB, Server
from drills.processes import (
    DEPLOY,
    ROOT,
    DrillError,
    answers,
    hand_over,
    program,
    run,
    running,
    unprivileged,
    wait_until,
)


def deployed(name: str, changes: Mapping[str, str]) -> str:
    """Return a file of deploy/ with what differs here; raise a DrillError where it has none."""
    text = (DEPLOY / name).read_text()
    for there, here in changes.items():
        if there not in text:
            raise DrillError(f"deploy/{name} does not say {there!r} any more.")
        text = text.replace(there, here)
    return text


@contextmanager
def pooled(folder: Path, port: int, servers: Sequence[Server]) -> Iterator[list[str]]:
    """Put PgBouncer before databases, the primary first; yield their addresses through it.

    The primary's is of the role that serves, the others' are of the one that reads.
    """
    folder.mkdir()
    hand_over(folder)
    users = folder / "users.txt"
    users.write_text("".join(f'"{role}" "{PASSWORD}"\n' for role in (WEB, READER)))
    hosts = ("db", *(server.name for server in servers[1:]))
    changes = {
        f"host={host} port=5432": f"host=127.0.0.1 port={server.port}"
        for host, server in zip(hosts, servers, strict=True)
    }
    changes |= {
        "listen_addr = *": "listen_addr = 127.0.0.1",
        "listen_port = 6432": f"listen_port = {port}",
        "/run/pgbouncer/users.txt": str(users),
    }
    settings = folder / "pgbouncer.ini"
    settings.write_text(deployed("pgbouncer/pgbouncer.ini", changes))
    command = [program("pgbouncer"), "--quiet", str(settings)]
    with running(command, folder / "log", user=unprivileged()):
        wait_until(lambda: answers(port), "PgBouncer answers")
        known = ((WEB, NAME), *((READER, name) for name in hosts[1:]))
        yield [f"postgres://{role}:{PASSWORD}@127.0.0.1:{port}/{name}" for role, name in known]


def environment(state: Path, databases: Sequence[str], **more: str) -> dict[str, str]:
    """Return the environment of the program, which works on databases, the primary first."""
    unset = {"COASTGUARD_ENV", "DEBUG", "RELEASES_DIR", "ALLOWED_HOSTS", "TRUSTED_PROXIES"}
    given = {name: value for name, value in os.environ.items() if name not in unset}
    return given | {
        "COASTGUARD_STATE": str(state),
        "SECRET_KEY": "the same in every process of a drill, and nowhere else",
        "DATABASE_URL": databases[0],
        "REPLICA_URLS": " ".join(databases[1:]),
        **more,
    }


def manage(settings: Mapping[str, str], *arguments: str) -> str:
    """Run a command of the program to its end."""
    return run([sys.executable, str(ROOT / "manage.py"), *arguments], settings, user=None)


@contextmanager
def served(
    settings: Mapping[str, str],
    port: int,
    log: Path,
    workers: int = 2,
    threads: int = 4,
    folder: Path = ROOT,
) -> Iterator[str]:
    """Serve the program, or another version of it in its folder; yield its address."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "coastguard.wsgi:application"),
        *("--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)),
        *("--log-level", "warning", "--workers-kill-timeout", "30"),
    ]
    with running(command, log, settings, folder=folder):
        wait_until(lambda: answers(port), "the program answers", 300)
        yield f"http://127.0.0.1:{port}"


@contextmanager
def cached(folder: Path, port: int, application: str, bound: float) -> Iterator[str]:
    """Put nginx with its cache before the program; yield the cache's address.

    `bound` is REPLICA_MAX_LAG_ALONE.
    """
    folder.mkdir()
    changes = {
        "user nginx;": f"daemon off; user {pwd.getpwuid(os.geteuid()).pw_name};",
        "/run/nginx.pid": f"{folder}/pid",
        "/run/nginx-coastguard.sock": f"{folder}/origin",
        "/var/cache/nginx/coastguard": f"{folder}/cache",
        "web:8000": application.removeprefix("http://"),
        '"60.0"': f'"{bound:.1f}"',
        "listen 8080": f"listen 127.0.0.1:{port}",
        "access_log off;": "access_log off;"
        + "".join(
            f" {kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ),
    }
    settings = folder / "nginx.conf"
    settings.write_text(deployed("nginx.conf", changes))
    command = [program("nginx"), "-e", str(folder / "errors"), "-c", str(settings)]
    with running(command, folder / "log"):
        wait_until(lambda: answers(port), "nginx answers")
        yield f"http://127.0.0.1:{port}"
