"""Records as JSON texts, written out as the ledger stores them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from agreements.ledger import encode, instant, instant_written, public_json
from agreements.models import Publication


class JSONText(str):
    """A text that is JSON already."""

    __slots__ = ()

    def parsed(self) -> Any:
        """Return what it says."""
        return orjson.loads(self.encode())


def to_json(data: Any) -> JSONText:
    """Return data as JSON in the form that the ledger uses."""
    return JSONText(encode(data))


class Row(NamedTuple):
    """What a record's public JSON is made of: a publication's own columns, as the database has
    them. Its time is text, since a list would spend most of its time on making dates of those.
    """

    body: str
    revision: int
    at: str
    sha256: str
    kind: str
    slug: str


def record_text(
    row: Publication | Row, fields: Sequence[str] | None = None, more: dict[str, Any] | None = None
) -> JSONText:
    """Return a record's public JSON with `more` keys, found at reading; or only `fields` of it."""
    at = instant(row.published_at) if isinstance(row, Publication) else instant_written(row.at)
    found = {name: to_json(value) for name, value in more.items()} if more else {}
    text = public_json(row, at, **found)
    if fields is None:
        return JSONText(text)
    record = orjson.loads(text)
    return to_json({name: record[name] for name in record if name in fields})
