"""What operators and analysts do that writes much at once, and what it does it to."""

import csv
from dataclasses import dataclass
from pathlib import Path

from drills.desks import Desk, Desks
from drills.processes import ROOT

ROWS = 150
SEEDS = str(ROOT / "seeds")
FIXTURES = [str(path) for path in sorted((ROOT / "fixtures").glob("*.json"))]


@dataclass(frozen=True)
class Work:
    """A command that writes all or nothing, and the kind of desk that it begins with."""

    name: str
    begins_with: str
    arguments: tuple[str, ...]


def works(folder: Path) -> list[Work]:
    """Return every work; the table that is imported is written into a folder."""
    table = folder / "exercises.csv"
    write_table(table)
    return [
        Work("load_readings", "empty", ("load_readings", SEEDS)),
        Work("import_records", "filled", ("import_records", "exercise", str(table), "--by", "me")),
        Work("publish", "read", ("publish", "--all")),
        Work("make_release", "filled", ("make_release", "1.0.0")),
        Work("loaddata", "empty", ("loaddata", "-v0", *FIXTURES)),
    ]


def write_table(path: Path, rows: int = ROWS) -> None:
    """Write a table of new exercises, each between two countries."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["slug", "title", "status", "activity", "summary", "participants"])
        for number in range(rows):
            slug = f"imported-patrol-{number}"
            told = f"The {number}th patrol that was brought in from a table. " * 4
            title = f"Imported patrol {number}"
            writer.writerow([slug, title, "held", "joint-patrol", told, "VN (host); JP (guest)"])


def desks_to_begin_with(desks: Desks) -> dict[str, Desk]:
    """Make a desk of each kind: empty, with readings that wait to be published, and filled."""
    empty = desks.empty("empty")
    empty.manage("migrate", "-v0")
    read = desks.copied(empty, "read")
    read.manage("load_readings", SEEDS)
    filled = desks.copied(empty, "filled")
    return {"empty": empty, "read": read, "filled": desks.fill(filled)}
