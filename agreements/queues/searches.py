"""The searches that found nothing, for the rows of a queue."""

from collections.abc import Collection

from django.db.models import Max, OuterRef, QuerySet, Subquery

from agreements.models import FruitlessSearch
from agreements.queues.queue import Sought


def sought(target: str, keys: Collection[int]) -> dict[int, Sought]:
    """Return the searches for totals or events, as `target` says, by their numbers."""
    rows = FruitlessSearch.objects.filter(**{f"{target}__in": keys})
    return {key[0]: each for key, each in _grouped(rows, f"{target}_id").items()}


def sought_numbers(series: Collection[int]) -> dict[tuple[int, int], Sought]:
    """Return the searches for numbers of some series, by the series and the number."""
    rows = FruitlessSearch.objects.filter(series__in=series)
    return {(key[0], key[1]): each for key, each in _grouped(rows, "series_id", "ordinal").items()}


def last_search(target: str, of: str = "pk") -> Subquery:
    """Return the day of the last search for a row, null where there was none."""
    rows = FruitlessSearch.objects.filter(**{target: OuterRef(of)}).order_by()
    return Subquery(rows.values(target).annotate(last=Max("searched_on")).values("last"))


def _grouped(rows: QuerySet[FruitlessSearch], *names: str) -> dict[tuple[int, ...], Sought]:
    found: dict[tuple[int, ...], Sought] = {}
    for *key, day, by in rows.order_by("searched_on", "id").values_list(
        *names, "searched_on", "by"
    ):
        before = found.get(tuple(key))
        found[tuple(key)] = Sought(before.count + 1 if before else 1, day, by)
    return found
