"""Count the published records again: `manage.py count_again`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from agreements import ledger, summary


class Command(BaseCommand):
    help = "Count the published records again, by which statistics and counts are answered."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            ledger.wait_for_publications()
            summary.renew()
        self.stdout.write("Counted.")
