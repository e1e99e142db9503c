"""Verify readings against texts and note it in them: `manage.py verify_readings PATH… DIR`."""

import argparse
import hashlib
import re
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from agreements.exceptions import ReadingError
from agreements.management.outages import TellingOutages
from agreements.readings import read_batch, verify_reading
from agreements.readings.batch import Reading
from agreements.readings.verification import quotations_digest, quotations_of

_BLOCK = re.compile(r"^verified:.*(?:\n|\Z)(?:[ \t]+.*(?:\n|\Z))*", re.MULTILINE)
_BEFORE = re.compile(r"^(?=read_by:)", re.MULTILINE)


class Command(TellingOutages):
    help = (
        "Verify every quotation of readings against the texts in a folder, and write what was "
        "verified into each reading, so that it is known also where the texts are absent."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--texts", type=Path, required=True, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        texts = {
            hashlib.sha256(raw).hexdigest(): raw
            for path in sorted(options["texts"].glob("*.txt"))
            if (raw := path.read_bytes())
        }
        try:
            batch = read_batch(options["paths"])
        except ReadingError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(error.problems)} error(s).") from error
        failures = 0
        for reading in batch.readings:
            if reading.document:
                failures += self._verify(reading, texts)
        if failures:
            raise CommandError(f"{failures} quotation(s) are not where they say.")

    def _verify(self, reading: Reading, texts: dict[str, bytes]) -> int:
        path, sha256 = reading.item.place.path, reading.item["document"]["sha256"]
        if sha256 not in texts:
            self.stdout.write(f"{path}: no text with its SHA-256; left as it is.")
            return 0
        try:
            failures = verify_reading(reading.item, texts[sha256].decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise CommandError(f"{path}: its text is not UTF-8.") from error
        for line in failures:
            self.stderr.write(line)
        count = sum(1 for _ in quotations_of(reading.item))
        self.stdout.write(f"{path}: {count - len(failures)} of {count} quotations verified.")
        if not failures:
            block = (
                f"verified:\n  sha256: {sha256}\n  quotations: {count}\n"
                f"  digest: {quotations_digest(reading.item)}\n"
            )
            text = _BLOCK.sub("", path.read_text(encoding="utf-8-sig"))
            marked, places = _BEFORE.subn(block, text, count=1)
            if not places:
                raise CommandError(f"{path}: begin a line with read_by: to have it marked.")
            path.write_text(marked, encoding="utf-8")
        return len(failures)
