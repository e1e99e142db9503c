"""Backs up while others write, destroys the database, restores it, and compares every row.

    python -m drills.backup [--database postgres] [--number 20] [--damages 100] [--seed 1]

Backups that were damaged must be refused with nothing touched, and a restore that is killed, as
often as `--number` says, must leave the old database or the new one.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from drills.forks import acknowledged, publishing
from drills.grounds import Ground, arguments, ground
from drills.postgres import NAME
from drills.report import Report

WRITERS = ("first-writer", "second-writer")


def main() -> int:
    parser = arguments(__doc__, 20, "so many kills")
    parser.add_argument("--damages", type=int, default=100, help="so many damaged backups (100)")
    given = parser.parse_args()
    report = Report(f"Backup and restore, {given.database}, seed {given.seed}")
    with ground(given.database, given.port) as made:
        made.enter()
        drill = Drill(report, made, random.Random(given.seed))  # noqa: S311
        drill.while_others_write()
        drill.destroyed_and_restored()
        drill.damaged(given.damages)
        drill.killed(given.number)
    report.print()
    return int(report.failed)


class Drill:
    """The steps, each on what the one before left."""

    def __init__(self, report: Report, made: Ground, chance: random.Random):
        import django

        django.setup()
        self.report, self.made, self.chance = report, made, chance
        self.backup = made.folder / "one.backup"
        self.state: dict[str, str] = {}

    def command(self, *arguments: Any) -> str:
        """Run a command in this process; return what it refused with, "" where it did not."""
        from django.core.management import CommandError, call_command

        try:
            call_command(*map(str, arguments), stdout=StringIO())
        except CommandError as error:
            return str(error)
        return ""

    def while_others_write(self) -> None:
        """Take a backup under writers, and one of a moment of which every row is known."""
        from django.contrib.auth.models import User
        from django.contrib.sessions.backends.db import SessionStore

        from agreements.backups import archive
        from drills.rows import sums
        from tests import builders

        builders.publish(builders.document())
        assert not self.command("make_release", "1.0.0")
        User.objects.create_superuser("administrator", password="tide-and-time")  # noqa: S106
        SessionStore().create()
        files = {name: self.made.folder / f"{name}.lines" for name in WRITERS}
        with publishing(self.made, WRITERS, 0) as writers:
            while not all(file.exists() and file.stat().st_size > 500 for file in files.values()):
                time.sleep(0.1)
            told = acknowledged(self.made, WRITERS)
            began = time.monotonic()
            refused = self.command("backup", self.made.folder / "live.backup")
            taken = time.monotonic() - began
            later = acknowledged(self.made, WRITERS)
            self.report.check(not refused, "a backup under writers", f"{taken:.2f} s {refused}")
            self.report.check(len(later) > len(told), "who went on meanwhile", len(later))
            # Stopped in the middle of whatever they were doing.
            for writer in writers:
                writer.send_signal(signal.SIGSTOP)
            self.state = sums()
            refused = self.command("backup", self.backup)
        self.report.check(not refused, "a backup of a moment that is known", refused)
        manifest = archive.check(self.made.folder / "live.backup")
        head = int(manifest.contents.head.partition(":")[0])
        lost = [sequence for sequence, _ in told if sequence > head]
        what = "what was acknowledged before the first one is in it"
        self.report.check(not lost, what, f"{len(told)} acknowledged, head {head}")
        live, here = self.made.folder / "live.backup", self.command("verify_backup", self.backup)
        found = self.command("verify_backup", live) or here
        mode = oct(live.stat().st_mode & 0o777)
        self.report.check(not found, "both are whole", found or f"{live.stat().st_size} bytes")
        self.report.check(mode == "0o600", "nobody else may read them", mode)

    def destroyed_and_restored(self) -> None:
        from django.conf import settings

        from drills.rows import different, sums

        releases = settings.RELEASES_DIR
        kept = self.made.folder / "kept"
        shutil.copytree(releases, kept)
        self.destroy()
        shutil.rmtree(releases)
        began = time.monotonic()
        refused = self.command("restore", self.backup)
        taken = time.monotonic() - began
        self.report.check(not refused, "restored after it was destroyed", f"{taken:.2f} s{refused}")
        now = sums()
        rows = sum(int(each.split()[0]) for each in now.values())
        unlike = different(self.state, now)
        self.report.check(not unlike, "every row of every table", f"{rows} rows {unlike}")
        same = _files(kept) == _files(releases)
        self.report.check(same, "releases byte for byte", f"{len(_files(releases))} files")
        self.works_again()

    def destroy(self) -> None:
        from django.db import connection

        connection.close()
        if self.made.cluster is None:
            # What lies beside it stays, as where somebody removes the file alone.
            self.made.file.with_name(f"{self.made.file.name}-wal").write_bytes(b"\x37" * 4152)
            self.made.file.unlink()
            return
        server = self.made.cluster.primary
        server.ask(f"DROP DATABASE {NAME} WITH (FORCE)", database="postgres")
        server.ask(f"CREATE DATABASE {NAME}", database="postgres")

    def works_again(self) -> None:
        """What was restored refuses and takes what it did before."""
        from django.contrib.sessions.models import Session
        from django.db import DatabaseError, connection, transaction

        from drills.forking import take_turn

        self.report.check(not Session.objects.exists(), "nobody is logged in", "0 sessions")
        refusals = 0
        for table in ("publication", "publicationfacet", "change", "release"):
            for statement in (
                f"UPDATE agreements_{table} SET id = id + 1000000",  # noqa: S608
                f"DELETE FROM agreements_{table}",  # noqa: S608
            ):
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        cursor.execute(statement)
                except DatabaseError as error:
                    refusals += "append-only" in str(error) or "never changed" in str(error)
        self.report.check(refusals == 8, "what must not be changed is refused", f"{refusals} of 8")
        told: list[Any] = []
        take_turn("after", 1, told.append)
        take_turn("after", 2, told.append)
        self.report.check(len(told) == 8, "the next numbers are free", f"{len(told)} published")
        fault = self.command("verify_ledger")
        self.report.check(not fault, "the ledger verifies with them", fault)

    def damaged(self, number: int) -> None:
        """Refuse each of many damaged backups, and leave everything as it is."""
        from drills.rows import different, sums

        before, whole = sums(), self.backup.read_bytes()
        broken = self.made.folder / "broken.backup"
        took, sorts = [], Counter[str]()
        for _ in range(number):
            sort, data = damage(whole, self.chance)
            sorts[sort] += 1
            broken.write_bytes(data)
            if not self.command("restore", broken, "--replace"):
                took.append(sort)
        unlike = different(before, sums())
        told = ", ".join(f"{count} {sort}" for sort, count in sorted(sorts.items()))
        self.report.check(not took, "every damaged backup is refused", took or told)
        self.report.check(not unlike, "and nothing was touched", unlike)

    def killed(self, number: int) -> None:
        """Kill a restore again and again: what is there is the old database or the new one."""
        from drills.rows import different, sums

        newer = self.made.folder / "newer.backup"
        assert not self.command("backup", newer)
        old = sums()
        began = time.monotonic()
        self.killed_after(self.restoring(self.backup), 600)
        longest = (time.monotonic() - began) * 1.1
        left = Counter[str]()
        for turn in range(number):
            assert not self.command("restore", newer, "--replace")
            assert not different(old, sums())
            self.killed_after(self.restoring(self.backup), self.chance.uniform(0, longest))
            now = sums()
            for name, state in (("old", old), ("new", self.state)):
                if not different(state, now):
                    left[name] += 1
            if (turn + 1) % 10 == 0:
                self.report.step(f"{turn + 1} kills: {dict(left)}")
        whole = left["old"] + left["new"]
        self.report.check(whole == number, "a killed restore leaves one or the other", dict(left))
        assert not self.command("restore", newer, "--replace")
        fault = self.command("verify_ledger")
        remains = list(self.made.folder.rglob(".unfinished-backup-*"))
        self.report.check(not fault and not remains, "and the next one succeeds", fault or remains)

    def restoring(self, file: Path) -> Callable[[], None]:
        return lambda: print(self.command("restore", file, "--replace"), end="", flush=True)

    def killed_after(self, what: Callable[[], None], seconds: float) -> None:
        """Do something in a process of its own, and kill that after a time, if it still lives."""
        from django.db import connections

        connections.close_all()
        child = os.fork()
        if not child:
            try:
                what()
            finally:
                os._exit(0)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if os.waitpid(child, os.WNOHANG)[0]:
                return
            time.sleep(0.002)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if self.made.cluster is not None:
            self.wait_for_others()

    def wait_for_others(self) -> None:
        """Return once the server has noticed that whom it served is gone."""
        from drills.processes import wait_until

        assert self.made.cluster is not None
        ask = self.made.cluster.primary.ask
        query = (
            "SELECT count(*) = 0 FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        wait_until(lambda: ask(query), "the server is left alone", 60)


def damage(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Return a backup that was damaged somewhere, and how."""
    place, sort = chance.randrange(len(data)), chance.choice(("bit", "cut", "gap", "zeros", "end"))
    if sort == "bit":
        bit = data[place] ^ (1 << chance.randrange(8))
        return sort, data[:place] + bytes([bit]) + data[place + 1 :]
    if sort == "cut":
        return sort, data[:place]
    if sort == "gap":
        return sort, data[:place] + data[place + chance.randrange(1, 600) :]
    if sort == "zeros":
        zeros = bytes(chance.randrange(1, 5000))
        changed = data[:place] + zeros + data[place + len(zeros) :]
        return ("zeros", changed) if changed != data else ("cut", data[:-1])
    return sort, data + bytes(chance.randrange(1, 600))


def _files(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


if __name__ == "__main__":
    sys.exit(main())
