"""Rows of the ledger changed, reordered, removed and added by SQL, their hashes left as they are.

Each takes the forger, does one thing, and returns what the fault that is found must begin with.
"""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from agreements import ledger
from agreements.models import Publication
from drills.forging import FAR, ROWS, Forger

# What the fault begins with, or one of these.
Tampering = Callable[[Forger], str | tuple[str, ...]]
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


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
    "search_text": lambda row: f"{row.search_text}x",
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
