"""PostgreSQL's dump: taken as of one moment, and put in the place of what is there, or not."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from agreements.backups.manifest import WITHOUT_ROWS, Ask, Contents, contents_of
from agreements.exceptions import BackupError
from agreements.releases.files import sync

# What a dump has of these is the server's own, or is given anew by `migrate`.
_NOT_RESTORED = re.compile(
    r"\d+; \d+ \d+ (?:SCHEMA|EXTENSION|ACL|DEFAULT ACL|COMMENT - (?:SCHEMA|EXTENSION)) "
)
# So long others may keep what is to be replaced.
_WAIT = "30s"
_EMPTY = """
DO $empty$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT format('DROP %s IF EXISTS %s CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW'
      WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
      c.oid::regclass) AS statement
    FROM pg_class c WHERE c.relkind IN ('v', 'm', 'r', 'p', 'S')
    AND c.relnamespace = current_schema()::regnamespace AND NOT EXISTS
      (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
    FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS
      (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE one.statement; END LOOP;
END $empty$;
"""


def asking(cursor: Any) -> Ask:
    def ask(statement: str) -> list[tuple[Any, ...]]:
        cursor.execute(statement)
        return cursor.fetchall()

    return ask


@contextmanager
def snapshot() -> Iterator[tuple[Ask, str]]:
    """Look at the database as it stands now; yield who can be asked, and the snapshot's name."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            ask = asking(cursor)
            yield ask, ask("SELECT pg_export_snapshot()")[0][0]
        finally:
            cursor.execute("ROLLBACK")


def contents() -> Contents:
    """Return what the database holds."""
    with connection.cursor() as cursor:
        return contents_of(asking(cursor), "postgresql")


def server(ask: Ask) -> str:
    return ask("SHOW server_version")[0][0]


def extensions(ask: Ask) -> list[str]:
    """Return the extensions that the tables rest on: indexes by parts of words, and no others."""
    found = ask(
        "SELECT DISTINCT e.extname FROM pg_extension e"
        " JOIN pg_depend own ON own.refobjid = e.oid AND own.deptype = 'e'"
        " JOIN pg_depend uses ON uses.refobjid = own.objid AND uses.refclassid = own.classid"
        " AND uses.deptype <> 'e'"
        " JOIN pg_class c ON c.oid = uses.objid"
        " AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
    )
    return [name for (name,) in found]


def dump(name: str, target: Path) -> None:
    """Write what a snapshot holds into a file. Raises a BackupError where that is refused."""
    require("pg_dump")
    without = [f"--exclude-table-data={table}" for table in WITHOUT_ROWS]
    with connection.cursor() as cursor:
        schema = asking(cursor)("SELECT current_schema()")[0][0]
    _run(
        "pg_dump",
        *("--format=custom", f"--snapshot={name}", f"--schema={schema}", *without),
        *("--no-owner", "--no-privileges", "--lock-wait-timeout=60s", f"--file={target}"),
        connected=True,
    )
    target.chmod(0o600)
    sync([target])


def check(file: Path) -> None:
    """Read all of a dump. Raises a BackupError where it cannot be read."""
    require("pg_restore")
    _run("pg_restore", f"--file={os.devnull}", str(file))


def put(file: Path, expected: Contents, needed: Sequence[str]) -> None:
    """Put a dump in the place of what the database holds, in one transaction.

    It is committed once it was read to its end and holds what is expected: whoever kills this, or
    the server, leaves what was there. Readers wait meanwhile. Raises a BackupError.
    """
    require("pg_restore", "psql")
    with tempfile.TemporaryFile() as said, tempfile.NamedTemporaryFile("w") as wanted:
        listed = _run("pg_restore", "--list", str(file)).splitlines(keepends=True)
        wanted.writelines(line for line in listed if not _NOT_RESTORED.match(line))
        wanted.flush()
        reading = [
            *("pg_restore", "--no-owner", "--no-privileges"),
            *(f"--use-list={wanted.name}", "--file=-", str(file)),
        ]
        arguments, environment = _connected()
        writing = ["psql", *arguments, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
        with (
            subprocess.Popen(writing, stdin=subprocess.PIPE, stderr=said, env=environment) as psql,  # noqa: S603
            subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=said) as dumped,  # noqa: S603
        ):
            assert psql.stdin is not None
            assert dumped.stdout is not None
            try:
                psql.stdin.write(_before(needed).encode())
                shutil.copyfileobj(dumped.stdout, psql.stdin)
                if dumped.wait() == 0:
                    # Without this, the end of what it reads is the end of it, and nothing is kept.
                    psql.stdin.write(_after(expected).encode())
                psql.stdin.close()
            except BrokenPipeError:
                # What psql said against it is told below.
                dumped.kill()
                with suppress(BrokenPipeError):
                    psql.stdin.close()
        if psql.returncode or dumped.returncode:
            said.seek(0)
            raise BackupError(
                "The database is as it was; the backup could not be put in its place:\n"
                + _told(said)
            )


def _before(needed: Sequence[str]) -> str:
    extensions = "".join(f'CREATE EXTENSION IF NOT EXISTS "{name}";\n' for name in needed)
    return f"BEGIN;\nSET LOCAL lock_timeout = '{_WAIT}';\n{_EMPTY}{extensions}"


def _after(expected: Contents) -> str:
    schema = connection.ops.quote_name(_schema())
    checks = "".join(
        f'IF (SELECT count(*) FROM {schema}."{table}") <> {number} THEN'  # noqa: S608
        f" RAISE EXCEPTION 'of {table} there are not {number} rows'; END IF;\n"
        for table, number in expected.rows.items()
    )
    return f"\nDO $check$ BEGIN\n{checks}END $check$;\nCOMMIT;\n"


def _schema() -> str:
    with connection.cursor() as cursor:
        return asking(cursor)("SELECT current_schema()")[0][0]


def require(*programs: str) -> None:
    """Raise a BackupError where PostgreSQL's programs are not there, or older than the server."""
    with connection.cursor():
        major = connection.pg_version // 10_000  # type: ignore[attr-defined]
    for name in programs:
        advice = f"install PostgreSQL's client programs (postgresql-client-{major}), or a later one"
        try:
            version = _run(name, "--version")
        except FileNotFoundError as error:
            raise BackupError(f"{name} is not there: {advice}.") from error
        found = re.search(r"\) (\d+)", version)
        if found is None or int(found.group(1)) < major:
            raise BackupError(f"{version.strip()} is older than the server, {major}: {advice}.")


def _run(name: str, *arguments: str, connected: bool = False) -> str:
    """Run a program to its end; return what it wrote, raise a BackupError where it fails."""
    own, environment = _connected() if connected else ([], None)
    done = subprocess.run(  # noqa: S603
        [name, *own, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _connected() -> tuple[list[str], dict[str, str]]:
    """Return how PostgreSQL's programs reach the database. The password goes by the environment:
    everybody on a machine sees command lines."""
    (_, *arguments), given = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    seconds = str(connection.settings_dict["OPTIONS"].get("connect_timeout", 3))
    return arguments, {**os.environ, **(given or {}), "PGCONNECT_TIMEOUT": seconds}


def _told(said: IO[bytes]) -> str:
    lines = said.read()[-4000:].decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-10:])
