"""Write the records of a kind to a CSV or XLSX file, in our own form."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from agreements.exceptions import ExchangeError
from agreements.exchange import files
from agreements.exchange.columns import COLUMNS
from agreements.exchange.resources import export_rows
from agreements.management.outages import TellingOutages
from agreements.records import KINDS_OF_RECORD


class Command(TellingOutages):
    """Writes every record of a kind; the file's ending says in which form."""

    help = "Writes the records of a kind to a CSV or XLSX file; docs/import-export.md explains it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(COLUMNS))
        parser.add_argument("file", type=Path, help="Ends with .csv or .xlsx.")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, file = options["kind"], options["file"]
        form = file.suffix.lower().removeprefix(".")
        if form not in files.FORMATS:
            raise CommandError("Let the file end with .csv or .xlsx.")
        rows = export_rows(kind, KINDS_OF_RECORD[kind]._default_manager.all())
        try:
            file.write_bytes(files.write(form, COLUMNS[kind], rows))
        except (ExchangeError, OSError) as error:
            raise CommandError(str(error)) from error
