"""How long readers and writers wait while PostgreSQL's tables are migrated at size.

    python -m drills.waiting --back 0008 [--records 100000] [--bound 2]

The shipped records are multiplied in a database of the newest state, which then goes back to an
earlier one and forward again, while readers read a list of the ledger and writers write a record
and a row of the ledger. The longest wait of each is told for every migration. Those after the first
release must keep within the bound, in seconds.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from drills.blank import POSTGRES, blank
from drills.migrating import set_up
from drills.processes import folder_for_all
from drills.report import Report

# In the order in which they name each other: what may not be the same in a copy, and which rows.
_KINDS = "'agreement', 'meeting', 'exercise'"
_TABLES: dict[str, tuple[dict[str, str], str]] = {
    "engagement": (
        {"slug": "slug || '-' || n", "series_id": "NULL", "ordinal": "NULL"},
        "TRUE",
    ),
    "meeting": ({}, "TRUE"),
    "agreement": ({}, "TRUE"),
    "exercise": ({}, "TRUE"),
    "participant": ({}, "TRUE"),
    "publication": (
        {
            "slug": "slug || '-' || n",
            "sha256": "encode(sha256((id || '-' || n)::bytea), 'hex')",
            "sequence": "sequence + n * 100000",
        },
        f"kind IN ({_KINDS})",
    ),
    "publicationfacet": ({"sequence": "sequence + n * 100000"}, f"kind IN ({_KINDS})"),
}
READ = (
    "SELECT body FROM agreements_publication WHERE kind = 'meeting' AND superseded_at IS NULL"
    " ORDER BY undated, date_key DESC, sequence LIMIT 20"
)
# Undone at once, so that the same goes on at any time; the locks are those of a publication.
WRITE = (
    "UPDATE agreements_engagement SET summary = 'Written.' WHERE id = %(id)s",
    "UPDATE agreements_publication SET superseded_at = now() WHERE id = %(id)s",
    "DELETE FROM agreements_possibleduplicate WHERE first_id = %(id)s",
)


def multiply(url: str, records: int) -> int:
    """Multiply the shipped records up to so many engagements; return how many there are."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        found = connection.execute("SELECT count(*) FROM agreements_engagement").fetchone()
        assert found is not None
        times = -(-records // found[0]) - 1
        for table, (changes, which) in _TABLES.items():
            columns = [
                name
                for (name,) in connection.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema ="
                    " 'public' AND is_generated = 'NEVER' AND table_name = %s",
                    [f"agreements_{table}"],
                )
            ]
            values = [changes.get(name) or _moved(name) for name in columns]
            connection.execute(
                f"INSERT INTO agreements_{table} ({', '.join(columns)})"  # noqa: S608
                f" SELECT {', '.join(values)} FROM agreements_{table},"
                f" generate_series(1, {times}) n WHERE {which}"
            )
        connection.execute("VACUUM ANALYZE")
    return int(found[0]) * (times + 1)


def _moved(column: str) -> str:
    """Return a column's value in a copy: its own row's number, and those of rows copied too."""
    if column == "uid":
        return "gen_random_uuid()"
    own = ("id", "engagement_id", "engagement_ptr_id", "publication_id")
    return f"{column} + n * 100000::bigint" if column in own else column


class Clock:
    """The longest time that anybody waited since it was asked last, by what they did."""

    def __init__(self) -> None:
        self.longest: dict[str, float] = {}
        self.faults: list[str] = []

    def ask(self) -> dict[str, float]:
        longest, self.longest = self.longest, {}
        return longest


@contextmanager
def busy(url: str, clock: Clock) -> Iterator[None]:
    """Read and write without a pause within, each by two sessions."""
    over = threading.Event()

    def read(connection: psycopg.Connection) -> None:
        connection.execute(READ).fetchall()
        connection.commit()

    def write(connection: psycopg.Connection) -> None:
        for statement in WRITE:
            connection.execute(statement, {"id": 1})
        connection.rollback()

    def go_on(what: str, once: Callable[[psycopg.Connection], None]) -> None:
        with psycopg.connect(url) as connection:
            while not over.wait(0.02):
                began = time.monotonic()
                try:
                    once(connection)
                except psycopg.Error as error:
                    connection.rollback()
                    clock.faults.append(f"{what}: {str(error).splitlines()[0]}")
                waited = time.monotonic() - began
                clock.longest[what] = max(clock.longest.get(what, 0), waited)

    threads = [
        threading.Thread(target=go_on, args=[what, once])
        for what, once in (("reader", read), ("writer", write)) * 2
    ]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in threads:
            each.join()


def drill(report: Report, url: str, records: int, back: str, bound: float) -> None:
    """Go back to a state and forward again, a migration at a time, and check each wait."""
    from django.core.management import call_command

    from drills import filling, stepping

    call_command("migrate", verbosity=0)
    filling.fill()
    number = multiply(url, records)
    report.step(f"{number} records")
    names = stepping.migrations()
    first = next(place for place, name in enumerate(names) if name.startswith(back))
    steps = [*reversed(names[first:-1]), *names[first + 1 :]]
    clock = Clock()
    with busy(url, clock):
        time.sleep(1)
        usual = clock.ask()
        report.step(f"without a migration: {_told(usual)}")
        for place, name in enumerate(steps):
            began = time.monotonic()
            call_command("migrate", stepping.APP, name, verbosity=0)
            took, longest = time.monotonic() - began, clock.ask()
            forward = place >= len(names) - 1 - first
            told = f"took {took:.1f} s; longest {_told(longest)}"
            exempt = name in stepping.RELEASED or not forward
            what = f"{'forward' if forward else 'back'} to {name}{', not judged' * exempt}"
            report.check(exempt or max(longest.values()) <= bound, what, told)
    report.check(not clock.faults, "nobody was refused", clock.faults[:2] or "no error")


def _told(longest: dict[str, float]) -> str:
    return ", ".join(f"{what} {seconds:.2f} s" for what, seconds in sorted(longest.items()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--back", required=True, help="the migration to go back to, as 0008")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--bound", type=float, default=2.0, help="seconds that anybody may wait")
    parser.add_argument("--port", type=int, default=18455, help="of PostgreSQL")
    options = parser.parse_args()
    report = Report(f"Waiting for migrations, PostgreSQL, {options.records} records")
    with folder_for_all() as folder, blank(POSTGRES, Path(folder), options.port) as url:
        set_up(url, folder)
        drill(report, url, options.records, options.back, options.bound)
    report.print()
    return int(report.failed)


if __name__ == "__main__":
    sys.exit(main())
