"""The disk is full while much is written: nothing of it is stored, and it is said in words.

    python -m drills.full_disk [--database sqlite|postgres] [--rounds N] [--seed N]

The database lies on a small disk (a tmpfs, so this runs as root) that is filled but for a few
kilobytes, drawn by lot, before each work: readings, a table and fixtures are loaded, records are
published, a release is made; then the desk's pages import a table and save a record, over a server.
Of PostgreSQL, the disk holds the tables alone in one half of the rounds, and the log too in the
other, where the server stops itself. Then there is room again, and the same work succeeds.
"""

import argparse
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drills.desks import SQLITE, Desk, Desks, main
from drills.edits import record_with_rows
from drills.forms import Person, import_patrols
from drills.postgres import Server
from drills.processes import ROOT, DrillError, Ports, hand_over, program, run
from drills.report import Report
from drills.services import served
from drills.soundness import contents, fault_of
from drills.works import Work, desks_to_begin_with, works

MEGABYTES = 400
WORDS = "disk is full or cannot be written"
GONE = "database cannot be reached"


class SmallDisk:
    """A disk of some megabytes, which can be filled."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, kilobytes: int) -> None:
        """Leave so many kilobytes free, at most."""
        free = os.statvfs(self.folder)
        size = free.f_bavail * free.f_frsize - kilobytes * 1024
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Put a small disk where a folder is to be."""
    folder.mkdir()
    options = f"size={MEGABYTES}m,mode=0755"
    run([program("mount"), "-t", "tmpfs", "-o", options, "tmpfs", str(folder)])
    hand_over(folder)
    try:
        yield SmallDisk(folder)
    finally:
        run([program("umount"), "--lazy", str(folder)])


