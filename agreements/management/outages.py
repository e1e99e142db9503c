"""Commands that say in words when the disk is full or the database cannot be reached."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from agreements.outages import Outage, outage_of

_WORDS = {
    Outage.FULL: (
        "The disk is full or cannot be written, so nothing of this was stored. Make room, and run "
        "it again."
    ),
    Outage.BUSY: (
        "Somebody else's change held the database for too long, so nothing of this was stored. "
        "Run it again."
    ),
    Outage.AWAY: (
        "The database cannot be reached, or went away meanwhile. Run this again: where it was "
        "stored already, that changes nothing."
    ),
    Outage.STOPPED: (
        "The database gave this up, since it took longer than its server allows or somebody "
        "stopped it there; nothing of this was stored."
    ),
}


class TellingOutages(BaseCommand):
    """A command that ends with a plain error where its database or disk failed it."""

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except (DatabaseError, OSError) as error:
            outage = outage_of(error)
            if outage is None:
                raise
            told = str(error).strip().splitlines() or [type(error).__name__]
            raise CommandError(f"{_WORDS[outage]} ({told[0]})") from error
