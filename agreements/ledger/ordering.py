"""The order in which records are published: what others name comes before them."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from agreements.models import Reviewable
from agreements.naming import key_of
from agreements.records import REVIEWABLE

# Records are published in this order, so that what others name is public before they are.
KIND_ORDER = (
    "country",
    "topic",
    "document",
    "force",
    "series",
    "agreement",
    "meeting",
    "exercise",
    "total",
)
_ABOVE = ("parent", "predecessor", "origin")


def in_order(records: Iterable[Reviewable]) -> list[Reviewable]:
    """Return records in the order of publication.

    Kinds come in their order; within a kind, what others are parts of comes first.
    """
    found = list(records)
    depths = {kind: depths_of(kind) for kind in {record.record_kind for record in found}}

    def place(record: Reviewable) -> tuple[int, int, str]:
        kind, key = key_of(record)
        return KIND_ORDER.index(kind), depths[kind].get(record.pk, 1), key

    return sorted(found, key=place)


def depths_of(kind: str) -> dict[int, int]:
    """Return how deep the records of a kind stand below others, by number; else that is 1."""
    model = REVIEWABLE[kind]
    names = [each.attname for each in model._meta.concrete_fields if each.name in _ABOVE]
    if not names:
        return {}
    standing_below = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in names))
    rows = model._default_manager.filter(standing_below).order_by().values_list("pk", *names)
    above = {pk: [each for each in others if each] for pk, *others in rows}

    def depth(pk: int, below: frozenset[int] = frozenset()) -> int:
        below |= {pk}
        return 1 + max(
            (depth(each, below) for each in above.get(pk, ()) if each not in below), default=0
        )

    return {pk: depth(pk) for pk in above}