def ran(desk: Desk, work: Work) -> tuple[int, str]:
    """Run a work to its end; return its exit code and what it wrote as its errors."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(ROOT / "manage.py"), *work.arguments],
        env=desk.settings,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


class Found:
    """What came of the works: how often each met a full disk, and every fault."""

    def __init__(self) -> None:
        self.full: Counter[str] = Counter()
        self.enough: Counter[str] = Counter()
        self.away: Counter[str] = Counter()
        self.faults: dict[str, list[str]] = {
            name: []
            for name in (
                "errors that were not in words",
                "rows that were stored",
                "databases that are not sound",
                "works that failed when there was room",
                "ledgers that do not verify",
            )
        }


def bring_back(server: Server | None) -> None:
    """Start a server that stopped itself, as whoever watches over it does."""
    if server is not None and not server.running():
        server.start()


def one_round(
    desks: Desks, disk: SmallDisk, work: Work, source: Desk, kilobytes: int, found: Found
) -> None:
    """Do a work while there is too little room, and again when there is enough."""
    desk = desks.copied(source, "round")
    before = contents(desk)
    disk.fill(kilobytes)
    code, told = ran(desk, work)
    disk.free()
    bring_back(desks.server)
    if code == 0:
        found.enough[work.name] += 1
        return
    name = f"{work.name} with {kilobytes} kB"
    found.full[work.name] += 1
    found.away[work.name] += GONE in told
    if "Traceback" in told or not (WORDS in told or "No space left" in told or GONE in told):
        found.faults["errors that were not in words"].append(f"{name}: {told[-700:]}")
    if contents(desk) != before:
        found.faults["rows that were stored"].append(name)
    if fault := fault_of(desk):
        found.faults["databases that are not sound"].append(f"{name}: {fault}")
    again, told = ran(desk, work)
    if again:
        found.faults["works that failed when there was room"].append(f"{name}: {told[-300:]}")
    try:
        desk.manage("verify_ledger")
    except DrillError as error:
        found.faults["ledgers that do not verify"].append(f"{name}: {error}")


def pages(
    report: Report, desks: Desks, disk: SmallDisk, source: Desk, options: argparse.Namespace
) -> None:
    """Import and save over a server whose disk is full, and again when it is not."""
    desk, port = desks.copied(source, "round"), Ports(options.addresses).take()
    record = record_with_rows(desk)
    with served(desk.settings, port, desks.folder / "served.log") as address:
        person = Person(address, "analyst-one")
        form = person.form(record.page, "meeting_form")
        before = contents(desk)
        disk.fill(0)
        posted = []
        for turn in range(4):
            posted.append(import_patrols(person, turn))
            posted.append(person.post(record.page, {**form, "summary": f"Typed in turn {turn}."}))
        read = [person.get(f"/api/v1/meetings/?page_size={number}") for number in range(1, 20)]
        disk.free()
        bring_back(desks.server)
        statuses = Counter(each.status_code for each in posted)
        report.check(
            set(statuses) <= {503, 507}, "pages: what is posted is refused", dict(statuses)
        )
        words = ("disk of the server is full", "database cannot be reached")
        untold = [each.text for each in posted if not any(word in each.text for word in words)]
        report.check(not untold, "pages: and why is said", untold[:1] or "in words")
        readers = Counter(each.status_code for each in read)
        report.check(set(readers) <= {200, 503}, "pages: readers are answered", dict(readers))
        left = contents(desk)
        stored = [table for table in before if before[table] != left[table]]
        report.check(not stored, "pages: no row was stored", stored or 0)
        form = person.form(record.page, "meeting_form")
        saved = person.post(record.page, {**form, "summary": "Typed when there was room."})
        then = (import_patrols(person, 9).status_code, saved.status_code)
        report.check(then == (302, 302), "pages: with room the same is stored", then)
    fault = fault_of(desk)
    report.check(not fault, "pages: the database's own check", fault or "clean")


@contextmanager
def on_small_disk(
    desks: Desks, options: argparse.Namespace, log_too: bool
) -> Iterator[tuple[Desks, SmallDisk]]:
    """Yield where desks are made whose database lies on a small disk."""
    with small_disk(desks.folder / f"disk-{log_too}") as disk:
        if desks.server is None:
            yield Desks(disk.folder), disk
            return
        states = desks.folder / f"states-{log_too}"
        states.mkdir()
        server = Server("small", disk.folder / "server", Ports(options.databases + 1).take())
        server.initialize()
        if not log_too:
            there = desks.folder / "log-of-small"
            # As who owns them.
            run([program("mv"), str(server.data / "pg_wal"), str(there)])
            (server.data / "pg_wal").symlink_to(there)
        server.start()
        try:
            yield Desks(states, server), disk
        finally:
            disk.free()
            if server.running():
                server.stop("immediate")


def drill(report: Report, desks: Desks, options: argparse.Namespace) -> None:
    draw = random.Random(options.seed)  # noqa: S311
    halves = {"": True}
    if options.database != SQLITE:
        halves = {"tables alone: ": False, "log too: ": True}
    every = works(desks.folder)
    writing = {each.name for each in every}
    if options.database != SQLITE:
        # Of the tables a release takes one row, for which a page has room; its files are elsewhere.
        writing.remove("make_release")
    for what, log_too in halves.items():
        found = Found()
        with on_small_disk(desks, options, log_too) as (here, disk):
            kinds = desks_to_begin_with(here)
            report.step(f"{what}desks to begin with")
            for number in range(options.rounds // len(halves)):
                work = every[number % len(every)]
                kilobytes = int(2 ** draw.uniform(0, 11)) - 1
                one_round(here, disk, work, kinds[work.begins_with], kilobytes, found)
                report.step(f"{what}{work.name}, {kilobytes} kB left")
            met = dict(found.full)
            report.check(met.keys() >= writing, f"{what}works that met a full disk", met)
            report.tell(f"{what}of them, those whose server went away", dict(+found.away))
            report.tell(f"{what}works for which there was room", dict(found.enough))
            for name, told in found.faults.items():
                report.check(not told, f"{what}{name}", told[:2] or 0)
            pages(report, here, disk, kinds["filled"], options)


if __name__ == "__main__":
    main("Disk full", __doc__, 40, drill)
