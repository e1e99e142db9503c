"""Every way of tampering with the ledger that the drill knows, by the sort that it is of.

Each takes the forger, does one thing, and returns what the fault that is found must begin with; of
those under `HIDDEN` nothing can show without a pin, and each returns the first row that is forged.
"""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F

from agreements import ledger, triggers
from agreements.models import ColumnCount, CountedUntil, FacetCount, Publication
from drills.forging import FACETS, FAR, ROWS, Forger

# What the fault begins with, or one of these.
Tampering = Callable[[Forger], str | tuple[str, ...]]
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
_COUNTS = "count of records by their "


def at(row: Publication) -> str:
    return f"row {row.sequence} ("


def body_changed(how: Callable[[Forger, str], str]) -> Tampering:
    """Change the body of a row for which that makes a difference."""

    def tampering(forger: Forger) -> str:
        while True:
            row = forger.row()
            body = how(forger, row.body)
            if body != row.body:
                forger.set(row, body=body)
                return at(row)

    return tampering


def _one_byte(forger: Forger, body: str) -> str:
    place = forger.chance.randrange(1, len(body) - 1)
    return body[:place] + forger.chance.choice("abxyz019 ") + body[place + 1 :]


def _other_order(forger: Forger, body: str) -> str:
    return ledger.encode(dict(reversed(json.loads(body).items())))


BODIES: dict[str, Callable[[Forger, str], str]] = {
    "a byte": _one_byte,
    "a byte gone": lambda forger, body: body[:-2] + body[-1],
    "white space": lambda forger, body: body.replace(",", ", ", 1),
    "a line break at the end": lambda forger, body: f"{body}\n",
    "order of keys": _other_order,
    "decomposed letters": lambda forger, body: unicodedata.normalize("NFD", body),
    "escaped letters": lambda forger, body: json.dumps(json.loads(body), separators=(",", ":")),
    "a key twice": lambda forger, body: '{"status":"held",' + body[1:],
    "another key": lambda forger, body: body[:-1] + ',"note":"x"}',
    "no record": lambda forger, body: forger.chance.choice(["[]", "{}", "null", "7", "{", '""']),
    "nested without end": lambda forger, body: "[" * 100_000,
}
# By column, what it may be changed to; a function is given the row.
COLUMNS: dict[str, Any] = {
    "author": "somebody else",
    "approver": lambda row: row.author,
    "reason": "Because.",
    "slug": lambda row: f"{row.slug}-x",
    "search_text": lambda row: row.search_text[:-1],
    "published_at": lambda row: row.published_at + timedelta(microseconds=1),
    "sha256": lambda row: row.sha256[:-1] + ("0" if row.sha256[-1] != "0" else "1"),
    "title": "Another title",
    "title_key": lambda row: f"{row.title_key}x"[-300:],
    "status": "x",
    "earliest": "1999-01-01",
    "latest": "1999-01-01",
    "date_certain": lambda row: not row.date_certain,
    "undated": lambda row: not row.undated,
    "date_key": "1999-01-01",
    "wide": lambda row: not row.wide,
    "series": "another-series",
    "ordinal": 77,
    "instrument": "x",
    "activity": "x",
    "level": "x",
    "stands_for_many": lambda row: not row.stands_for_many,
    "disputed": lambda row: not row.disputed,
    "revision": lambda row: row.revision + 1000,
}


def column_changed(name: str, value: Any) -> Tampering:
    def tampering(forger: Forger) -> str:
        row = forger.row()
        forger.set(row, **{name: value(row) if callable(value) else value})
        return at(row)

    return tampering


def withdrawn(forger: Forger) -> str:
    row = forger.row(state="published")
    forger.set(row, state="withdrawn")
    return at(row)


def large_hash(forger: Forger) -> str:
    row = forger.row()
    forger.set(row, sha256=row.sha256.upper())
    return at(row)


def no_hash(forger: Forger) -> str:
    row = forger.row()
    forger.set(row, sha256="no hash")
    return at(row)


def superseded(forger: Forger) -> str:
    row = forger.row(superseded_at=None)
    forger.set(row, superseded_at=NOON)
    return at(row)


def superseded_later(forger: Forger) -> str:
    row = forger.row(superseded_at__isnull=False)
    assert row.superseded_at is not None
    forger.set(row, superseded_at=row.superseded_at + timedelta(microseconds=1))
    return at(row)


def far_sequence(forger: Forger) -> str:
    row = forger.row(sequence__lt=forger.last().sequence)
    forger.set(row, sequence=FAR)
    return f"row {row.sequence}: missing"


def sequences_swapped(forger: Forger) -> str:
    one, other = two(forger)
    forger.set(one, sequence=FAR)
    forger.set(other, sequence=one.sequence)
    forger.set(one, sequence=other.sequence)
    return f"row {one.sequence} ("


