"""A PostgreSQL primary and its streaming replicas, as docker-compose.yml has them."""

import os
import shutil
import signal
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from drills.processes import DEPLOY, DrillError, hand_over, program, run, unprivileged, wait_until

USER = NAME = "coastguard"
# What deploy/roles.sh makes: the roles that serve, and that read what is public.
WEB, READER = "coastguard_web", "coastguard_reader"
# Of databases that are gone when the drill is over, and that only this machine reaches.
PASSWORD = "only-for-the-drill"  # noqa: S105
# Of the machine in deploy/postgresql.conf; several servers share this one.
_SMALLER = {"shared_buffers": "128MB", "effective_cache_size": "512MB"}


@dataclass
class Server:
    """A server of PostgreSQL on a port of the loopback, in a folder of its own."""

    name: str
    folder: Path
    port: int
    # Of the files in deploy/, or one that includes it.
    settings: str = "postgresql.conf"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return self.url_as(USER)

    def url_as(self, role: str) -> str:
        return f"postgres://{role}:{PASSWORD}@127.0.0.1:{self.port}/{NAME}"

    def prepare(self) -> None:
        """Make the folder and lay the deployed settings into it."""
        self.folder.mkdir(mode=0o700)
        hand_over(self.folder)
        for name in ("postgresql.conf", "pg_hba.conf"):
            hand_over(Path(shutil.copy(DEPLOY / name, self.folder)))

    def initialize(self) -> None:
        """Make a new cluster with checksums, as the primary's image does."""
        self.prepare()
        password = self.folder / "password"
        password.write_text(PASSWORD)
        hand_over(password)
        run(
            [
                *(program("initdb"), "--pgdata", str(self.data), "--username", USER),
                *("--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"),
                *("--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile", str(password)),
            ],
            user=unprivileged(),
        )

    def copy_of(self, primary: "Server") -> None:
        """Become a streaming replica: a base backup, and a slot that keeps what comes after."""
        self.prepare()
        run(
            [
                *(program("pg_basebackup"), "--pgdata", str(self.data), "--checkpoint=fast"),
                *("--host=127.0.0.1", f"--port={primary.port}", "--username=replicator"),
                *("--write-recovery-conf", "--wal-method=stream"),
                *("--create-slot", f"--slot={self.name}"),
            ],
            {**os.environ, "PGPASSWORD": PASSWORD},
            unprivileged(),
        )

    def start(self) -> None:
        settings = {
            "config_file": self.folder / self.settings,
            "hba_file": self.folder / "pg_hba.conf",
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "cluster_name": self.name,
            **_SMALLER,
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        log = str(self.folder / "log")
        self._control("start", "-w", "-l", log, "-o", options)

    def stop(self, mode: str = "fast") -> None:
        self._control("stop", "-w", "-m", mode)

    def restart(self, mode: str) -> None:
        self._control("restart", "-w", "-m", mode, "-l", str(self.folder / "log"))

    def kill(self) -> None:
        """End every process of the server at once, as a loss of power does."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (postmaster, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not Path(f"/proc/{postmaster}").exists(), f"{self.name} is dead")

    def _control(self, action: str, *options: str) -> None:
        run(
            [program("pg_ctl"), action, "-D", str(self.data), "-t", "60", *options],
            user=unprivileged(),
        )

    def running(self) -> bool:
        try:
            self._control("status")
        except DrillError:
            return False
        return True

    def ask(self, query: str, *values: Any, database: str = NAME) -> Any:
        """Return the one value that a query finds."""
        where = f"{self.url.removesuffix(NAME)}{database}"
        with psycopg.connect(where, autocommit=True, connect_timeout=5) as connection:
            found = connection.execute(query, values or None)
            row = found.fetchone() if found.description else None
            return row[0] if row else None

    def has_replayed(self, position: str) -> bool:
        return bool(self.ask("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", position))


class Cluster:
    """A primary, and replicas that stream from it."""

    def __init__(self, folder: Path, ports: list[int]):
        names = ["primary", *(f"replica{number}" for number in range(1, len(ports)))]
        self.servers = [
            Server(name, folder / name, port) for name, port in zip(names, ports, strict=True)
        ]
        self.primary, *self.replicas = self.servers

    def start(self) -> None:
        """Make everything from nothing, and return when the replicas follow."""
        self.primary.initialize()
        self.primary.start()
        self.primary.ask(
            f"CREATE ROLE replicator REPLICATION LOGIN PASSWORD '{PASSWORD}'", database="postgres"
        )
        for role in (WEB, READER):
            self.primary.ask(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'", database="postgres")
        self.primary.ask(f"CREATE DATABASE {NAME}", database="postgres")
        for replica in self.replicas:
            replica.copy_of(self.primary)
            replica.start()
        self.catch_up()

    def catch_up(self) -> None:
        """Return when every replica shows what the primary holds now."""
        written = self.primary.ask("SELECT pg_current_wal_flush_lsn()::text")
        for replica in self.replicas:
            wait_until(partial(replica.has_replayed, written), f"{replica.name} follows", 60)

    def stop(self) -> None:
        for server in reversed(self.servers):
            if server.running():
                server.stop("immediate")
