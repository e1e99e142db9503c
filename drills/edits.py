"""Two analysts change one record at the very same time, again and again: nothing is lost silently.

    python -m drills.edits [--database sqlite|postgres] [--rounds N] [--seed N]

In each round both open the record, each by one of the ways in which it is changed: the fields and
the rows of its form, the page of a side, the workbench, a table that is imported, an earlier state,
a step of review; a reviewer decides on it, a command loads its reading over it, or it is deleted.
Then both post at once. At most one may win; the other must be told, and find what they typed in the
answer; the history must have one more row for each change that was acknowledged, and none for any
other; and the database must hold what was acknowledged.
"""

import argparse
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from drills import doors
from drills.desks import PEOPLE, Desk, Desks, main
from drills.doors import Came, Change, Record
from drills.forms import Person
from drills.processes import ROOT, Ports
from drills.report import Report
from drills.services import served

# Of so many rounds one is against a command, and one is about a record that is deleted.
COMMAND_EVERY, DELETE_EVERY = 40, 25
_CHANGES = (
    "SELECT id, step, way, reason FROM agreements_change "
    "WHERE kind = 'meeting' AND record_id = %s AND id > %s ORDER BY id"
)


@dataclass
class Found:
    """What the rounds came to: who won by which way, and every fault."""

    rounds: int = 0
    won: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    faults: dict[str, list[str]] = field(
        default_factory=lambda: {
            "rounds with two winners": [],
            "rounds with no winner": [],
            "losers who were not told": [],
            "losers whose text was not kept": [],
            "acknowledged changes that are not there": [],
            "rounds whose history is not as acknowledged": [],
            "commands that failed without a word": [],
        }
    )

    def fault(self, what: str, told: str) -> None:
        self.faults[what].append(f"round {self.rounds}: {told}")
        print(f"  round {self.rounds}, {what}: {told}", flush=True)


def last_change(desk: Desk, number: int) -> int:
    query = "SELECT coalesce(max(id), 0) FROM agreements_change WHERE kind = %s AND record_id = %s"
    ((found,),) = desk.ask(query, "meeting", number)
    return int(found)


def at_once(changes: list[Change]) -> list[Came]:
    """Post changes at the very same time; return what came of each."""
    barrier = threading.Barrier(len(changes))

    def post(change: Change) -> Came:
        barrier.wait()
        return change.post()

    with ThreadPoolExecutor(len(changes)) as pool:
        return list(pool.map(post, changes))


def look(
    found: Found, record: Record, before: int, changes: list[Change], each: list[Came]
) -> None:
    """Look at what a round left, and note its faults."""
    rows = record.desk.ask(_CHANGES, record.number, before)
    ways = " against ".join(change.way for change in changes)
    winners = [change for change, outcome in zip(changes, each, strict=True) if outcome.won]
    if len(winners) > 1:
        found.fault("rounds with two winners", ways)
    if not winners:
        found.fault("rounds with no winner", f"{ways}: {[o.answer.status_code for o in each]}")
    for change, outcome in zip(changes, each, strict=True):
        found.statuses[outcome.answer.status_code] += 1
        (found.won if outcome.won else found.lost)[change.way] += 1
        if not outcome.won and not outcome.told:
            told = f"{change.way} of {ways}: {outcome.answer.status_code}"
            found.fault("losers who were not told", told)
        if not outcome.won and change.text and not outcome.kept:
            found.fault("losers whose text was not kept", f"{change.way} of {ways}")
        if outcome.won and change.left and not record.desk.ask(change.left, *change.values):
            found.fault("acknowledged changes that are not there", f"{change.way} of {ways}")
    # To approve and publish is two steps; every other change is one row.
    expected = sum(2 if change.way == "publish" else 1 for change in winners)
    reasons = " ".join(reason for _, _, _, reason in rows)
    said = all(c.text in reasons for c in winners if c.way in ("restore", "return", "delete"))
    if len(rows) != expected or not said:
        found.fault("rounds whose history is not as acknowledged", f"{ways}: {rows}")


def two_ways(people: list[Person], record: Record, draw: random.Random, turn: int) -> list[Change]:
    """Let two people open a record, each by a way drawn by lot."""
    query = "SELECT review_state FROM agreements_engagement WHERE id = %s"
    ((state,),) = record.desk.ask(query, record.number)
    names = list(doors.DOORS)
    if state != "draft":
        names.remove("submit")
    chosen = [doors.DOORS[draw.choice(names)] for _ in range(2)]
    one, two, reviewer = people
    if state == "in-review" and draw.random() < 0.5:
        chosen, one = [doors.review, chosen[1]], reviewer
    return [
        door(person, record, f"Typed by {person.name} in turn {turn}.", draw)
        for door, person in zip(chosen, (one, two), strict=True)
    ]


