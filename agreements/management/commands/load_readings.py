"""Load readings onto the desk: `manage.py load_readings seeds/`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from agreements.exceptions import AgreementsError, ReadingError
from agreements.management.outages import TellingOutages
from agreements.readings import Report, read_batch, store_batch

_REPORT_EVERY = 100


class Command(TellingOutages):
    help = (
        "Load readings (YAML files, or folders of them) onto the desk. Everything is checked "
        "first; all of it is stored or nothing. Loading the same again changes nothing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--dry-run", action="store_true", help="check and report, store nothing"
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="also replace records that were edited by hand since they were loaded",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = read_batch(options["paths"])
            report = store_batch(
                batch,
                overwrite=options["overwrite"],
                dry_run=options["dry_run"],
                progress=self._progress,
            )
        except ReadingError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(error.problems)} error(s); nothing was stored.") from error
        except AgreementsError as error:
            raise CommandError(f"{error} Nothing was stored.") from error
        self._write(report)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was stored.")

    def _progress(self, done: int, total: int) -> None:
        if done % _REPORT_EVERY == 0 and done < total:
            self.stderr.write(f"{done} of {total} records")

    def _write(self, report: Report) -> None:
        kinds = sorted({*report.created, *report.changed, *report.unchanged})
        self.stdout.write(f"{'':<12}{'created':>9}{'changed':>9}{'unchanged':>11}")
        for kind in kinds:
            row = f"{report.created[kind]:>9}{report.changed[kind]:>9}{report.unchanged[kind]:>11}"
            self.stdout.write(f"{kind:<12}{row}")
        for name in report.kept:
            self.stdout.write(f"kept as edited on the desk (--overwrite replaces it): {name}")
        for path in report.unverified:
            self.stdout.write(f"quotations not verified as they stand: {path}")
