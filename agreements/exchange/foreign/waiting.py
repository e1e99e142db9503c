"""A foreign file that waits on the server, for whoever brought it, until it is imported.

It is kept as a session of its own, as the tables of our own form are (see holding.py).
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.sessions.backends.db import SessionStore

from agreements.exchange.holding import KEPT_FOR, is_key, packed, unpacked
from agreements.exchange.tables import Row, Table

_NAME = "foreign import"


@dataclass
class Waiting:
    """A file that waits: its table; the mapping that it is read by, None before there is one.

    `without` are the rows that are left out of this import, `over` those whose records are taken
    from the file although somebody edited them. `preview` finds the preview that was made;
    `kept` are the rows whose records somebody edited: row, number of the record, title.
    """

    key: str
    table: Table
    mapping: int | None = None
    without: list[int] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    preview: str = ""
    kept: list[tuple[int, int, str]] = field(default_factory=list)


def keep(user: Any, table: Table) -> Waiting:
    """Keep a table for a user."""
    SessionStore.clear_expired()
    store = SessionStore()
    store[_NAME] = {"user": str(user.pk), "table": packed(asdict(table)), "said": {}}
    store.set_expiry(KEPT_FOR)
    store.create()
    return Waiting(str(store.session_key), table)


def find(user: Any, key: str) -> Waiting | None:
    """Return what a key finds; None where it is nobody's, or somebody else's."""
    if not is_key(key):
        return None
    found = SessionStore(key).load().get(_NAME) or {}
    if found.get("user") != str(user.pk):
        return None
    told = unpacked(found["table"])
    table = Table(**{**told, "rows": [Row(**row) for row in told["rows"]]})
    return Waiting(key, table, **found["said"])


def save(waiting: Waiting) -> None:
    """Keep what was said of a file; its table stays as it is."""
    store = SessionStore(waiting.key)
    told = {name: getattr(waiting, name) for name in _SAID}
    store[_NAME] = {**store[_NAME], "said": told}
    store.save()


_SAID = ("mapping", "without", "over", "preview", "kept")
