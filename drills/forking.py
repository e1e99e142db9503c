"""One of many who publish at once, through the workflow, and keeps what was acknowledged.

    python -m drills.forking NAME PUBLICATIONS LINES

In each turn two records are approved and published, topics and meetings by turns; one is revised
and published again, the other withdrawn or merged: four publications. For each, LINES gets a line
once it is committed: its sequence and its SHA-256. Whoever waited too long for the others is turned
away, says so, and goes on with the next turn. PUBLICATIONS of 0 goes on until it is stopped.
"""

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import OperationalError  # noqa: E402

from agreements import workflow  # noqa: E402
from agreements.models import Publication  # noqa: E402
from tests.builders import approved, meeting, reload, topic  # noqa: E402

TURNED_AWAY = "turned away:"
Told = Callable[[Publication], object]


def take_turn(name: str, turn: int, told: Told) -> None:
    """Publish two records, revise one and end the other."""
    make: Callable[..., Any] = meeting if turn % 2 else topic
    one, other = make(f"{name}-{turn}-stays"), make(f"{name}-{turn}-goes")
    for record in (one, other):
        told(_published(record))
    field = "title" if turn % 2 else "name"
    type(one).objects.filter(pk=one.pk).update(**{field: f"Revised in turn {turn}"})
    told(_published(reload(one)))
    heir = reload(one) if turn % 4 < 2 else None
    told(workflow.withdraw(reload(other), "reviewer", "A mistake.", successor=heir))


def _published(record: Any) -> Publication:
    (row,) = workflow.publish([approved(record)])
    return row


def main(name: str, publications: int, lines: Path) -> None:
    done = 0
    with lines.open("a", buffering=1) as written:

        def told(row: Publication) -> None:
            nonlocal done
            done += 1
            written.write(f"{row.sequence} {row.sha256}\n")

        for turn in count():
            try:
                take_turn(name, turn, told)
            except OperationalError as error:
                print(TURNED_AWAY, error, file=sys.stderr, flush=True)
            if publications and done >= publications:
                return


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
