"""Recompute every hash of the ledger: `manage.py verify_ledger`."""

from itertools import chain
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from agreements import ledger, summary, triggers
from agreements.heads import snapshot
from agreements.management.outages import TellingOutages
from agreements.models import Publication


class Command(TellingOutages):
    help = "Recompute the ledger's hashes, chain and filter columns; name the first bad row."

    def handle(self, *args: Any, **options: Any) -> None:
        absent = triggers.missing(connection)
        if absent:
            raise CommandError(f"Triggers are missing: {', '.join(absent)}. Run manage.py migrate.")
        with snapshot():
            fault = next(chain(ledger.verify(), summary.faults()), None)
        if fault:
            raise CommandError(fault)
        last = Publication.objects.order_by("-sequence").first()
        head = f", head {last.sha256}" if last else ""
        self.stdout.write(f"{Publication.objects.count()} rows, all as written{head}")
