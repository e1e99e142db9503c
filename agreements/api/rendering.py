"""The forms that answers come in: JSON as the ledger stores it, CSV, and JSON lines."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from agreements.catalogue.texts import JSONText, to_json


class StoredJSONRenderer(BaseRenderer):
    """JSON texts as they are, and data as JSON."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        return (data if isinstance(data, JSONText) else to_json(data)).encode()


class CSVRenderer(StoredJSONRenderer):
    """Names the form to content negotiation; `api.lists` writes it."""

    media_type = "text/csv"
    format = "csv"


class JSONLinesRenderer(StoredJSONRenderer):
    """Names the form to content negotiation; `api.lists` writes it."""

    media_type = "application/x-ndjson"
    format = "ndjson"


LIST_RENDERERS = (StoredJSONRenderer, CSVRenderer, JSONLinesRenderer)


def page_text(
    texts: Iterable[str],
    following: str | None,
    previous: str | None,
    count: int | None,
    about: Mapping[str, Any],
) -> JSONText:
    """Return a list's JSON around the records' own."""
    head = f'{{"next":{to_json(following)},"previous":{to_json(previous)},'
    if count is not None:
        head += f'"count":{count},'
    head += "".join(f'"{name}":{to_json(value)},' for name, value in about.items())
    return JSONText(f'{head}"results":[{",".join(texts)}]}}')