def hashes_swapped(forger: Forger) -> str:
    one, other = two(forger)
    forger.set(one, sha256="")
    forger.set(other, sha256=one.sha256)
    forger.set(one, sha256=other.sha256)
    return at(one)


def contents_swapped(forger: Forger) -> str:
    one, other = two(forger)
    for row, like in ((one, other), (other, one)):
        forger.set(row, body=like.body, search_text=like.search_text)
    return at(one)


def two(forger: Forger) -> tuple[Publication, Publication]:
    """Return two rows that do not say the same, in their order."""
    while True:
        one, other = sorted((forger.row(), forger.row()), key=lambda row: row.sequence)
        if one.body != other.body:
            return one, other


def facet_changed(**values: Any) -> Tampering:
    def tampering(forger: Forger) -> str:
        row = forger.row(facets__isnull=False)
        forger.set_facet(forger.facet(row), **values)
        return at(row)

    return tampering


def facet_removed(forger: Forger) -> str:
    row = forger.row(facets__isnull=False)
    forger.do(f"DELETE FROM {FACETS} WHERE id = %s", forger.facet(row))  # noqa: S608
    return at(row)


def facet_added(forger: Forger) -> str:
    row = forger.row()
    row.facets.create(facet="topic", value="smuggled-in", **ledger.shared(row))
    return at(row)


def facet_moved(forger: Forger) -> str:
    row, other = two(forger)
    row.facets.create(facet="topic", value="moved", **ledger.shared(row))
    facet = row.facets.get(value="moved").pk
    forger.set_facet(facet, publication_id=other.pk)
    return at(other)


def count_changed(model: Any) -> Tampering:
    def tampering(forger: Forger) -> str:
        model.objects.filter(pk=forger.chance.choice(forger.counts(model))).update(
            number=F("number") + 1
        )
        return _COUNTS

    return tampering


def count_removed(model: Any) -> Tampering:
    def tampering(forger: Forger) -> str:
        pk = forger.chance.choice(list(model.objects.exclude(number=0).values_list("pk")))[0]
        model.objects.filter(pk=pk).delete()
        return _COUNTS

    return tampering


def count_added(forger: Forger) -> str:
    ColumnCount.objects.create(kind="meeting", status="x", year=1999, number=3)
    return _COUNTS


def counted_elsewhere(forger: Forger) -> str:
    CountedUntil.objects.update(sequence=forger.chance.randrange(1, forger.last().sequence))
    return "The counts are"


def counted_twice(forger: Forger) -> str:
    CountedUntil.objects.create(pk=2, sequence=3)
    return "The counts are"


def not_counted(forger: Forger) -> str:
    CountedUntil.objects.all().delete()
    return "The counts are"


def removed(which: str) -> Tampering:
    def tampering(forger: Forger) -> str | tuple[str, ...]:
        last = forger.last()
        row = {
            "first": lambda: forger.row(sequence=1),
            "middle": lambda: forger.row(sequence__gt=1, sequence__lt=last.sequence),
            "last": lambda: last,
        }[which]()
        forger.remove(row)
        # Of the last one, what it superseded and what is counted tells.
        return f"row {row.sequence}: missing" if which != "last" else ("row ", "The counts are")

    return tampering


def removed_and_closed(forger: Forger) -> str:
    row = forger.row(sequence__lt=forger.last().sequence)
    forger.remove(row)
    forger.renumber(row.sequence + 1, -1)
    return at(row)


def added_last(forger: Forger) -> str:
    new = forger.add(forger.row(), forger.last().sequence + 1, slug="forged", revision=1)
    return f"The counts are those of row {new.sequence - 1}"


def added_last_without_hash(forger: Forger) -> str:
    new = forger.add(forger.row(), forger.last().sequence + 1, slug="forged", revision=1)
    forger.set(new, sha256="f" * 64)
    return at(new)


def added_between(forger: Forger) -> str:
    place = forger.row().sequence
    forger.renumber(place, 1)
    forger.add(forger.row(), place, slug="forged", revision=1)
    # Its own hash is right where it stands; that of the next one is not any more.
    return f"row {place + 1} ("


def added_twice(forger: Forger) -> str:
    row = forger.row()
    forger.renumber(row.sequence + 1, 1)
    like = Publication.objects.get(pk=row.pk)
    values = {"revision": row.revision + 1000, "superseded_at": NOON}
    new = forger.add(like, row.sequence + 1, **values)
    return at(new)


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


def rule_dropped(forger: Forger) -> str:
    name, on = _a_rule(forger)
    forger.do(f"DROP TRIGGER {name}{on}")
    return f"Triggers are missing: {name}"


