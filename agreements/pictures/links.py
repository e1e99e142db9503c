"""Where the public API lists the records that a part of a picture stands for."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from agreements.pictures.matrix import UNCERTAIN, Column, Matrix, Row
from agreements.pictures.network import Network, Tie
from agreements.pictures.selection import KINDS, Selection

_PLURALS = {"agreement": "agreements", "meeting": "meetings", "exercise": "exercises"}


def record(kind: str, slug: str) -> str:
    """Return the public address of a record."""
    return f"{reverse('api-root')}{_PLURALS[kind]}/{slug}/"


def cell(picture: Matrix, row: Row | None, column: Column | None) -> str | None:
    """Return the list of a cell's records; None where the API has no list of exactly these."""
    narrowed: dict[str, Any] = {}
    if row is not None:
        if row.side is None:
            return None
        narrowed["country" if row.side.is_country else "force"] = [row.side.key]
    if isinstance(column, int):
        year = f"{column:04}"
        narrowed |= {"date_from": year, "date_to": year, "date_certain": "true"}
    elif column == UNCERTAIN:
        narrowed["date_certain"] = "false"
    elif column is not None:
        return None
    return _listed(picture.selection, narrowed)


def tie(picture: Network, pair: Tie) -> str | None:
    """Return the list of what two forces did together; None where one is a country alone."""
    if pair.one.is_country or pair.other.is_country:
        return None
    asked = picture.selection
    forces = [side.key for side in (pair.one, pair.other) if side.key != asked.force]
    return _listed(asked, {"force": forces})


def _listed(selection: Selection, narrowed: dict[str, Any]) -> str | None:
    query = selection.query(narrowed)
    if query is None:
        return None
    kind = selection.kinds[0] if len(selection.kinds) < len(KINDS) else None
    plural = _PLURALS[kind] if kind else "engagements"
    return f"{reverse('api-root')}{plural}/?{urlencode(query, doseq=True)}"
