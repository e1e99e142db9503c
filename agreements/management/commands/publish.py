"""Publish approved records: `manage.py publish --all` or `manage.py publish meeting/SLUG …`."""

import argparse
from collections import Counter
from typing import Any

from django.core.management.base import CommandError

from agreements import workflow
from agreements.exceptions import AgreementsError
from agreements.management.outages import TellingOutages
from agreements.models import Reviewable
from agreements.records import REVIEWABLE, whole


class Command(TellingOutages):
    help = "Append approved records to the ledger: those named, or all of them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("records", nargs="*", metavar="KIND/SLUG")
        parser.add_argument("--all", action="store_true", help="every approved record")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["records"]) == options["all"]:
            raise CommandError("Name records as KIND/SLUG, or say --all.")
        try:
            total, written = self._publish_all() if options["all"] else _publish(options["records"])
        except AgreementsError as error:
            raise CommandError(f"{error} Nothing was published.") from error
        for kind, count in sorted((+written).items()):
            self.stdout.write(f"{kind}: {count} published")
        unchanged = total - written.total()
        if unchanged:
            self.stdout.write(f"{unchanged} published already as they are")
        if not total:
            self.stdout.write("Nothing is approved and waiting.")

    def _publish_all(self) -> tuple[int, Counter[str]]:
        of = [0]

        def progress(done: int, total: int) -> None:
            of[0] = total
            if done < total:
                self.stderr.write(f"{done} of {total} records")

        written = workflow.publish_approved(progress=progress)
        return of[0], written


def _publish(names: list[str]) -> tuple[int, Counter[str]]:
    records = [find_record(name) for name in dict.fromkeys(names)]
    return len(records), Counter(row.kind for row in workflow.publish(records))


def find_record(name: str) -> Reviewable:
    """Return the desk's record for KIND/SLUG; raise a CommandError where there is none."""
    kind, _, key = name.partition("/")
    if kind not in REVIEWABLE:
        raise CommandError(f"{name}: write KIND/SLUG with one of {', '.join(REVIEWABLE)}.")
    model = REVIEWABLE[kind]
    record = whole(model).filter(**{model.NATURAL_KEY[0]: key}).first()
    if record is None:
        raise CommandError(f"{name}: there is no such record.")
    return record
