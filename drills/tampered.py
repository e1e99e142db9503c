"""Whether a tampering is found, and at its row: by the command that operators run."""

import random
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from django.core.management import CommandError, call_command
from django.db import connection

from agreements.models import Publication
from drills.forging import Forger
from drills.tamperings import HIDDEN, ON_POSTGRESQL, ON_SQLITE, SHOWN

# Between two rows of which somebody kept the head.
APART = 16


class Outcome(NamedTuple):
    """What `verify_ledger` said of one tampering, without a pin and, where it needs one, with."""

    sort: str
    name: str
    found: bool
    needed_pin: bool
    told: str


def verified(*options: str) -> str:
    """Return the fault that the command tells of, "" where it finds none."""
    try:
        call_command("verify_ledger", *options, stdout=StringIO())
    except CommandError as error:
        return str(error)
    return ""


def pinned(file: Path) -> list[int]:
    """Write the heads that somebody would have kept into a file; return their sequences."""
    rows = list(Publication.objects.order_by("sequence").values_list("sequence", "sha256"))
    kept = [row for row in rows if row[0] % APART == 0 or row == rows[-1]]
    file.write_text("".join(f"{sequence}:{sha256}\n" for sequence, sha256 in kept))
    return [sequence for sequence, _ in kept]


def every_tampering() -> Iterator[tuple[str, str]]:
    """Yield the sort and the name of each, those of this database included."""
    for sort, some in SHOWN.items():
        yield from ((sort, name) for name in some)
    here = ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE
    yield from (("loose", name) for name in here)
    yield from (("hidden", name) for name in HIDDEN)


def tried(sort: str, name: str, chance: random.Random, pins: Path, heads: list[int]) -> Outcome:
    """Tamper with the ledger, verify it, and undo that."""
    forger = Forger(chance)
    with forger.at_work():
        if sort == "hidden":
            return _hidden(forger, name, HIDDEN[name], pins, heads)
        some = {**ON_POSTGRESQL, **ON_SQLITE} if sort == "loose" else SHOWN[sort]
        begins = some[name](forger)
        told = verified()
        located = told.startswith(begins) and begins_with_its_row(told, sort)
        return Outcome(sort, name, located, False, told)


def begins_with_its_row(told: str, sort: str) -> bool:
    """Whether a fault names a row, or the count or the rule that was meddled with."""
    named = ("row ", "The counts are those of row ", "Triggers are missing: ")
    return sort == "count" or told.startswith(named)


def _hidden(
    forger: Forger, name: str, forge: Callable[[Forger], int], pins: Path, heads: list[int]
) -> Outcome:
    forged = forge(forger)
    without = verified()
    told = verified("--head", str(pins), "--nothing-after")
    # The first head that does not hold, and the last one before it that does.
    first = min((each for each in heads if each >= forged), default=forged)
    before = max((each for each in heads if each < forged), default=0)
    if name == "row added at the end, whole":
        located = told.startswith(f"row {forged} (") and "stands behind the head" in told
    elif "missing" in told:
        located = told.startswith(f"row {first}: missing")
    else:
        since = f"behind row {before} is" if before else "before it is"
        located = told.startswith(f"row {first} (") and since in told
    return Outcome("hidden", name, located and not without, not without, f"{without} | {told}")
