"""The numbers of a series: which are recorded, and which are missing below the highest of them."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Subquery

from agreements.models import Engagement, FruitlessSearch, Series
from agreements.queues.searches import last_search
from agreements.queues.tables import WITHDRAWN


def recorded() -> QuerySet[Engagement]:
    """Return the records that have a number in a series, but for what was withdrawn."""
    return Engagement.objects.filter(ordinal__isnull=False).exclude(review_state=WITHDRAWN)


def with_gaps(series: QuerySet[Series]) -> QuerySet[Series]:
    """Return the series that lack a number below their highest, with `top` and `missing`.

    A number is recorded once in a series, so the highest less how many there are is what lacks.
    """
    numbers = recorded().filter(series=OuterRef("pk")).order_by().values("series")
    rows = series.exclude(review_state=WITHDRAWN).annotate(
        top=Subquery(numbers.annotate(top=Max("ordinal")).values("top")),
        known=Subquery(numbers.annotate(known=Count("ordinal")).values("known")),
    )
    return rows.annotate(missing=F("top") - F("known")).filter(missing__gt=0)


def with_searches(series: QuerySet[Series]) -> QuerySet[Series]:
    """Add how many of the missing numbers were `sought`, and the day of the last search."""
    same = recorded().filter(series=OuterRef("series"))
    looked_for = FruitlessSearch.objects.filter(
        ~Exists(same.filter(ordinal=OuterRef("ordinal"))),
        Exists(same.filter(ordinal__gt=OuterRef("ordinal"))),
        series=OuterRef("pk"),
    )
    grouped = (
        looked_for.order_by().values("series").annotate(number=Count("ordinal", distinct=True))
    )
    return series.annotate(sought=Subquery(grouped.values("number")), last=last_search("series"))


def recorded_numbers(series: Collection[int]) -> dict[int, list[int]]:
    """Return the recorded numbers of some series, in order, by the series."""
    found: dict[int, list[int]] = {key: [] for key in series}
    rows = recorded().filter(series__in=series).order_by("ordinal")
    for key, number in rows.values_list("series_id", "ordinal"):
        found[key or 0].append(number or 0)
    return found


def is_recorded(series: Series, number: int) -> bool:
    """Whether a series has a record with a number."""
    return recorded().filter(series=series, ordinal=number).exists()


def missing_among(numbers: Collection[int]) -> list[int]:
    """Return what lacks below the highest of some numbers."""
    return sorted(set(range(1, max(numbers, default=0))) - set(numbers))


def runs(numbers: Iterable[int]) -> str:
    """Return numbers in order as text, those that follow each other as a run: `1–3, 5`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1] = [found[-1][0], number]
        else:
            found.append([number])
    return ", ".join("–".join(map(str, run)) for run in found)
