"""Whether the ledger is what was published: its chain, its hashes and what is copied in it."""

import json
from collections.abc import Iterator

from agreements.ledger.rows import GENESIS, columns, digest, facets, shared_of
from agreements.models import Publication


def verify(chunk: int = 500) -> Iterator[str]:
    """Yield what is wrong with the ledger, a line a fault, in the order of its rows.

    Recomputes every hash, the chain, the filter columns, the facets and the times of succession.
    """
    previous, expected = GENESIS, 1
    open_rows: dict[tuple[str, str], Publication] = {}
    rows = Publication.objects.order_by("sequence").prefetch_related("facets")
    for row in rows.iterator(chunk_size=chunk):
        yield from _faults(row, previous, expected)
        earlier = open_rows.get((row.kind, row.slug))
        if row.revision != (earlier.revision + 1 if earlier else 1):
            yield f"row {row.sequence} ({row}): its revision does not follow the one before."
        if earlier is not None and earlier.superseded_at != row.published_at:
            yield f"row {earlier.sequence} ({earlier}): superseded at another time than it says."
        open_rows[row.kind, row.slug] = row
        previous, expected = row.sha256, row.sequence + 1
    for row in open_rows.values():
        if row.superseded_at is not None:
            yield f"row {row.sequence} ({row}): marked as superseded, but nothing follows it."


def _faults(row: Publication, previous: str, expected: int) -> Iterator[str]:
    name = f"row {row.sequence} ({row})"
    if row.sequence != expected:
        yield f"row {expected}: missing; the ledger goes on with {name}."
    if row.sha256 != digest(previous, row):
        yield f"{name}: its SHA-256 is not that of its content and of the row before."
    try:
        body = json.loads(row.body)
        recomputed, pairs = columns(body), facets(body)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"{name}: its body is not a public record."
        return
    wrong = [column for column, value in recomputed.items() if getattr(row, column) != value]
    if wrong:
        yield f"{name}: filter columns differ from its body: {', '.join(sorted(wrong))}."
    held = {(each.facet, each.value, *shared_of(each)) for each in row.facets.all()}
    if held != {(*pair, *shared_of(row)) for pair in pairs}:
        yield f"{name}: its facets differ from its body."
