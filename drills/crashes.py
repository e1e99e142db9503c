"""A database is killed (`kill -9`) under writers and restarted under readers: nothing is lost.

    python -m drills.crashes [--database sqlite|postgres] [--rounds N] [--seed N]

Writers change and publish records through the workflow and keep what was acknowledged. In each
round, at a moment drawn by lot, every process of PostgreSQL is killed and the server started again;
with SQLite, which has no server, the writers themselves are killed. Everything that was
acknowledged must be there, nothing half, and the ledger must verify. Then PostgreSQL is restarted
and killed under readers of a running server, of the API, the pages and the desk: they may be
answered 200, or 503 with Retry-After, and are all answered 200 within ten seconds.
"""

import argparse
import random
import threading
import time
from collections import Counter
from functools import partial

from drills.asking import Asked, Client, asking
from drills.desks import Desk, Desks, main
from drills.forked import Forked, begin, fork, read_program
from drills.processes import Ports
from drills.report import Report
from drills.services import served
from drills.soundness import fault_of

WRITERS = 3
RECOVERY = 10
PATHS = (
    *("/api/v1/meetings/?page_size={}", "/api/v1/changes/?page_size={}", "/en/"),
    *("/api/v1/engagements/?format=csv", "/en/meetings/?page_size={}", "/admin/", "/api/v1/stats/"),
)


class Crashes:
    """Writers on a desk, what was acknowledged to them, and what was found after each crash."""

    def __init__(self, desks: Desks, desk: Desk):
        self.desks, self.desk = desks, desk
        self.lines = desks.folder / "acknowledged"
        self.lines.touch()
        self.seen = Counter[str]()
        self.lost: list[str] = []
        self.half: list[str] = []
        self.unverified: list[str] = []
        self._read = 0
        query = "SELECT slug FROM agreements_engagement WHERE kind = 'meeting' ORDER BY slug"
        self._slugs = [slug for (slug,) in desk.ask(query)]

    def writers(self) -> list[Forked]:
        from drills.writers import write_on

        shared, own = self._slugs[0], self._slugs[1:]
        return [
            fork(
                partial(write_on, each, [shared, *own[each::WRITERS]], self.lines),
                self.desks.folder / f"writer-{each}",
            )
            for each in range(WRITERS)
        ]

    def crash(self, writers: list[Forked], after: float) -> list[Forked]:
        """Let writers write for some time; kill the server, or them; return who writes on."""
        time.sleep(after)
        server = self.desks.server
        if server is None:
            for writer in writers:
                writer.kill()
            self._look()
            return self.writers()
        server.kill()
        server.start()
        self._look()
        return writers

    def _look(self) -> None:
        """Look for all that was acknowledged since the last crash; verify the ledger."""
        # First what was acknowledged, then what is there: others are writing on.
        with self.lines.open() as file:
            file.seek(self._read)
            told = file.read()
        # A line that is not whole was not acknowledged.
        told = told[: told.rfind("\n") + 1]
        self._read += len(told)
        reasons = {row[0] for row in self.desk.ask("SELECT reason FROM agreements_change")}
        hashes = dict(self.desk.ask("SELECT sequence, sha256 FROM agreements_publication"))
        for line in told.splitlines():
            what, _, rest = line.partition(" ")
            self.seen[what] += 1
            if what == "changed":
                there = rest in reasons
            else:
                sequence, sha256 = rest.split()
                there = hashes.get(int(sequence)) == sha256
            if not there:
                self.lost.append(line)
        self.half += [str(row) for row in self.desk.ask(_HALF)]
        verified = begin(["verify_ledger"], self.desks.folder / "verified")
        if verified.wait()[0]:
            self.unverified.append(verified.output.read_text()[-300:])


# A record whose last noted change does not say what the record says.
_HALF = """
SELECT e.slug, e.summary, c.reason FROM agreements_engagement e
JOIN agreements_change c ON c.record_id = e.id AND c.kind = 'meeting'
WHERE c.step = 'edited' AND c.reason <> '' AND e.summary <> ('Written as ' || c.reason || '.')
AND c.id = (SELECT max(id) FROM agreements_change WHERE record_id = e.id AND kind = 'meeting'
AND step = 'edited')
"""


