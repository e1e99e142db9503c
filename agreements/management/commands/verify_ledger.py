"""Recompute every hash of the ledger: `manage.py verify_ledger`."""

import argparse
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from agreements import ledger, summary, triggers
from agreements.exceptions import LedgerError
from agreements.heads import snapshot
from agreements.management.outages import TellingOutages

# Of a file of pins, so many bytes are read.
_LARGEST = 10_000_000
_MISUSED = 2
# A ledger that is wrong throughout need not be told of row by row.
_MOST_NAMED = 10_000


class Command(TellingOutages):
    help = (
        "Recompute the ledger's hashes, chain, filter columns, facets and counts, and name the "
        "first bad row. Exits with 1 where there is one, with 2 where a head cannot be read."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="SEQUENCE:SHA256",
            help="a head that ledger_head printed, or that the API told (sequence and sha256 of "
            "changes/, or the sha256 of a record alone), or a file of such lines: that row must "
            "be there as it was, and so all before it. May be given several times.",
        )
        parser.add_argument(
            "--nothing-after",
            action="store_true",
            help="with --head: nothing was published since, so that a row behind it is a fault",
        )
        parser.add_argument(
            "--all", action="store_true", help="name every fault, a line each (the first 10,000)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pins = [pin for given in options["head"] for pin in _pins(given)]
        if options["nothing_after"] and not any(pin.sequence is not None for pin in pins):
            raise CommandError(
                "--nothing-after goes with --head SEQUENCE:SHA256.", returncode=_MISUSED
            )
        found = ledger.Verification(pins, options["nothing_after"])
        absent = triggers.missing(connection)
        at_most = _MOST_NAMED if options["all"] else 1
        try:
            with snapshot():
                told = list(islice(chain(found.faults(), _counts()), at_most))
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}") from error
        if absent:
            told.append(f"Triggers are missing: {', '.join(absent)}. Run manage.py migrate.")
        if told:
            raise CommandError("\n".join(told))
        head = f", head {found.head.sha256}" if found.rows else ""
        self.stdout.write(f"{found.rows} rows, all as written{head}")
        for pin in dict.fromkeys(pins):
            last = found.head.sequence or 0
            behind = "" if pin.sequence is None else f", {last - pin.sequence} since"
            self.stdout.write(f"{pin}: as pinned{behind}")


def _counts() -> Iterator[str]:
    try:
        yield from summary.faults()
    except (DatabaseError, ValueError, TypeError) as error:
        yield f"The counts cannot be compared with the ledger: {error}"


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _pins(given: str) -> list[ledger.Pin]:
    try:
        return [ledger.Pin.parse(given)]
    except LedgerError as error:
        if not _is_file(given):
            raise CommandError(str(error), returncode=_MISUSED) from error
    try:
        with Path(given).open(encoding="utf-8-sig") as file:
            found = ledger.pins_in(file.read(_LARGEST).splitlines())
    except (OSError, UnicodeDecodeError, LedgerError) as error:
        raise CommandError(f"{given}: {error}", returncode=_MISUSED) from error
    if not found:
        raise CommandError(f"{given}: there is no head in it.", returncode=_MISUSED)
    return found
