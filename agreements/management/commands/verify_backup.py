"""Look whether a backup is whole and can be opened: `manage.py verify_backup FILE`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements.backups.restoring import check
from agreements.exceptions import BackupError


class Command(BaseCommand):
    help = "Compare every byte of a backup with its sums, and open the database that is in it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = check(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        rows = sum(manifest.contents.rows.values())
        self.stdout.write(f"{options['file']}: whole; {rows} rows as of {manifest.made_at}")
        self.stdout.write(f"head {manifest.contents.head}")
