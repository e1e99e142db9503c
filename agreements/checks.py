"""What is worth a warning when the database is set up."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

# Before it, a WAL database can be corrupted when a checkpoint and a write meet just so.
WAL_SOUND_SINCE = (3, 51, 3)


@register(Tags.database)
def sqlite_is_sound(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of an SQLite with the known fault in write-ahead logging."""
    used = any(connections[alias].vendor == "sqlite" for alias in databases or ())
    if not used or sqlite3.sqlite_version_info >= WAL_SOUND_SINCE:
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} has a rare fault in write-ahead logging.",
            hint="Fine for trying out; for service use PostgreSQL, or SQLite 3.51.3 or newer.",
            id="agreements.W001",
        )
    ]
