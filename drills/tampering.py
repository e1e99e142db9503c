"""Tampers with the ledger a thousand times, and looks whether each is found, and where.

    python -m drills.tampering [--database postgres] [--number 1000] [--seed 1]

Rows are changed, removed, reordered and added by SQL alone, with every rule switched off, in ways
that `drills/tamperings.py` lists; each in a transaction that is undone. A fault must be told of at
its row. What nothing can show from within (all hashes computed anew, the end cut off) must be
found by the heads that were kept outside, between the two that it lies between.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

from drills.grounds import arguments, ground
from drills.report import Report


def main() -> int:
    given = arguments(__doc__, 1000, "so many tamperings").parse_args()
    report = Report(f"{given.number} tamperings, {given.database}, seed {given.seed}")
    with ground(given.database, given.port) as made:
        made.enter()
        tamper(report, given.number, given.seed, made.folder / "pins")
    report.print()
    return int(report.failed)


def tamper(report: Report, number: int, seed: int, pins: Path) -> None:
    import django

    django.setup()

    from django.db import transaction

    from drills.forging import add_revisions
    from drills.tampered import Outcome, every_tampering, pinned, tried, verified

    with transaction.atomic():
        add_revisions()
    heads = pinned(pins)
    rules = ("--head", str(pins), "--nothing-after")
    report.check(not verified(*rules), "no alarm beforehand", f"{heads[-1]} rows")
    chance = random.Random(seed)  # noqa: S311
    known: list[tuple[str, str]] = list(every_tampering())
    outcomes: list[Outcome] = []
    while len(outcomes) < number:
        chance.shuffle(known)
        for sort, name in known[: number - len(outcomes)]:
            outcomes.append(tried(sort, name, chance, pins, heads))
            if len(outcomes) % 100 == 0:
                report.step(f"{len(outcomes)} tamperings")
    of_sort = Counter(outcome.sort for outcome in outcomes)
    for sort, count in sorted(of_sort.items()):
        missed = [each for each in outcomes if each.sort == sort and not each.found]
        for each in missed[:5]:
            report.step(f"NOT FOUND {each.sort}, {each.name}: {each.told[:300]!r}")
        with_pin = sum(each.needed_pin for each in outcomes if each.sort == sort)
        how = f"{count - len(missed)} of {count} found at their row, {with_pin} by a pin alone"
        report.check(not missed, f"{sort}: found and located", how)
    began = time.monotonic()
    again = verified(*rules)
    taken = time.monotonic() - began
    report.check(not again, "no alarm afterwards: all was undone", f"{taken * 1000:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
