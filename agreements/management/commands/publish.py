"""Publish approved records: `manage.py publish --all` or `manage.py publish meeting/SLUG …`."""

import argparse
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements import workflow
from agreements.exceptions import AgreementsError
from agreements.models import Reviewable
from agreements.records import REVIEWABLE


class Command(BaseCommand):
    help = "Append approved records to the ledger: those named, or all of them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("records", nargs="*", metavar="KIND/SLUG")
        parser.add_argument("--all", action="store_true", help="every approved record")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["records"]) == options["all"]:
            raise CommandError("Name records as KIND/SLUG, or say --all.")
        records = (
            workflow.approved()
            if options["all"]
            else [find_record(name) for name in dict.fromkeys(options["records"])]
        )
        try:
            rows = workflow.publish(records)
        except AgreementsError as error:
            raise CommandError(f"{error} Nothing was published.") from error
        for kind, count in sorted(Counter(row.kind for row in rows).items()):
            self.stdout.write(f"{kind}: {count} published")
        unchanged = len(records) - len(rows)
        if unchanged:
            self.stdout.write(f"{unchanged} published already as they are")
        if not records:
            self.stdout.write("Nothing is approved and waiting.")


def find_record(name: str) -> Reviewable:
    """Return the desk's record for KIND/SLUG; raise a CommandError where there is none."""
    kind, _, key = name.partition("/")
    if kind not in REVIEWABLE:
        raise CommandError(f"{name}: write KIND/SLUG with one of {', '.join(REVIEWABLE)}.")
    model = REVIEWABLE[kind]
    record = workflow.for_publication(model).filter(**{model.NATURAL_KEY[0]: key}).first()
    if record is None:
        raise CommandError(f"{name}: there is no such record.")
    return record
