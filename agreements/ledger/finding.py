"""Facets added to rows of the ledger that were written without them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from agreements.bulk import insert
from agreements.ledger.appending import FACET_COLUMNS, lock
from agreements.ledger.rows import facets, shared_of
from agreements.models import Publication, PublicationFacet

_AT_A_TIME = 1000


def find_again() -> int:
    """Add the facets that bodies of the ledger have and their rows lack; return how many.

    A program knows no facet that came after it: what it appends lacks them, and what it dumped.
    Some rows at a time, so that nobody who publishes waits for all.
    """
    rows, added, last = Publication.objects.order_by("pk"), 0, 0
    while some := list(rows.filter(pk__gt=last)[:_AT_A_TIME]):
        added += _add_to(some)
        last = some[-1].pk
    return added


@transaction.atomic
def _add_to(rows: Sequence[Publication]) -> int:
    lock()
    held = defaultdict(set)
    found = PublicationFacet.objects.filter(publication__in=[row.pk for row in rows])
    for key, facet, value in found.values_list("publication", "facet", "value"):
        held[key].add((facet, value))
    missing: list[tuple[Any, ...]] = [
        (row.pk, *pair, *shared_of(row))
        for row in rows
        for pair in sorted(facets(row.body_data) - held[row.pk])
    ]
    insert(PublicationFacet, FACET_COLUMNS, missing)
    return len(missing)
