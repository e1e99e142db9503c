"""Import the records of a kind from a CSV or XLSX file in our own form, as drafts."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from agreements.exceptions import AgreementsError, ExchangeError
from agreements.exchange import files
from agreements.exchange.columns import COLUMNS
from agreements.exchange.preview import carry_out, preview
from agreements.management.outages import TellingOutages


class Command(TellingOutages):
    """Imports a file: all of it in one transaction, or nothing; a second time changes nothing."""

    help = "Imports records from a CSV or XLSX file, as drafts; docs/import-export.md explains it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(COLUMNS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--sheet", default="", help="Of an XLSX file with several.")
        parser.add_argument("--by", default="", help="Who answers for it, noted in the history.")
        parser.add_argument("--dry-run", action="store_true", help="Store nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, file = options["kind"], options["file"]
        try:
            table = files.read(file.name, file.read_bytes(), options["sheet"])
            made = preview(kind, table)
            if made.problems:
                raise ExchangeError(made.problems)
            if not options["dry_run"]:
                carry_out(kind, table, options["by"], made.fingerprint)
        except (AgreementsError, OSError) as error:
            raise CommandError(str(error)) from error
        told = ", ".join(f"{count} {name}" for name, count in made.counts.items() if count)
        self.stdout.write(f"{kind}: {told or 'no rows'}")
        for line in made.lines:
            for note in line.notes:
                self.stdout.write(f"{line.number}: {note}")
