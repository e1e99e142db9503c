"""Carry the present name of records to all that names them: `manage.py carry_names force/SLUG`."""

import argparse
from typing import Any

from django.core.management.base import CommandError

from agreements import workflow
from agreements.exceptions import AgreementsError
from agreements.management.outages import TellingOutages
from agreements.models import Publication


class Command(TellingOutages):
    help = (
        "Publish again every published record that names one of those given, with its name as it "
        "is public now: all of them at once or none. They go out under the approval of the "
        "rename; nothing else of them changes, and edits that wait on the desk stay there."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("record", metavar="KIND/KEY", help="such as force/vietnam-coast-guard")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, _, key = options["record"].partition("/")
        if kind not in Publication.Kind.values or not key:
            kinds = ", ".join(Publication.Kind.values)
            raise CommandError(f"{options['record']}: write KIND/KEY with one of {kinds}.")
        try:
            written = workflow.carry_name(kind, key, progress=self._progress)
        except AgreementsError as error:
            raise CommandError(f"{error} Nothing was published.") from error
        for name, count in sorted(written.items()):
            self.stdout.write(f"{name}: {count} published again")
        if not written:
            self.stdout.write("Every published record names it as it is called now.")

    def _progress(self, done: int, total: int) -> None:
        if done < total:
            self.stderr.write(f"{done} of {total} records")
