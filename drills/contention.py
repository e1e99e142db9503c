"""Eight processes read and then write, again and again, as fast as they can: nobody is refused.

    python -m drills.contention [--database sqlite|postgres] [--rounds N] [--seed N]

Each of eight processes reads a number in a record and writes the next one, so many times (rounds):
half of them in one record, half in another; where somebody else was first, it reads again. Then
eight people do it over a server of two processes, each logging in, opening the record's form and
saving it. No database may be locked, no answer may be 5xx, and no number may be lost.
"""

import argparse
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from drills.desks import Desk, Desks, main
from drills.forked import fork, read_program
from drills.forms import Person
from drills.processes import Ports
from drills.report import Report
from drills.services import served
from drills.soundness import fault_of

PROCESSES = 8
_SUMMARY = "SELECT summary FROM agreements_engagement WHERE slug = %s"
_EDITS = "SELECT count(*) FROM agreements_change WHERE key = %s AND step = 'edited'"
_BLANK = "from agreements.models import Meeting; Meeting.objects.all().update(summary='')"


def counters(desk: Desk) -> list[str]:
    """Return the slugs of two meetings, which have no number in them yet."""
    query = "SELECT slug FROM agreements_engagement WHERE kind = 'meeting' ORDER BY slug"
    desk.manage("shell", "-v0", "--no-imports", "-c", _BLANK)
    return [slug for (slug,) in desk.ask(query)][:2]


def in_processes(report: Report, desks: Desks, desk: Desk, times: int, seed: int) -> None:
    """Count up in processes of their own, by the workflow."""
    from drills.writers import count_up

    lines, two = desks.folder / "lines", counters(desk)
    before = sum(desk.ask(_EDITS, slug)[0][0] for slug in two)
    lines.touch()
    working = [
        fork(
            partial(count_up, two[each % 2], times, seed + each, lines),
            desks.folder / f"counting-{each}",
        )
        for each in range(PROCESSES)
    ]
    codes = Counter(each.wait()[0] for each in working)
    told = Counter(re.sub("[0-9]+", "N", line) for line in lines.read_text().splitlines())
    report.check(codes == {0: PROCESSES}, "processes that came to their end", codes[0])
    report.check(told["done"] == PROCESSES * times, "read and then written", dict(told))
    stored = sum(int(desk.ask(_SUMMARY, slug)[0][0]) for slug in two)
    report.check(stored == told["done"], "numbers that the records came to", stored)
    edits = sum(desk.ask(_EDITS, slug)[0][0] for slug in two) - before
    report.check(edits == told["done"], "changes in the history", edits)


def over_http(report: Report, desks: Desks, desk: Desk, times: int, port: int) -> None:
    """Count up by forms of a server, each person with a session of their own."""
    slug = counters(desk)[0]
    ((number,),) = desk.ask("SELECT id FROM agreements_engagement WHERE slug = %s", slug)
    path = f"/admin/agreements/meeting/{number}/change/"
    statuses, lock = Counter[int](), threading.Lock()

    def work(address: str, name: str) -> None:
        person = Person(address, name)
        for turn in range(times):
            # A session and the last login are written too.
            if turn % 10 == 9:
                person = Person(address, name)
            status = 409
            while status == 409:
                form = person.form(path, "meeting_form")
                form["summary"] = str(int(form["summary"] or 0) + 1)
                status = person.post(path, form).status_code
                with lock:
                    statuses[status] += 1

    with served(desk.settings, port, desks.folder / "log") as address:
        names = ("analyst-one", "analyst-two") * (PROCESSES // 2)
        with ThreadPoolExecutor(PROCESSES) as pool:
            list(pool.map(partial(work, address), names))
    report.check(set(statuses) <= {302, 409}, "forms: answers by status", dict(statuses))
    stored = int(desk.ask(_SUMMARY, slug)[0][0])
    expected = PROCESSES * times
    report.check(stored == statuses[302] == expected, "forms: the number came to", stored)


def drill(report: Report, desks: Desks, options: argparse.Namespace) -> None:
    desk = desks.filled("desk")
    report.step("A desk with the shipped records")
    read_program(desk, [])
    in_processes(report, desks, desk, options.rounds, options.seed)
    # A form takes a hundred times as long as what it stores.
    times = max(1, options.rounds // 10)
    over_http(report, desks, desk, times, Ports(options.addresses).take())
    fault = fault_of(desk)
    report.check(not fault, "the database's own check", fault or "clean")


if __name__ == "__main__":
    main("Write contention", __doc__, 300, drill)
