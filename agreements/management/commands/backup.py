"""Write everything into one file: `manage.py backup FILE`."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from agreements.backups.making import make
from agreements.exceptions import BackupError


class Command(BaseCommand):
    help = (
        "Write the database as it stands now and the files of its releases into one file, while "
        "the service goes on. It holds drafts, texts and the hashes of passwords, but nobody's "
        "session; keep it where only those can read it who may read the database."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "target",
            type=Path,
            metavar="FILE",
            help="a file that there is not yet, or a folder, where it is named by its time",
        )
        parser.add_argument(
            "--without-releases", action="store_true", help="leave out the files of releases"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path, manifest = make(options["target"], not options["without_releases"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {str(error).strip()}") from error
        rows = sum(manifest.contents.rows.values())
        self.stdout.write(f"{path}: {rows} rows, {path.stat().st_size} bytes")
        self.stdout.write(f"head {manifest.contents.head}")
