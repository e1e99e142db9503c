"""Make everything so again as a backup has it: `manage.py restore FILE`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from agreements.backups.restoring import remains, restore
from agreements.exceptions import BackupError


class Command(BaseCommand):
    help = (
        "Put a backup in the place of an empty database, or with --replace of any, then migrate it "
        "and verify its ledger. Everybody has to log in again. Whenever it is killed, the database "
        "is the old one or that of the backup. On SQLite the service has to be stopped."
    )
    # It may be restored in the place of what no check would let pass.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="also where the database is not empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest, aside = restore(options["file"], options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.contents.rows.values())
        self.stdout.write(f"{rows} rows as of {manifest.made_at}, and nobody is logged in")
        if aside:
            self.stdout.write(remains(aside))
        connections.close_all()
        self._bring_up_to_date()
        head = manifest.contents.head
        try:
            call_command("verify_ledger", "--head", head, "--nothing-after", stdout=self.stdout)
        except CommandError as error:
            raise CommandError(
                f"Restored, but its ledger is not as it was published: {error}"
            ) from error

    def _bring_up_to_date(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout)
        else:
            # What else stands in a database is put there after every `migrate`, the rights of roles
            # among it. Nothing is taken away before.
            emit_post_migrate_signal(0, False, connection.alias)
