"""Loses a PostgreSQL and goes back to the moment before a mistake: by time, by name, by place.

    python -m drills.recovery [--number 25] [--port 18300]

The server keeps its log as `deploy/archiving.conf` says. After a base backup, publications are
acknowledged; then come mistakes, the server is killed and its disk thrown away. What is recovered
must have every publication from before the mistakes and nothing since.
"""

import shutil
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from drills.grounds import Ground, arguments
from drills.postgres import NAME, PASSWORD, USER, Server
from drills.processes import (
    DEPLOY,
    Ports,
    folder_for_all,
    hand_over,
    program,
    run,
    unprivileged,
    wait_until,
)
from drills.report import Report
from drills.services import deployed, environment

POINT = "before-the-mistake"


@dataclass
class Moment:
    """What was known just before the mistakes."""

    at: str
    place: str
    head: str
    rows: int


def main() -> int:
    given = arguments(__doc__, 25, "so many times four publications").parse_args()
    report = Report("Point-in-time recovery of PostgreSQL")
    ports = Ports(given.port)
    with folder_for_all() as folder:
        archive = folder / "archive"
        archive.mkdir(mode=0o700)
        hand_over(archive)
        lost = archiving(folder, archive, ports.take())
        try:
            moment = lose(report, lost, folder, given.number)
        finally:
            if lost.running():
                lost.stop("immediate")
        shutil.rmtree(lost.data)
        for name, target in {
            "time": f"recovery_target_time = '{moment.at}'",
            "name": f"recovery_target_name = '{POINT}'",
            "place": f"recovery_target_lsn = '{moment.place}'",
        }.items():
            recover(report, Server(f"by-{name}", folder / name, ports.take()), target, moment)
    report.print()
    return int(report.failed)


def archiving(folder: Path, archive: Path, port: int) -> Server:
    """Start a server that keeps its log, as it is deployed."""
    server = Server("lost", folder / "lost", port, "archiving.conf")
    server.initialize()
    script = hand_over(Path(shutil.copy(DEPLOY / "archive.sh", server.folder)))
    there = {"/etc/postgresql/archive.sh": str(script), "/archive'": f"{archive}'"}
    settings = server.folder / "archiving.conf"
    settings.write_text(deployed("archiving.conf", there))
    hand_over(settings)
    server.start()
    server.ask(f"CREATE DATABASE {NAME}", database="postgres")
    return server


def lose(report: Report, server: Server, folder: Path, number: int) -> Moment:
    """Publish, make mistakes, and lose the server; return what there was before them."""
    (folder / "state").mkdir()
    made = Ground(folder, environment(folder / "state", [server.url]), None)
    made.manage("migrate", "--verbosity", "0")
    made.manage("load_fixtures")
    began = time.monotonic()
    back_up(server, folder / "archive" / "base")
    report.step(f"base backup in {time.monotonic() - began:.1f} s")
    made.enter()

    import django

    django.setup()

    from django.db import connection

    from drills.forking import take_turn
    from tests import builders

    builders.publish(builders.document())
    told: list[Any] = []
    for turn in range(number):
        take_turn("told", turn, told.append)
    report.step(f"{len(told)} publications acknowledged")
    sequence, sha256 = told[-1].sequence, told[-1].sha256
    server.ask(f"SELECT pg_create_restore_point('{POINT}')")
    place = server.ask("SELECT pg_current_wal_insert_lsn()::text")
    moment = Moment(
        server.ask("SELECT clock_timestamp()::text"), place, f"{sequence}:{sha256}", sequence
    )
    # Somebody withdraws records by mistake, then something worse happens.
    for turn in range(3):
        take_turn("mistaken", turn, told.append)
    connection.close()
    server.ask("DROP TABLE agreements_publicationfacet CASCADE")
    last = server.ask("SELECT pg_walfile_name(pg_switch_wal())")
    kept = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
    wait_until(lambda: bool(server.ask(kept, last)), "the log is kept", 60)
    failed = server.ask("SELECT failed_count FROM pg_stat_archiver")
    report.check(failed == 0, "every piece of the log was kept at once", f"{failed} failures")
    server.kill()
    return moment


def back_up(server: Server, base: Path) -> None:
    """Copy the files of a server that runs."""
    command = [
        *(program("pg_basebackup"), "--pgdata", str(base), "--checkpoint=fast"),
        *("--host", str(server.folder), f"--port={server.port}", f"--username={USER}"),
        "--wal-method=none",
    ]
    run(command, {"PGPASSWORD": PASSWORD, "PATH": "/usr/bin:/bin"}, unprivileged())


def recover(report: Report, server: Server, target: str, moment: Moment) -> None:
    """Go back to the moment, as docs/backup.md says, and look at what is there."""
    from django.core.management import CommandError, call_command
    from django.db import connection

    from agreements.models import Publication
    from drills.forking import take_turn

    began = time.monotonic()
    folder = server.folder.parent
    server.prepare()
    script = hand_over(Path(shutil.copy(DEPLOY / "go_back.sh", server.folder)))
    run(
        ["sh", str(script), "base", target, str(folder / "archive"), str(server.data)],
        user=unprivileged(),
    )
    server.start()
    wait_until(partial(server.ask, "SELECT NOT pg_is_in_recovery()"), "it is recovered", 300)
    taken = time.monotonic() - began
    connection.close()
    connection.settings_dict["PORT"] = server.port
    rows = Publication.objects.count()
    what = f"{target.split()[0]}: every row before the mistake, and nothing since"
    report.check(rows == moment.rows, what, f"{rows} rows, {taken:.1f} s")
    try:
        call_command("verify_ledger", "--head", moment.head, "--nothing-after")
        fault = ""
    except CommandError as error:
        fault = str(error)
    report.check(not fault, "verify_ledger against the head pinned then", fault)
    told: list[Any] = []
    take_turn("again", 1, told.append)
    report.check(len(told) == 4, "and it goes on from there", f"row {told[-1].sequence}")
    connection.close()
    server.stop("immediate")


if __name__ == "__main__":
    sys.exit(main())
