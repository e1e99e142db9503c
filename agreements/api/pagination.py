"""Cursor pages over the ledger: a place in the order, signed, and never a number of rows.

Every order ends in the row's sequence and uses no nullable column, so no row is lost or repeated.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from agreements.api.parameters import WholeNumber
from agreements.api.problems import BadParameters
from agreements.models import Publication

DEFAULT_SIZE = 20
MAX_SIZE = 100
_SALT = "agreements.cursor"

# Column and direction; records without a date come last in both orders by date.
ORDERS: dict[str, tuple[tuple[str, bool], ...]] = {
    "date": (("undated", True), ("date_key", True), ("sequence", True)),
    "-date": (("undated", True), ("date_key", False), ("sequence", True)),
    "published_at": (("published_at", True), ("sequence", True)),
    "-published_at": (("published_at", False), ("sequence", False)),
    "title": (("title_key", True), ("sequence", True)),
    "-title": (("title_key", False), ("sequence", False)),
}
SEQUENCE = "sequence"
_SEQUENCE_ORDER = ((SEQUENCE, True),)


class LedgerPagination(BasePagination):
    """Tells the OpenAPI description what pages look like; `page_of` makes them."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {
            "type": ["string", "null"],
            "format": "uri",
            "example": "https://example.org/api/v1/meetings/?cursor=…",
        }
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": address,
                "previous": address,
                "count": {
                    "type": "integer",
                    "description": "Only with count=true.",
                    "example": 1,
                },
                "results": schema,
            },
        }

    def get_results(self, data: dict[str, Any]) -> Any:
        return data["results"]


@dataclass
class Page:
    """Rows of one page, and the addresses of its neighbours."""

    rows: list[Publication]
    next: str | None
    previous: str | None
    count: int | None


def page_of(queryset: QuerySet, request: Request, ordering: str) -> Page:
    """Return the page of a query that the request's cursor, page_size and count ask for."""
    query = request.query_params
    size = _page_size(query.get("page_size"))
    order = _SEQUENCE_ORDER if ordering == SEQUENCE else ORDERS[ordering]
    backwards, place = False, None
    if "cursor" in query:
        backwards, place = _read_cursor(query["cursor"], ordering, order)
    rows = queryset.order_by(*(name if up != backwards else f"-{name}" for name, up in order))
    if place is not None:
        rows = rows.filter(_beyond(order, place, backwards))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    url = request.build_absolute_uri()

    def link(row: Publication, back: bool) -> str:
        values = [_plain(getattr(row, name)) for name, _ in order]
        cursor = signing.dumps([ordering, back, values], salt=_SALT)
        return replace_query_param(url, "cursor", cursor)

    following = previous = None
    if found:
        if more or backwards:
            following = link(found[-1], back=False)
        if more if backwards else place is not None:
            previous = link(found[0], back=True)
    elif place is not None:
        # Past either end, the way back is the first page.
        previous = remove_query_param(url, "cursor")
    return Page(found, following, previous, _count(queryset, query.get("count")))


def _page_size(value: str | None) -> int:
    if value is None:
        return DEFAULT_SIZE
    field = WholeNumber(1, MAX_SIZE)
    try:
        return field.clean(value) or DEFAULT_SIZE
    except Exception as error:
        raise BadParameters({"page_size": f"Write a whole number from 1 to {MAX_SIZE}."}) from error


def _count(queryset: QuerySet, value: str | None) -> int | None:
    if value not in (None, "true", "false"):
        raise BadParameters({"count": "Write true or false."})
    return queryset.count() if value == "true" else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _read_cursor(text: str, ordering: str, order: tuple) -> tuple[bool, list[Any]]:
    try:
        named, backwards, values = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadParameters(
            {"cursor": "Not one that this service gave; follow next and previous as they are."}
        ) from error
    if named != ordering or len(values) != len(order):
        raise BadParameters({"cursor": "It belongs to another ordering; begin again without it."})
    return backwards, [_typed(name, value) for (name, _), value in zip(order, values, strict=True)]


def _typed(name: str, value: Any) -> Any:
    return Publication._meta.get_field(name).to_python(value)  # type: ignore[union-attr]


def _beyond(order: tuple, place: list[Any], backwards: bool) -> Q:
    """Return the condition of lying after (or before) a place in an order of several columns."""
    condition, equal = Q(), Q()
    for (name, up), value in zip(order, place, strict=True):
        comparison = "gt" if up != backwards else "lt"
        condition |= equal & Q(**{f"{name}__{comparison}": value})
        equal &= Q(**{name: value})
    return condition
