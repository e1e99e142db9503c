"""JSON as the ledger stores it, written out without being parsed."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework.renderers import BaseRenderer

from agreements.ledger import public_json
from agreements.models import Publication


class JSONText(str):
    """A text that is JSON already."""

    __slots__ = ()


class StoredJSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        return (data if isinstance(data, JSONText) else to_json(data)).encode()


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


def page_text(
    texts: Iterable[str], following: str | None, previous: str | None, count: int | None
) -> JSONText:
    """Return a list's JSON around the records' own."""
    head = f'{{"next":{to_json(following)},"previous":{to_json(previous)},'
    if count is not None:
        head += f'"count":{count},'
    return JSONText(f'{head}"results":[{",".join(texts)}]}}')