def under_writers(report: Report, desks: Desks, desk: Desk, options: argparse.Namespace) -> None:
    """Kill it again and again while records are written."""
    draw = random.Random(options.seed)  # noqa: S311
    crashes = Crashes(desks, desk)
    writers = crashes.writers()
    try:
        for number in range(options.rounds):
            writers = crashes.crash(writers, draw.uniform(0.2, 2.5))
            if number % 10 == 9:
                lost = f"{len(crashes.lost)} lost, {len(crashes.half)} half"
                report.step(f"{number + 1} crashes, {dict(crashes.seen)} acknowledged, {lost}")
    finally:
        for writer in writers:
            writer.kill()
    what, seen = "the server" if desks.server else "the writers", crashes.seen
    wrote = min(seen["changed"], seen["published"]) > 0
    report.check(wrote, f"{what} killed {options.rounds} times; acknowledged", dict(seen))
    report.check(not crashes.lost, "acknowledged and lost", crashes.lost[:3] or 0)
    report.check(not crashes.half, "records half written", crashes.half[:3] or 0)
    report.check(not crashes.unverified, "ledgers that do not verify", crashes.unverified[:1] or 0)
    fault = fault_of(desk)
    report.check(not fault, "the database's own check", fault or "clean")


class Reading(Asked):
    """Answers of readers, with the moments of those that were not 200."""

    def __init__(self) -> None:
        super().__init__()
        self.last_refused = 0.0
        self.untold: list[str] = []


def read_on(
    client: Client, reading: Reading, draw: random.Random, cookie: str, over: threading.Event
) -> None:
    """Ask for paths drawn by lot until it is over."""
    while not over.is_set():
        path = draw.choice(PATHS).format(draw.randrange(1, 60))
        answer = client.ask(path, cookie=cookie if path.startswith("/admin/") else "")
        if answer is not None and answer.status != 200:
            reading.last_refused = time.monotonic()
            if answer.status != 503 or not answer.headers["Retry-After"]:
                reading.untold.append(f"{path}: {answer.status}")
        over.wait(0.02)
    client.close()


def under_readers(report: Report, desks: Desks, desk: Desk, options: argparse.Namespace) -> None:
    """Restart and kill PostgreSQL while it is read over a server."""
    draw, server = random.Random(options.seed), desks.server  # noqa: S311
    assert server is not None
    port, cookie = Ports(options.addresses).take(), desk.session("analyst-one")
    with served(desk.settings, port, desks.folder / "log"):
        for what in ("fast", "immediate", "kill -9"):
            reading = Reading()
            loops = [
                partial(read_on, Client(port, reading, True), reading, draw, cookie)
                for _ in range(6)
            ]
            with asking(*loops):
                time.sleep(3)
                if what == "kill -9":
                    server.kill()
                    time.sleep(2)
                    server.start()
                else:
                    server.restart(what)
                back = time.monotonic()
                time.sleep(RECOVERY + 2)
            statuses = f"{dict(reading.statuses)} {reading.untold[:3] or ''}"
            report.check(not reading.untold, f"{what}: only 200 and 503 with Retry-After", statuses)
            # A table that was being sent breaks off, which its reader sees.
            report.tell(f"{what}: answers by how they ended", dict(reading.outcomes))
            recovered = max(0.0, reading.last_refused - back)
            told = f"after {recovered:.1f} s; the slowest answer took {reading.slowest:.1f} s"
            report.check(recovered < RECOVERY, f"{what}: all are answered again", told)


def drill(report: Report, desks: Desks, options: argparse.Namespace) -> None:
    desk = desks.filled("desk")
    report.step("A desk with the shipped records")
    read_program(desk, ["verify_ledger"])
    under_writers(report, desks, desk, options)
    if desks.server is not None:
        under_readers(report, desks, desk, options)


if __name__ == "__main__":
    main("Crashes", __doc__, 50, drill)
