"""Print the head of the ledger, to be kept outside: `manage.py ledger_head`."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand

from agreements import ledger
from agreements.heads import head_at


class Command(BaseCommand):
    help = (
        "Print the last row of the ledger as SEQUENCE:SHA256 and its time. Kept where nobody who "
        "can write to the database can write, it is what verify_ledger --head checks against."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print it as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        head = head_at()
        at = ledger.instant(head.published_at) if head.published_at else None
        if options["json"]:
            told = {"sequence": head.sequence, "sha256": head.sha256, "published_at": at}
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(" ".join(filter(None, (f"{head.sequence}:{head.sha256}", at))))