def against_deletion(
    people: list[Person], record: Record, draw: random.Random, turn: int
) -> tuple[Record, list[Change]]:
    """Bring a new record in; one opens the page that deletes it, the other its form."""
    one, two, _ = people
    slug = f"to-be-deleted-{turn}"
    brought = [{"slug": slug, "title": f"Talks {turn}", "status": "held", "participants": "VN; JP"}]
    preview = one.bring("meeting", brought).headers["Location"]
    one.agree(preview, one.get(preview).text)
    ((number,),) = record.desk.ask("SELECT id FROM agreements_engagement WHERE slug = %s", slug)
    new = Record(record.desk, number, slug, record.document)
    text = f"Typed in turn {turn}, by "
    return new, [
        doors.delete(one, new, f"{text}{one.name}.", draw),
        doors.field(two, new, f"{text}{two.name}.", draw),
    ]


def against_command(found: Found, person: Person, record: Record, draw: random.Random) -> None:
    """Load the reading of a record over it, told to overwrite, while somebody saves it."""
    before = last_change(record.desk, record.number)
    text = f"Typed while readings were loaded, round {found.rounds}."
    change = doors.DOORS[draw.choice(("field", "workbench"))](person, record, text, draw)
    command = ["load_readings", str(ROOT / "seeds"), "--overwrite"]
    loading = subprocess.Popen(  # noqa: S603
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=record.desk.settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    threading.Event().wait(draw.uniform(0, 5))
    outcome = change.post()
    told, _ = loading.communicate()
    rows = record.desk.ask(_CHANGES, record.number, before)
    by_hand = [number for number, row in enumerate(rows) if row[2] != "import"]
    found.won["load_readings" if loading.returncode == 0 else "load_readings, refused"] += 1
    if loading.returncode and ("Traceback" in told or "CommandError" not in told):
        found.fault("commands that failed without a word", told[-300:])
    if len(by_hand) != outcome.won:
        found.fault("rounds whose history is not as acknowledged", f"load_readings: {rows}")
    loaded_after = bool(rows) and rows[-1][2] == "import"
    there = bool(record.desk.ask(change.left, *change.values))
    if outcome.won and not there and not loaded_after:
        found.fault("acknowledged changes that are not there", "load_readings")
    if not outcome.won and not (outcome.told and outcome.kept):
        found.fault("losers who were not told", f"load_readings: {outcome.answer.status_code}")


def play(
    desk: Desk,
    address: str,
    rounds: int,
    seed: int,
    report: Report | None = None,
    names: Sequence[str] = tuple(PEOPLE),
) -> Found:
    """Let people change a record so many times; return what came of it.

    `names` are two who may edit, and one who may review.
    """
    draw, found = random.Random(seed), Found()  # noqa: S311
    people = [Person(address, name) for name in names]
    record = record_with_rows(desk)
    for turn in range(rounds):
        found.rounds = turn + 1
        if turn % COMMAND_EVERY == COMMAND_EVERY - 1:
            against_command(found, people[0], record, draw)
            continue
        changed = record
        if turn % DELETE_EVERY == DELETE_EVERY - 1:
            changed, changes = against_deletion(people, record, draw, turn)
        else:
            changes = two_ways(people, record, draw, turn)
        before = last_change(desk, changed.number)
        # Who is first in the list is not always first to be sent.
        draw.shuffle(changes)
        look(found, changed, before, changes, at_once(changes))
        found.pairs.add(tuple(sorted(change.way for change in changes)))  # type: ignore[arg-type]
        if report is not None and found.rounds % 50 == 0:
            faults = {name: len(told) for name, told in found.faults.items() if told}
            report.step(f"{found.rounds} rounds, {found.won.total()} won; {faults or 'no fault'}")
    return found


def record_with_rows(desk: Desk) -> Record:
    """Return a meeting that has delegates and citations, as they were shipped."""
    query = (
        "SELECT e.id, e.slug, min(c.document_id) FROM agreements_engagement e "
        "JOIN agreements_citation c ON c.engagement_id = e.id "
        "WHERE e.kind = 'meeting' AND e.id IN "
        "(SELECT p.engagement_id FROM agreements_participant p "
        "JOIN agreements_delegate d ON d.participant_id = p.id) "
        "GROUP BY e.id, e.slug HAVING count(*) >= 3 ORDER BY e.id"
    )
    number, slug, document = desk.ask(query)[0]
    return Record(desk, number, slug, document)


def tell(report: Report, found: Found) -> None:
    """Note what the rounds came to."""
    report.tell("rounds, and pairs of ways that met", f"{found.rounds}, {len(found.pairs)}")
    report.tell("changes that were stored, by way", dict(found.won))
    report.tell("changes that came second, by way", dict(found.lost))
    report.check(max(found.statuses) < 500, "answers by status", dict(found.statuses))
    for what, told in found.faults.items():
        report.check(not told, f"no {what}", told[:3] or 0)


def drill(report: Report, desks: Desks, options: argparse.Namespace) -> None:
    desk, port = desks.filled("desk"), Ports(options.addresses).take()
    report.step("A desk with the shipped records")
    with served(desk.settings, port, desks.folder / "log") as address:
        found = play(desk, address, options.rounds, options.seed, report)
    tell(report, found)
    verified = desk.manage("verify_ledger").strip()
    report.check("all as written" in verified, "the ledger verifies", verified.partition(",")[0])


if __name__ == "__main__":
    main("Simultaneous edits", __doc__, 1000, drill)
