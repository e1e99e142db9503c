"""Withdraw a published record: `manage.py withdraw meeting/SLUG --reason … --by NAME`."""

import argparse
from typing import Any

from django.core.management.base import CommandError

from agreements import merging, workflow
from agreements.exceptions import AgreementsError
from agreements.management.commands.publish import find_record
from agreements.management.outages import TellingOutages
from agreements.models import Reviewable


class Command(TellingOutages):
    help = (
        "Withdraw a published record. Its address then answers 410 with the reason. With "
        "--merged-into what rests on it moves to the record that stays, and its address "
        "redirects there; where published records name it, these change first and are to be "
        "published before the same command completes the merge."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("record", metavar="KIND/SLUG")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--by", required=True, metavar="USERNAME")
        parser.add_argument("--merged-into", metavar="SLUG", help="of the same kind")

    def handle(self, *args: Any, **options: Any) -> None:
        record, by, reason = find_record(options["record"]), options["by"], options["reason"]
        try:
            if options["merged_into"]:
                winner = find_record(f"{record.record_kind}/{options['merged_into']}")
                self._merge(record, winner, by, reason)
            else:
                row = workflow.withdraw(record, by, reason)
                self.stdout.write(f"{row}: {row.get_state_display()}")
        except AgreementsError as error:
            raise CommandError(str(error)) from error

    def _merge(self, loser: Reviewable, winner: Reviewable, by: str, reason: str) -> None:
        outcome = merging.merge(loser, winner, by, reason)
        if outcome.tombstone:
            state = outcome.tombstone.get_state_display()
            self.stdout.write(f"{outcome.tombstone}: {state}")
        elif outcome.stage == merging.Stage.END:
            self.stdout.write(f"{loser.record_kind}/{loser.record_key}: merged and deleted")
        for draft in outcome.drafts:
            self.stdout.write(f"{draft.record_kind}/{draft.record_key}: a draft now")
        if outcome.stage == merging.Stage.MENTIONS:
            self.stdout.write("Publish the drafts, then run this again to complete the merge.")
