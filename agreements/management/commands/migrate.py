"""Django's migrate, which on PostgreSQL waits for a lock for seconds only.

What cannot have its locks is given up with nothing of it done, says for whom it waited, and is
tried again. Where that is in vain, too, migrations before it stay: run it again later.
"""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from agreements.waiting import Bound, bounded, gave_up

# Seconds between one try and the next: those who queued meanwhile are served.
PAUSE = 2.0


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout",
            type=float,
            default=5.0,
            metavar="SECONDS",
            help="how long a migration may wait for a lock before it is given up (default 5;"
            " PostgreSQL only)",
        )
        parser.add_argument(
            "--tries",
            type=int,
            default=20,
            help="how often a migration is tried that was given up for a lock (default 20)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seconds, tries = options["lock_timeout"], options["tries"]
        if seconds < 0.001 or tries < 1:
            raise CommandError("--lock-timeout takes seconds above 0, and --tries a number from 1.")
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        for number in range(1, tries + 1):
            self.current = "what follows the migrations"
            with bounded(connection, seconds) as bound:
                try:
                    super().handle(*args, **options)
                except OperationalError as error:
                    if not gave_up(error):
                        raise
                else:
                    return
            self._say(bound, number, tries)
        raise CommandError(
            f"{self.current} could not have its locks; nothing of it was done, what came before it"
            " stays. End the sessions named above (SELECT pg_terminate_backend(number)) or wait"
            " for them, and run migrate again."
        )

    def migration_progress_callback(
        self, action: str, migration: Any = None, fake: bool = False
    ) -> None:
        if action in ("apply_start", "unapply_start"):
            self.current = str(migration)
        elif action in ("apply_success", "unapply_success"):
            self.current = "what follows the migrations"
        super().migration_progress_callback(action, migration, fake)

    def _say(self, bound: Bound, number: int, tries: int) -> None:
        holders = "; ".join(bound.holders) or "somebody who is gone by now"
        self.stderr.write(
            f"\n{self.current}: given up after {bound.milliseconds / 1000:g} s of waiting for a"
            f" lock (try {number} of {tries}). It waited for {holders}."
        )
        if number < tries:
            time.sleep(PAUSE)
