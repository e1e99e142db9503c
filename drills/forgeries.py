"""The ledger forged so well that nothing in it shows: every hash since is computed anew.

Each takes the forger and returns the first row that is forged; heads that were kept find it.
"""

import json

from agreements import ledger
from agreements.models import Publication
from drills.forging import FACETS, FAR, ROWS, Forger


def body_forged(forger: Forger) -> int:
    """Change what a record says, with its copies, and every hash from there on."""
    row = forger.row(kind="meeting", state="published")
    body = json.loads(row.body)
    body["status"] = "cancelled" if body["status"] != "cancelled" else "held"
    row.body = ledger.encode(body)
    forger.copies(row)
    forger.chain_anew(row.sequence)
    return row.sequence


def approver_forged(forger: Forger) -> int:
    row = forger.row()
    forger.set(row, approver="somebody else")
    forger.chain_anew(row.sequence)
    return row.sequence


def order_forged(forger: Forger) -> int:
    """Swap two neighbours of one moment, with all that hangs on them, and chain them anew."""
    first = forger.row(sequence__lt=60)
    second = Publication.objects.get(sequence=first.sequence + 1)
    sequences_of = {first.pk: second.sequence, second.pk: first.sequence}
    for pk in sequences_of:
        for table, key in ((ROWS, "id"), (FACETS, "publication_id")):
            far = f"UPDATE {table} SET sequence = %s WHERE {key} = %s"  # noqa: S608
            forger.do(far, FAR + pk, pk)
    for pk, sequence in sequences_of.items():
        for table, key in ((ROWS, "id"), (FACETS, "publication_id")):
            forger.do(f"UPDATE {table} SET sequence = %s WHERE {key} = %s", sequence, pk)  # noqa: S608
    forger.chain_anew(first.sequence)
    return first.sequence


def removal_forged(forger: Forger) -> int:
    """Remove the only row of a record, close the gap, and chain all that follows anew."""
    rows = Publication.objects.filter(revision=1, superseded_at=None)
    row = forger.chance.choice(list(rows.filter(sequence__lt=forger.last().sequence)))
    forger.remove(row)
    forger.renumber(row.sequence + 1, -1)
    forger.chain_anew(row.sequence)
    return row.sequence


def addition_forged(forger: Forger) -> int:
    place = forger.row().sequence
    forger.renumber(place, 1)
    forger.add(forger.row(), place, slug="forged", revision=1)
    forger.chain_anew(place)
    return place


def end_forged(forger: Forger) -> int:
    """Add a row at the end, right in every way: as a publication would be."""
    last = forger.last()
    forger.add(last, last.sequence + 1, slug="forged", revision=1)
    forger.chain_anew(last.sequence + 1)
    return last.sequence + 1


def end_cut(forger: Forger) -> int:
    """Cut off the last rows, and mend all that would show it."""
    last = forger.last()
    first = last.sequence - forger.chance.randrange(8)
    for row in Publication.objects.filter(sequence__gte=first).order_by("-sequence"):
        before = Publication.objects.filter(
            kind=row.kind, slug=row.slug, revision=row.revision - 1
        ).first()
        forger.remove(row)
        if before:
            forger.set(before, superseded_at=None)
    forger.chain_anew(first)
    return first
