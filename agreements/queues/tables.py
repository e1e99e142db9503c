"""Records of several kinds in one query, whatever tables they are in."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import CharField, F, Model, Q, QuerySet, Value

from agreements.models import KINDS, Country, Engagement, Force, Reviewable, Topic
from agreements.records import KINDS_OF_RECORD, REVIEWABLE

WITHDRAWN = Reviewable.ReviewState.WITHDRAWN
# A row's kind of record, in whichever table it is.
KIND = "row_kind"
# Where a record's words are looked for.
_NAMED: dict[type[Model], tuple[str, ...]] = {
    Country: ("code", "alpha3"),
    Force: ("name", "slug"),
    Topic: ("name", "slug"),
}


def tables(kinds: Collection[str], words: str = "") -> Iterator[QuerySet]:
    """Yield the records of some kinds that are called by some words, table by table."""
    of_spine = [kind for kind in KINDS if kind in kinds]
    if of_spine:
        rows = Engagement.objects.filter(named(Engagement, words))
        if len(of_spine) < len(KINDS):
            rows = rows.filter(kind__in=of_spine)
        yield rows.annotate(**{KIND: F("kind")})
    for kind, model in REVIEWABLE.items():
        if kind in kinds and kind not in KINDS:
            own = model._default_manager.filter(named(model, words))
            yield own.annotate(**{KIND: Value(kind, output_field=CharField())})


def named(model: type[Model], words: str, path: str = "") -> Q:
    """Return the condition that a record is called by some words; `path` leads to it."""
    if not words:
        return Q()
    found = Q()
    for name in _NAMED.get(model, ("title", "slug")):
        found |= Q(**{f"{path}{name}__icontains": words})
    return found


def together(parts: Iterable[QuerySet]) -> QuerySet:
    """Return the rows of several queries with the same columns as one."""
    first, *others = parts
    return first.union(*others, all=True) if others else first


def looked_up(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """Return records by their kinds and numbers, in a query for each table."""
    wanted: dict[Any, set[int]] = {}
    for kind, pk in keys:
        wanted.setdefault(Engagement if kind in KINDS else KINDS_OF_RECORD[kind], set()).add(pk)
    return {
        (record.record_kind, record.pk): record
        for model, pks in wanted.items()
        for record in model._default_manager.filter(pk__in=pks)
    }
