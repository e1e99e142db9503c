"""Commands that write much are killed (`kill -9`) at any moment: all of it is there, or nothing.

    python -m drills.kills [--database sqlite|postgres] [--rounds N] [--seed N]

`load_readings`, `import_records`, `publish`, `make_release` and `loaddata` are killed in turn, at
moments that are spread over the whole time that each takes when nobody kills it. Afterwards every
table must be exactly as it was before, or as the undisturbed command leaves it; the ledger and the
database's own check must find nothing; no release may be served half; and the same command, run
again, must leave what the undisturbed one leaves.
"""

import argparse
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from drills.desks import Desk, Desks, main
from drills.forked import Forked, begin, read_program
from drills.processes import wait_until
from drills.report import Report
from drills.soundness import DERIVED, PASSING, contents, fault_of, files_of, meaning
from drills.works import Work, desks_to_begin_with, works

# The check of PostgreSQL's own takes seconds; in the other rounds every row is read, with its
# checksum.
_CHECK_EVERY = 5
_BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@dataclass
class Undisturbed:
    """A work that nobody killed: how long it takes, what was before it and what it leaves."""

    work: Work
    source: Desk
    seconds: float
    before: dict[str, str]
    after: dict[str, str]
    release: dict[str, str]


class Kills:
    """Kills works on one desk, and keeps what came of it."""

    def __init__(self, desks: Desks, desk: Desk):
        self.desks, self.desk = desks, desk
        self.outcomes: dict[str, Counter[str]] = defaultdict(Counter)
        self.faults: dict[str, list[str]] = {
            "partial loads": [],
            "ledgers that do not verify": [],
            "databases that are not sound": [],
            "releases that are not whole": [],
            "works that failed when they were run again": [],
            "works that left something else when they were run again": [],
        }
        self._output = desks.folder / "output"
        self._count = 0

    def _begin(self, *arguments: str) -> Forked:
        return begin(arguments, self._output)

    def undisturbed(self, work: Work, source: Desk) -> Undisturbed:
        """Run a work twice to its end: the second time tells how long it takes."""
        for _ in range(2):
            self.desks.put_back(self.desk, source)
            before = contents(self.desk, (*PASSING, *DERIVED))
            code, seconds = self._begin(*work.arguments).wait()
            assert code == 0, self._output.read_text()
        after, release = meaning(self.desk), files_of(self.desk.releases)
        return Undisturbed(work, source, seconds, before, after, release)

    def kill(self, done: Undisturbed, part: float) -> None:
        """Kill a work when a part of its time is over, look at what it left, and run it again."""
        self._count += 1
        work, desk = done.work, self.desk
        self.desks.put_back(desk, done.source)
        killed = self._begin(*work.arguments)
        time.sleep(part * done.seconds)
        caught = killed.kill()
        self._wait_for_backends()
        if contents(desk, (*PASSING, *DERIVED)) == done.before:
            outcome = "as before"
        elif meaning(desk) == done.after:
            outcome = "as after"
        else:
            outcome = "PARTIAL"
            self._fault("partial loads", work, part)
        self.outcomes[work.name][outcome if caught else "over already"] += 1
        self._look(done, part)
        again = self._begin(*work.arguments)
        code, _ = again.wait()
        told = self._output.read_text()
        # A release that was made is never made again, and says so.
        made = work.name == "make_release" and outcome == "as after" and "was made already" in told
        if code and not made:
            self._fault("works that failed when they were run again", work, part, told[-300:])
        what = "works that left something else when they were run again"
        if meaning(desk) != done.after or files_of(desk.releases) != done.release:
            self._fault(what, work, part)

    def _look(self, done: Undisturbed, part: float) -> None:
        work, desk = done.work, self.desk
        code, _ = self._begin("verify_ledger").wait()
        if code:
            self._fault("ledgers that do not verify", work, part, self._output.read_text())
        checked = self.desks.server is None or self._count % _CHECK_EVERY == 0
        if checked and (fault := fault_of(desk)):
            self._fault("databases that are not sound", work, part, fault)
        registered = desk.ask("SELECT version FROM agreements_release")
        there = files_of(desk.releases / "1.0.0") if registered else {}
        whole = {
            name.removeprefix("1.0.0/"): sha256
            for name, sha256 in done.release.items()
            if registered
        }
        if there != whole:
            self._fault("releases that are not whole", work, part)

    def _wait_for_backends(self) -> None:
        """Wait until the server has noticed that whoever worked on the desk is gone."""
        if self.desks.server is not None:
            server, name = self.desks.server, self.desk.name
            alone = lambda: server.ask(_BACKENDS, name, database="postgres") == 0  # noqa: E731
            wait_until(alone, "the server gives the work up", 60)

    def _fault(self, what: str, work: Work, part: float, told: str = "") -> None:
        self.faults[what].append(f"{work.name} at {part:.2f} {told}".strip())


def drill(report: Report, desks: Desks, options: argparse.Namespace) -> None:
    draw = random.Random(options.seed)  # noqa: S311
    kinds = desks_to_begin_with(desks)
    every = works(desks.folder)
    desk = desks.copied(kinds["empty"], "round")
    read_program(desk, [*(work.arguments[0] for work in every), "verify_ledger"])
    report.step("Desks to begin with")
    kills = Kills(desks, desk)
    each = -(-options.rounds // len(every))
    for work in every:
        done = kills.undisturbed(work, kinds[work.begins_with])
        report.step(f"{work.name} takes {done.seconds:.2f} s undisturbed")
        for number in range(each):
            # One moment in each part of the time, and some after its end.
            kills.kill(done, (number + draw.random()) / each * 1.15)
        report.step(f"{work.name}: {dict(kills.outcomes[work.name])}")
        for name, told in kills.faults.items():
            for line in told[-3:]:
                report.step(f"  {name}: {line}")
    for name, outcomes in kills.outcomes.items():
        report.check("PARTIAL" not in outcomes, f"{name}: all or nothing", dict(outcomes))
    for name, told in kills.faults.items():
        report.check(not told, f"no {name}", f"{told[:2] or 0} of {each * len(every)}")


if __name__ == "__main__":
    main("Commands that are killed", __doc__, 200, drill)
