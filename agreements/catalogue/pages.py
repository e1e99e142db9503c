"""Cursor pages over the ledger: a place in the order, signed, and never a number of rows.

Every order ends in the row's sequence and uses no nullable column, so no row is lost or repeated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.utils.urls import remove_query_param, replace_query_param

from agreements.catalogue.parameters import WholeNumber
from agreements.exceptions import BadParameters
from agreements.models import Publication

DEFAULT_SIZE = 20
MAX_SIZE = 100
_SALT = "agreements.cursor"

Order = tuple[tuple[str, bool], ...]

# So many rows are looked through before an index is asked for the few that may be sought.
NEAR_ENOUGH = 1000


class Near(NamedTuple):
    """How to look through the rows near a place: all that are `listed`, and those sought."""

    listed: QuerySet
    rows: QuerySet


# Column and direction; records without a date come last in both orders by date.
ORDERS: dict[str, Order] = {
    "date": (("undated", True), ("date_key", True), ("sequence", True)),
    "-date": (("undated", True), ("date_key", False), ("sequence", True)),
    # Rows are written in the order of their times.
    "published_at": (("sequence", True),),
    "-published_at": (("sequence", False),),
    "title": (("title_key", True), ("sequence", True)),
    "-title": (("title_key", False), ("sequence", False)),
}
SEQUENCE = "sequence"
_SEQUENCE_ORDER = ((SEQUENCE, True),)


@dataclass
class Page:
    """Rows of one page, and the addresses of its neighbours."""

    rows: Sequence[Any]
    next: str | None
    previous: str | None
    count: int | None


def page_of(
    queryset: QuerySet,
    query: QueryDict,
    address: str,
    ordering: str,
    within: Sequence[Q] = (Q(),),
    near: Near | None = None,
) -> Page:
    """Return the page of rows that cursor, page_size and count ask for.

    `address` is that of the page itself; its neighbours' are made from it. Each row fulfils one of
    the conditions `within`, which are asked one by one. Rows are looked for `near` the place first,
    where that is given.
    """
    size = _page_size(query.get("page_size"))
    order = order_of(ordering)
    backwards, place = False, None
    if "cursor" in query:
        backwards, place = _read_cursor(str(query["cursor"]), ordering, order)
    beyond = [Q()] if place is None else list(_beyond(order, place, backwards))
    parts = [queryset.filter(part) for part in beyond]
    if near is not None:
        # Those that share the place's own value are few.
        shared = [] if place is None or len(order) == 1 else beyond[:1]
        rest = _sections(order) if place is None else beyond[len(shared) :]
        parts = [near.rows.filter(part) for part in shared]
        parts += _divided(near, queryset, order, rest, backwards)
    found: list[Any] = []
    for part in parts:
        found += _first(part, within, order, backwards, size + 1 - len(found))
        if len(found) > size:
            break
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()

    def link(row: Publication, back: bool) -> str:
        return replace_query_param(address, "cursor", cursor_at(row, ordering, back))

    following = previous = None
    if found:
        if more or backwards:
            following = link(found[-1], back=False)
        if more if backwards else place is not None:
            previous = link(found[0], back=True)
    elif place is not None:
        # Past either end, the way back is the first page.
        previous = remove_query_param(address, "cursor")
    return Page(found, following, previous, _count(queryset, query.get("count")))


def cursor_at(row: Any, ordering: str, back: bool = False) -> str:
    """Return the cursor of the page that begins behind a row, or ends before it."""
    values = [_plain(getattr(row, name)) for name, _up in order_of(ordering)]
    # Without a time in it: a page's bytes stay the same for as long as its records do.
    return signing.Signer(salt=_SALT).sign_object([ordering, back, values])


def order_of(ordering: str) -> Order:
    """Return the columns and directions of an ordering."""
    return _SEQUENCE_ORDER if ordering == SEQUENCE else ORDERS[ordering]


def order_names(order: Order, backwards: bool = False) -> list[str]:
    """Return an order as `order_by` takes it."""
    return [name if up != backwards else f"-{name}" for name, up in order]


def _page_size(value: str | None) -> int:
    if value is None:
        return DEFAULT_SIZE
    try:
        return WholeNumber(1, MAX_SIZE).clean(value) or DEFAULT_SIZE
    except ValidationError as error:
        raise BadParameters({"page_size": " ".join(error.messages)}) from error


def _count(queryset: QuerySet, value: str | None) -> int | None:
    if value not in (None, "true", "false"):
        raise BadParameters({"count": _("Write true or false.")})
    return queryset.count() if value == "true" else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _read_cursor(text: str, ordering: str, order: Order) -> tuple[bool, list[Any]]:
    try:
        named, backwards, values = signing.Signer(salt=_SALT).unsign_object(text)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadParameters(
            {"cursor": _("Not one that this service gave; follow next and previous as they are.")}
        ) from error
    if named != ordering or len(values) != len(order):
        raise BadParameters(
            {"cursor": _("It belongs to another ordering; begin again without it.")}
        )
    return backwards, [
        _typed(name, value) for (name, _up), value in zip(order, values, strict=True)
    ]


def _typed(name: str, value: Any) -> Any:
    return Publication._meta.get_field(name).to_python(value)  # type: ignore[union-attr]


def _first(
    rows: QuerySet, within: Sequence[Q], order: Order, backwards: bool, most: int
) -> list[Any]:
    """Return the first rows in an order, of those that fulfil any of the conditions."""
    ordered = rows.order_by(*order_names(order, backwards))
    found = [row for each in within for row in ordered.filter(each)[:most]]
    if len(within) > 1:
        for name, up in reversed(order):
            found.sort(key=attrgetter(name), reverse=up == backwards)
    return found[:most]


def _divided(
    near: Near, queryset: QuerySet, order: Order, parts: list[Q], backwards: bool
) -> Iterator[QuerySet]:
    """Yield the parts of a list, of which the first is divided behind the rows that are near.

    Where many rows fulfil a condition, a page of them is found among those, for the price of a
    thousand rows; where few do, an index finds them all.
    """
    name, up = order[-2] if len(order) > 1 else order[-1]
    closer, further = ("lt", "gte") if up != backwards else ("gt", "lte")
    first, *others = parts
    ahead = near.listed.filter(first).order_by(*order_names(order, backwards))
    edge = ahead.values_list(name, flat=True)[NEAR_ENOUGH : NEAR_ENOUGH + 1].first()
    if edge is None:
        yield near.rows.filter(first)
    else:
        yield near.rows.filter(first, **{f"{name}__{closer}": edge})
        yield queryset.filter(first, **{f"{name}__{further}": edge})
    yield from (queryset.filter(other) for other in others)


def _sections(order: Order) -> list[Q]:
    """Return the parts of a whole list: with a date and without, or one."""
    if order[0][0] != "undated":
        return [Q()]
    return [Q(undated=False), Q(undated=True)]


def _beyond(order: Order, place: Sequence[Any], backwards: bool) -> Iterator[Q]:
    """Yield, in their order, the parts of the rows that lie after (or before) a place.

    Each is one stretch of an index on the order's columns: what is equal in all but the last one,
    then in all but the last two, and so on. So a page far down the list costs what the first one
    does; a single condition on all columns would be read from the start.
    """
    columns = [
        (name, "gt" if up != backwards else "lt", value)
        for (name, up), value in zip(order, place, strict=False)
    ]
    while columns:
        *columns, (name, side, value) = columns
        yield Q(
            **{each: same for each, _side, same in columns},
            **{f"{name}__{side}": value},
        )