def rule_disarmed(forger: Forger) -> str:
    """Leave a trigger of the same name in place that refuses nothing."""
    name, _ = _a_rule(forger)
    if forger.postgresql:
        forger.do(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$"
        )
    else:
        forger.do(f"DROP TRIGGER {name}")
        forger.do(f"CREATE TRIGGER {name} BEFORE DELETE ON {ROWS} WHEN 0 BEGIN SELECT 1; END")
    return f"Triggers are missing: {name}"


def rule_disabled(forger: Forger) -> str:
    name, _ = _a_rule(forger)
    forger.do(f"ALTER TABLE {ROWS} DISABLE TRIGGER {name}")
    return f"Triggers are missing: {name}"


def _a_rule(forger: Forger) -> tuple[str, str]:
    rules = [rule.name for rule in triggers.rules(forger.postgresql) if rule.table == ROWS]
    forger.rules_again()
    return forger.chance.choice(rules), f" ON {ROWS}" if forger.postgresql else ""


def loose(name: str, value: Any) -> Tampering:
    """Store what only SQLite takes: a value of another type, or of no encoding."""

    def tampering(forger: Forger) -> str:
        row = forger.row()
        forger.set(row, **{name: value})
        return "row "

    return tampering


def not_utf8(forger: Forger) -> str:
    row = forger.row()
    forger.do(f"UPDATE {ROWS} SET title = CAST(X'FFFE' AS text) WHERE id = {row.pk}")  # noqa: S608
    return at(row)


SHOWN: dict[str, dict[str, Tampering]] = {
    "row changed": {
        **{f"body: {name}": body_changed(how) for name, how in BODIES.items()},
        **{name: column_changed(name, value) for name, value in COLUMNS.items()},
        "state": withdrawn,
        "sha256 in capitals": large_hash,
        "sha256 is none": no_hash,
        "superseded": superseded,
        "superseded later": superseded_later,
        "sequence": far_sequence,
    },
    "facet": {
        "value": facet_changed(value="else"),
        "facet": facet_changed(facet="place", value="else"),
        "kind": facet_changed(kind="else"),
        "date_key": facet_changed(date_key="1999-01-01"),
        "sequence": facet_changed(sequence=FAR),
        "removed": facet_removed,
        "added": facet_added,
        "moved": facet_moved,
    },
    "count": {
        "by columns": count_changed(ColumnCount),
        "by facets": count_changed(FacetCount),
        "by columns, removed": count_removed(ColumnCount),
        "by facets, removed": count_removed(FacetCount),
        "added": count_added,
        "until another row": counted_elsewhere,
        "until two rows": counted_twice,
        "until none": not_counted,
    },
    "row removed": {
        **{which: removed(which) for which in ("first", "middle", "last")},
        "and the gap closed": removed_and_closed,
    },
    "rows reordered": {
        "sequences": sequences_swapped,
        "hashes": hashes_swapped,
        "contents": contents_swapped,
    },
    "row added": {
        "last": added_last,
        "last, with no hash": added_last_without_hash,
        "between": added_between,
        "a copy": added_twice,
    },
    "rule": {"dropped": rule_dropped, "disarmed": rule_disarmed},
}
ON_POSTGRESQL: dict[str, Tampering] = {
    "rule disabled": rule_disabled,
    "no day": loose("date_key", "infinity"),
    "a day before Christ": loose("earliest", "0044-03-15 BC"),
    "no time": loose("published_at", "-infinity"),
    "never superseded": loose("superseded_at", "infinity"),
}
ON_SQLITE: dict[str, Tampering] = {
    "sequence a word": loose("sequence", "two"),
    "sequence negative": loose("sequence", -5),
    "sequence a fraction": loose("sequence", 2.5),
    "revision a word": loose("revision", "two"),
    "revision the largest": loose("revision", 2**63 - 1),
    "body of bytes": loose("body", b"{}"),
    "body with NUL": loose("body", "{}\0"),
    "title not UTF-8": not_utf8,
    "author of bytes": loose("author", b"analyst"),
    "time a word": loose("published_at", "yesterday"),
    "time with a zone": loose("published_at", "2026-01-01 00:00:00+00:00"),
    "day a word": loose("date_key", "today"),
    "day a number": loose("earliest", 20260101),
    "flag two": loose("undated", 2),
    "ordinal a fraction": loose("ordinal", 1.5),
}
HIDDEN: dict[str, Callable[[Forger], int]] = {
    "body, and all hashes since": body_forged,
    "approver, and all hashes since": approver_forged,
    "two rows reordered, and all hashes since": order_forged,
    "row removed, and all hashes since": removal_forged,
    "row added, and all hashes since": addition_forged,
    "row added at the end, whole": end_forged,
    "last rows cut off": end_cut,
}
