"""Attach the texts of documents and verify every quotation: `manage.py attach_texts DIR`."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from agreements import workflow
from agreements.intake.alike import explained, republished
from agreements.intake.texts import Attached, attach_text
from agreements.management.outages import TellingOutages
from agreements.models import Document


class Command(TellingOutages):
    help = (
        "Attach texts (*.txt) to the documents whose SHA-256 they have, and verify every "
        "quotation from them. Fails when a quotation is not where its citation says."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path = options["directory"]
        if not directory.is_dir():
            raise CommandError(f"{directory} is not a folder.")
        outcomes, unknown = [], []
        with transaction.atomic():
            for path in sorted(directory.glob("*.txt")):
                raw = path.read_bytes()
                document = Document.objects.filter(sha256=hashlib.sha256(raw).hexdigest()).first()
                if document is None:
                    unknown.append(path.name)
                else:
                    outcomes.append(self._attach(document, path, raw))
        for name in unknown:
            self.stdout.write(f"{name}: no document has this SHA-256; left alone.")
        missing = Document.objects.filter(sha256__isnull=False, held_text__isnull=True)
        for document in missing:
            self.stdout.write(f"{document.slug}: no text attached.")
        lost = [found for outcome in outcomes for found in outcome.lost]
        for found in lost:
            self.stderr.write(str(found))
        if lost:
            raise CommandError(f"{len(lost)} quotation(s) are not where they say.")

    def _attach(self, document: Document, path: Path, raw: bytes) -> Attached:
        try:
            outcome = attach_text(document, raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise CommandError(f"{path.name}: not UTF-8; nothing was attached.") from error
        self.stdout.write(
            f"{path.name}: {document.slug}: {outcome.verified} quotation(s) verified, "
            f"{len(outcome.lost)} not found."
        )
        for alike in republished(document):
            line = explained(alike, document.published)
            self.stdout.write(f"  perhaps a republication of {alike.document.slug}: {line}")
        for record in outcome.records:
            if workflow.record_verification(record):
                self.stdout.write(f"  {record}: to be published again.")
        return outcome
