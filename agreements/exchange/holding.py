"""A table that waits for somebody to agree to its import, with the preview that they read.

It is kept on the server as a session of its own, beside the one of the account: any process finds
it, nobody else does, and it goes by itself.
"""

import base64
import json
import re
import zlib
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore

from agreements.exchange.preview import Preview, preview
from agreements.exchange.tables import Row, Table

KEPT_FOR = timedelta(hours=2)
_KEY = re.compile(r"[a-z0-9]{32}")


def keep(user: Any, kind: str, table: Table, made: Preview | None = None, key: str = "") -> str:
    """Keep a table for a user with its preview, and return the key that finds them again.

    With a key, what it finds is replaced. Raises an ExchangeError where there can be no preview.
    """
    SessionStore.clear_expired()
    store = SessionStore(key if key and _held(user, kind, key) else None)
    store["import"] = {
        "user": str(user.pk),
        "kind": kind,
        "table": packed(asdict(table)),
        "preview": packed((made or preview(kind, table)).as_json()),
    }
    store.set_expiry(KEPT_FOR)
    if store.session_key is None:
        store.create()
    # Somebody may have thrown it away this moment.
    with suppress(UpdateError):
        store.save()
    return str(store.session_key)


def held_preview(user: Any, kind: str, key: str) -> Preview | None:
    """Return the preview that a key finds; None where it is nobody's, or somebody else's."""
    found = _held(user, kind, key)
    return Preview.from_json(unpacked(found["preview"])) if found else None


def held_table(user: Any, kind: str, key: str) -> Table | None:
    """Return the table that a key finds, as above."""
    found = _held(user, kind, key)
    if not found:
        return None
    told = unpacked(found["table"])
    return Table(**{**told, "rows": [Row(**row) for row in told["rows"]]})


def forget(user: Any, kind: str, key: str) -> None:
    """Throw away what a key finds."""
    if _held(user, kind, key):
        SessionStore(key).delete()


def _held(user: Any, kind: str, key: str) -> dict[str, str] | None:
    if not is_key(key):
        return None
    found = SessionStore(key).load().get("import") or {}
    mine = (found.get("user"), found.get("kind")) == (str(user.pk), kind)
    return found if mine else None


def is_key(text: str) -> bool:
    """Whether a text can be the key of something that is kept."""
    return bool(_KEY.fullmatch(text))


def packed(value: Any) -> str:
    """Return what JSON can hold as a short text."""
    return base64.b85encode(zlib.compress(json.dumps(value).encode(), 3)).decode()


def unpacked(text: str) -> Any:
    """Return what `packed` made a text of."""
    return json.loads(zlib.decompress(base64.b85decode(text)))
