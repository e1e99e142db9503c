"""Load the shipped fixtures where the database lacks them: `manage.py load_fixtures`."""

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from agreements.management.outages import TellingOutages
from agreements.models import Publication


class Command(TellingOutages):
    help = (
        "Load fixtures/*.json, unless the ledger has rows already: then the desk may have "
        "moved on, and loading would take back what analysts changed since."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted(settings.FIXTURES_DIR.glob("*.json"))
        if Publication.objects.exists():
            self.stdout.write("The ledger has rows already; fixtures are left alone.")
            return
        if not files:
            raise CommandError(
                f"{settings.FIXTURES_DIR} has no *.json; run manage.py build_fixtures."
            )
        call_command("loaddata", *map(str, files), verbosity=options["verbosity"])
        rows = sum(len(json.loads(path.read_text(encoding="utf-8"))) for path in files)
        self.stdout.write(f"{rows} rows loaded from {len(files)} fixtures.")
