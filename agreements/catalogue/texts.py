"""Records as JSON texts, written out as the ledger stores them."""

import json
from collections.abc import Sequence
from typing import Any

from agreements.ledger import public_json
from agreements.models import Publication


class JSONText(str):
    """A text that is JSON already."""

    __slots__ = ()


def to_json(data: Any) -> JSONText:
    """Return data as JSON in the form that the ledger uses."""
    return JSONText(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def record_text(
    row: Publication, fields: Sequence[str] | None = None, more: dict[str, Any] | None = None
) -> JSONText:
    """Return a record's public JSON with `more` keys, found at reading; or only `fields` of it."""
    found = {name: to_json(value) for name, value in (more or {}).items()}
    text = public_json(row, **found)
    if fields is None:
        return JSONText(text)
    record = json.loads(text)
    return to_json({name: record[name] for name in record if name in fields})
