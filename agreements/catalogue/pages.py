"""Cursor pages over the ledger: a place in the order, signed, and never a number of rows.

Every order ends in the row's sequence and uses no nullable column, so no row is lost or repeated.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
# Conditions on the columns of an order, as `filter` takes them.
Part = dict[str, Any]


class Section(NamedTuple):
    """A stretch of the order by date: its first and last day, and conditions besides.

    Each of its rows fulfils one of these, and they are asked one by one. One of all days has those
    without a date as well. `led` says that the rows of a facet are asked in their own order.
    """

    first: date | None = None
    last: date | None = None
    either: Sequence[Q] = (Q(),)
    led: bool = True


class Led(NamedTuple):
    """Rows with a facet, in whose table they stand in their order by date too.

    `by` leads there, to the row that fulfils `where` together with what is asked of the order.
    """

    rows: QuerySet
    by: str
    where: Q


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
    sections: Sequence[Section] = (Section(),),
    near: Near | None = None,
    led: Led | None = None,
    count: Callable[[], int] | None = None,
) -> Page:
    """Return the page of rows that cursor, page_size and count ask for.

    `address` is that of the page itself; its neighbours' are made from it. The list is divided
    into `sections`, the earliest first, which are read until the page is full. Rows are looked for
    `near` the place first, and in the order of the facet that they are `led` by, where these are
    given; `count` returns how many there are.
    """
    size = _page_size(query.get("page_size"))
    order = order_of(ordering)
    backwards, place = False, None
    if "cursor" in query:
        backwards, place = _read_cursor(str(query["cursor"]), ordering, order)
    parts: list[Part] = [{}] if place is None else list(_beyond(order, place, backwards))
    if order[0][0] != "undated":
        led = None
    elif place is None and (near or led or len(sections) > 1 or sections[0] != Section()):
        parts = [{"undated": False}, {"undated": True}]
    asked = [(queryset, part) for part in parts]
    if near is not None:
        # Those that share the place's own value are few.
        shared = [] if place is None or len(order) == 1 else parts[:1]
        asked = [(near.rows, part) for part in shared]
        asked += _divided(near, queryset, order, parts[len(shared) :], backwards)
    if not _rises(order, backwards):
        sections = sections[::-1]
    found: list[Any] = []
    for rows, part in asked:
        for section in sections:
            if len(found) <= size and _meet(part, section):
                by = led if section.led else None
                most = size + 1 - len(found)
                found += _first(rows, part, section, order, backwards, most, by)
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
    number = (count or queryset.count)() if _is_counted(query.get("count")) else None
    return Page(found, following, previous, number)


def cursor_at(row: Any, ordering: str, back: bool = False) -> str:
    """Return the cursor of the page that begins behind a row, or ends before it."""
    values = [_plain(getattr(row, name)) for name, _up in order_of(ordering)]
    # Without a time in it: a page's bytes stay the same for as long as its records do.
    return signing.Signer(salt=_SALT).sign_object([ordering, back, values])


def order_of(ordering: str) -> Order:
    """Return the columns and directions of an ordering."""
    return _SEQUENCE_ORDER if ordering == SEQUENCE else ORDERS[ordering]


def order_names(order: Iterable[tuple[str, bool]], backwards: bool = False) -> list[str]:
    """Return an order as `order_by` takes it."""
    return [name if up != backwards else f"-{name}" for name, up in order]


def _page_size(value: str | None) -> int:
    if value is None:
        return DEFAULT_SIZE
    try:
        return WholeNumber(1, MAX_SIZE).clean(value) or DEFAULT_SIZE
    except ValidationError as error:
        raise BadParameters({"page_size": " ".join(error.messages)}) from error


def _is_counted(value: str | None) -> bool:
    if value not in (None, "true", "false"):
        raise BadParameters({"count": _("Write true or false.")})
    return value == "true"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _read_cursor(text: str, ordering: str, order: Order) -> tuple[bool, list[Any]]:
    try:
        named, backwards, values = signing.Signer(salt=_SALT).unsign_object(text)
        if named != ordering or len(values) != len(order):
            raise BadParameters(
                {"cursor": _("It belongs to another ordering; begin again without it.")}
            )
        if not isinstance(backwards, bool):
            raise TypeError
        place = [_typed(name, value) for (name, _up), value in zip(order, values, strict=True)]
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadParameters(
            {"cursor": _("Not one that this service gave; follow next and previous as they are.")}
        ) from error
    return backwards, place


def _typed(name: str, value: Any) -> Any:
    """Return a value of a cursor as its column has it.

    An earlier version may have signed another. Raises a ValueError or a TypeError.
    """
    if name == "date_key":
        return date.fromisoformat(value)
    if name == "undated":
        sound = isinstance(value, bool)
    elif name == "sequence":
        sound = type(value) is int and 0 <= value < 2**63
    else:
        sound = isinstance(value, str) and "\0" not in value
    if not sound:
        raise ValueError
    return value


def _rises(order: Order, backwards: bool) -> bool:
    """Whether days are read from the earliest on."""
    return all(up != backwards for name, up in order if name == "date_key")


def _meet(part: Part, section: Section) -> bool:
    """Whether a part of the order by date can have rows of a section."""
    first, last = section.first or date.min, section.last or date.max
    if (first, last) == (date.min, date.max):
        return True
    if part.get("undated", "undated__gt" in part):
        return False
    day = part.get("date_key", first)
    return (
        first <= day <= last
        and part.get("date_key__gt", date.min) <= last
        and part.get("date_key__lt", date.max) >= first
    )


def _first(
    rows: QuerySet,
    part: Part,
    section: Section,
    order: Order,
    backwards: bool,
    most: int,
    led: Led | None = None,
) -> list[Any]:
    """Return the first rows, in an order, of a part of it within a section."""
    rows, by, where = led or (rows, "", Q())
    condition = where & Q(**{f"{by}{name}": value for name, value in part.items()})
    if section.first:
        condition &= Q(**{f"{by}date_key__gte": section.first})
    if section.last:
        condition &= Q(**{f"{by}date_key__lte": section.last})
    # What is the same for all is no order: an index that has the rest of it can be read.
    names = order_names([(f"{by}{name}", up) for name, up in order if name not in part], backwards)
    ordered = rows.filter(condition).order_by(*names)
    found = [row for each in section.either for row in ordered.filter(each)[:most]]
    if len(section.either) > 1:
        for name, up in reversed(order):
            found.sort(key=attrgetter(name), reverse=up == backwards)
    return found[:most]


def _divided(
    near: Near, queryset: QuerySet, order: Order, parts: list[Part], backwards: bool
) -> Iterator[tuple[QuerySet, Part]]:
    """Yield the parts of a list, of which the first is divided behind the rows that are near.

    Where many rows fulfil a condition, a page of them is found among those, for the price of a
    thousand rows; where few do, an index finds them all.
    """
    name, up = order[-2] if len(order) > 1 else order[-1]
    closer, further = ("lt", "gte") if up != backwards else ("gt", "lte")
    first, *others = parts
    ahead = near.listed.filter(**first).order_by(*order_names(order, backwards))
    edge = ahead.values_list(name, flat=True)[NEAR_ENOUGH : NEAR_ENOUGH + 1].first()
    if edge is None:
        yield near.rows, first
    else:
        yield near.rows, {**first, f"{name}__{closer}": edge}
        yield queryset, {**first, f"{name}__{further}": edge}
    yield from ((queryset, other) for other in others)


def _beyond(order: Order, place: Sequence[Any], backwards: bool) -> Iterator[Part]:
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
        yield {
            **{each: same for each, _side, same in columns},
            f"{name}__{side}": value,
        }
