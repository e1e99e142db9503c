"""Lists of more rows than anybody reads: counted, ordered and searched within bounds.

Up to MOST_COUNTED rows a list is Django's own. One that has more is *long*: beyond that many it is
not counted but estimated, only so many are paged through, it is ordered by what an index has, and
its filters count nothing.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Exists, F, Model, OrderBy, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements import desk_words

MOST_COUNTED = 5_000
# Up to so many rows are looked up by their keys; of more, a page is found along the list's order.
MOST_LOOKED_UP = 5_000
# Up to so many rows that an index has are sorted, whatever the list's order.
MOST_SORTED = 10_000
# So many choices of a filter are offered.
MOST_CHOICES = 200
WORDS_HELP = gettext_lazy("This list is long: write a word, or a part of one, of three letters.")
_LONG = "_long_lists"
_KNOWN = "_long_list_known"
_FEW = "_long_list_few"


def is_long(request: HttpRequest, model: type[Model]) -> bool:
    """Whether a table has more rows than are counted; found out once for each request."""
    known: dict[type[Model], bool] = request.__dict__.setdefault(_LONG, {})
    if model not in known:
        keys = model._default_manager.order_by("pk").values("pk")
        known[model] = keys[MOST_COUNTED : MOST_COUNTED + 1].exists()
    return known[model]


class BoundedPaginator(Paginator):
    """Pages of the first MOST_COUNTED rows. `more` says that there are others."""

    object_list: QuerySet
    # How many rows there are, where that was found out already.
    known: int | None = None

    @cached_property
    def _counted(self) -> int:
        if self.known is not None:
            return self.known
        # Without its order, which would be made for nothing.
        keys = self.object_list.order_by().values("pk")
        return keys[: MOST_COUNTED + 1].count()

    @property
    def more(self) -> bool:
        return self._counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @cached_property
    def counted(self) -> str:
        """How many rows there are, in words that tell an estimate from a count."""
        if not self.more:
            return str(self.count)
        estimate = _estimate(self.object_list)
        if estimate > MOST_COUNTED:
            return _("about %(number)s") % {"number": number_format(estimate, force_grouping=True)}
        return _("more than %(number)s") % {"number": self.most}

    @property
    def most(self) -> str:
        """How many rows there are at most, in digits."""
        return number_format(MOST_COUNTED, force_grouping=True)


def _estimate(rows: QuerySet) -> int:
    """Return how many rows PostgreSQL expects, to two digits; 0 from a database that cannot say."""
    if connections[rows.db].vendor != "postgresql":
        return 0
    plan = json.loads(rows.order_by().values("pk").explain(format="json"))
    expected = int(plan[0]["Plan"]["Plan Rows"])
    return round(expected, 2 - len(str(expected)))


def reversed_order(order: Sequence[str]) -> list[str]:
    """Return an order from its end, which the same index serves."""
    return [name.removeprefix("-") if name[0] == "-" else f"-{name}" for name in order]


def paginator(request: HttpRequest, rows: QuerySet, per_page: int) -> BoundedPaginator:
    pages = BoundedPaginator(rows, per_page)
    pages.known = getattr(request, _KNOWN, None)
    return pages


def note(request: HttpRequest, number: int | None) -> None:
    """Note how many rows were found by the one thing that narrows a list, None by several."""
    setattr(request, _KNOWN, number)


def chosen(
    request: HttpRequest, queryset: QuerySet, keys: Collection[int], condition: Q
) -> QuerySet:
    """Return the rows with some keys, or that meet a condition where those are too many."""
    note(request, len(keys))
    if len(keys) > MOST_LOOKED_UP:
        return queryset.filter(condition)
    setattr(request, _FEW, True)
    return queryset.filter(pk__in=keys)


def of_index(request: HttpRequest, queryset: QuerySet, condition: Q) -> QuerySet:
    """Return the rows of a long list that meet a condition on columns which an index has."""
    rows = queryset.model._default_manager.filter(condition).order_by()
    number = rows.values("pk")[: MOST_SORTED + 1].count()
    note(request, number)
    setattr(request, _FEW, number <= MOST_SORTED)
    return queryset.filter(condition)


def ordered_aside(request: HttpRequest, queryset: QuerySet) -> QuerySet:
    """Return rows in their order; few that were found already in one that no index has.

    A database that expects them everywhere in the list's order would look for them along it, from
    its beginning; they may all stand far from there.
    """
    if not getattr(request, _FEW, False):
        return queryset
    return queryset.order_by(*map(_aside, queryset.query.order_by))


def _aside(name: Any) -> Any:
    if not isinstance(name, str):
        return name
    column = F(name.removeprefix("-"))
    return OrderBy(Coalesce(column, column), descending=name.startswith("-"))


def led_to(request: HttpRequest, queryset: QuerySet, condition: Q, own: bool = False) -> QuerySet:
    """Return the rows of a long list that meet a condition on what they lead to, each once.

    `own` says that it is on columns of which a row has one value each.

    Where few do, they are looked up; where many do, a page is soon full of those that the list's
    order comes by. No database has the numbers to tell one from the other for itself.
    """
    rows = queryset.model._default_manager.filter(condition).order_by()
    keys = set(rows.values_list("pk", flat=True)[: MOST_LOOKED_UP + 1])
    along = condition if own else Q(Exists(rows.filter(pk=OuterRef("pk"))))
    return chosen(request, queryset, keys, along)


def with_words(
    request: HttpRequest,
    queryset: QuerySet,
    model: type[Model],
    words: Collection[str],
    path: str = "",
    also: QuerySet | None = None,
) -> QuerySet:
    """Return the rows of a long list that have all words.

    `path` leads from a row of the list to the row of `model` that has the words: "engagement__".
    `also` are participants, by whose engagement a row is found too. Where all words are shorter
    than an index knows, nothing is found.
    """
    if all(len(word) < desk_words.SHORTEST for word in words):
        return queryset.none()
    rows = queryset.model._default_manager.order_by()
    keys = set(desk_words.keys_of(rows, model, words, path, MOST_LOOKED_UP + 1))
    condition = desk_words.having(model, words, path)
    if also is not None:
        by_side = rows.filter(pk__in=also.values("engagement"))
        keys.update(by_side.values_list("pk", flat=True)[: MOST_LOOKED_UP + 1])
        condition |= Q(Exists(also.filter(engagement=OuterRef("pk"))))
    return chosen(request, queryset, keys, condition)
