"""Add the facets that rows of the ledger lack: `manage.py find_again`."""

from typing import Any

from agreements import ledger
from agreements.management.outages import TellingOutages


class Command(TellingOutages):
    help = (
        "Add what published records are found by and lack, since an older program wrote or "
        "dumped them. Answers that are kept stay as they were until the next publication."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{ledger.find_again()} facets added.")
