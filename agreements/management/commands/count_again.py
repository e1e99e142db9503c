"""Count the published records again: `manage.py count_again`."""

from typing import Any

from django.db import transaction

from agreements import ledger, summary
from agreements.management.outages import TellingOutages


class Command(TellingOutages):
    help = "Count the published records again, by which statistics and counts are answered."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            ledger.wait_for_publications()
            summary.renew()
        self.stdout.write("Counted.")
