"""Make a release of the published data: `manage.py make_release 1.2.0`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from agreements.exceptions import ReleaseError
from agreements.management.outages import TellingOutages
from agreements.outages import outage_of
from agreements.releases.edition import Former, head_of, version_key
from agreements.releases.making import make, rebuild


class Command(TellingOutages):
    help = (
        "Freeze what is published as a data set that never changes, and serve it under "
        "/api/v1/releases/VERSION/. With --output, only write its files into a folder, to "
        "compare them: the same ledger gives the same bytes."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("release", metavar="VERSION", help="such as 1.2.0 or 2026.11")
        parser.add_argument(
            "--head", type=int, metavar="N", help="the last row of the ledger; else the newest"
        )
        parser.add_argument("--notes", default="", help="what readers should know of it")
        parser.add_argument(
            "--output", type=Path, metavar="DIR", help="write the files here, and register nothing"
        )
        parser.add_argument(
            "--previous",
            metavar="VERSION:HEAD",
            help="with --output: the release before, where it was not made in this database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["output"] is not None:
                self._rebuild(**options)
            elif options["previous"] is not None:
                raise CommandError("--previous goes with --output: what was made here is known.")
            else:
                self._make(**options)
        except ReleaseError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            if outage_of(error):
                raise
            raise CommandError(f"The files cannot be written: {error}") from error

    def _make(self, release: str, head: int | None, notes: str, **options: Any) -> None:
        made = make(release, head, notes)
        folder = settings.RELEASES_DIR / made.version
        self.stdout.write(
            f"Release {made.version}: {made.counts['records']} records up to row "
            f"{made.head_sequence}, {len(made.files)} files in {folder}"
        )

    def _rebuild(
        self,
        release: str,
        output: Path,
        head: int | None,
        notes: str,
        previous: str | None,
        **options: Any,
    ) -> None:
        former = previous_release(previous) if previous is not None else None
        built, different = rebuild(release, output, head, former, notes)
        self.stdout.write(f"Release {release}: {len(built.files)} files in {output}")
        if different:
            raise CommandError(f"Not as they were made here: {', '.join(different)}.")
        if different is not None:
            self.stdout.write("Byte for byte as they were made here.")


def previous_release(text: str) -> Former:
    """Return the release that VERSION:HEAD names; raise a ReleaseError where it names none."""
    version, _, number = text.partition(":")
    version_key(version)
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise ReleaseError(f"{text!r}: write VERSION:HEAD, such as 1.1.0:250.")
    return Former(version, head_of(int(number)))
