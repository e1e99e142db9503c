"""Withdraw a published record: `manage.py withdraw meeting/SLUG --reason … --by NAME`."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements import workflow
from agreements.exceptions import AgreementsError
from agreements.management.commands.publish import find_record


class Command(BaseCommand):
    help = (
        "Withdraw a published record. Its address then answers 410 with the reason, or with "
        "--merged-into redirects to the record that took its place."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("record", metavar="KIND/SLUG")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--by", required=True, metavar="USERNAME")
        parser.add_argument("--merged-into", metavar="SLUG", help="of the same kind")

    def handle(self, *args: Any, **options: Any) -> None:
        record = find_record(options["record"])
        successor = None
        if options["merged_into"]:
            successor = find_record(f"{record.record_kind}/{options['merged_into']}")
        try:
            row = workflow.withdraw(record, options["by"], options["reason"], successor)
        except AgreementsError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{row}: {row.get_state_display()}")
