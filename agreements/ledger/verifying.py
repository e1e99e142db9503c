"""Whether the ledger is what was published: its chain, its hashes and what is copied in it."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from agreements.databases import connection_to_read
from agreements.ledger.pins import Pin
from agreements.ledger.rows import GENESIS, columns, facets, hashed
from agreements.ledger.stored import (
    COPIED,
    Stored,
    as_stored,
    facet_of_no_row,
    instant_stored,
    number_of_rows,
    pages,
    parsed,
    undecoded,
)
from agreements.models import Release

# What reading something that is no public record raises.
_NO_RECORD = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_MOST_KEPT = 1000
_instant = lru_cache(maxsize=1024)(instant_stored)
_SHARED = (COPIED.index("undated"), COPIED.index("date_key"))


def verify() -> Iterator[str]:
    """Yield what is wrong with the ledger, a line a fault, as `Verification` does."""
    yield from Verification().faults()


class Verification:
    """The ledger read from its first row to its last, with the faults that it has.

    `pins` were kept outside; where `nothing_after`, the last row is the last one pinned. `rows`
    and `head` (sequence and SHA-256) are those of what was read so far.
    """

    def __init__(self, pins: Iterable[Pin] = (), nothing_after: bool = False):
        self.rows = 0
        self.head = Pin(0, GENESIS)
        self._pins = dict.fromkeys(pins, "pinned")
        self._last = max(self._pins, key=lambda pin: pin.sequence or 0) if nothing_after else None
        # The last row that is as somebody knew it.
        self._known = 0
        self._unfollowed: list[str] = []

    def faults(self) -> Iterator[str]:
        """Yield what is wrong, a line a fault, each at its row and in the order of the rows.

        Recomputes every hash, the chain, the filter columns, the facets and the times of
        succession. Memory does not grow with the ledger, and nothing that is stored stops it.
        """
        by_sequence, by_hash = self._to_find()
        expected = 1
        for page, held in pages():
            for row in page:
                yield from self._order(row, expected)
                yield from _content(self.head.sha256, row)
                yield from _copies(row, held.get(row.id, ()))
                yield from _succession(row)
                if row.after is None and row.superseded_at is not None:
                    self._note_unfollowed(row)
                by_hash.discard(row.sha256)
                for pin, of_what in by_sequence.pop(row.sequence, ()):
                    yield from self._as_known(row, pin, of_what)
                if self._last is not None and row.sequence == (self._last.sequence or 0) + 1:
                    yield f"{row}: stands behind the head that was pinned, row {row.sequence - 1}."
                self.rows += 1
                if isinstance(row.sequence, int):
                    expected = row.sequence + 1
                self.head = Pin(expected - 1, str(row.sha256))
        yield from self._end(chain.from_iterable(by_sequence.values()), by_hash)

    def _to_find(self) -> tuple[dict[int, list[tuple[Pin, str]]], set[str]]:
        known = dict(self._pins)
        for version, head in _releases():
            known.setdefault(head, f"released as {version}")
        by_sequence: dict[int, list[tuple[Pin, str]]] = {}
        for pin, of_what in known.items():
            if pin.sequence:
                by_sequence.setdefault(pin.sequence, []).append((pin, of_what))
        return by_sequence, {pin.sha256 for pin in known if pin.sequence is None}

    def _order(self, row: Stored, expected: int) -> Iterator[str]:
        if row.sequence == expected:
            return
        if not isinstance(row.sequence, int):
            yield f"{row}: its sequence is no number."
        elif row.sequence == expected - 1:
            yield f"{row}: stands in the ledger twice."
        else:
            yield f"row {expected}: missing; the ledger goes on with {row}."

    def _as_known(self, row: Stored, pin: Pin, of_what: str) -> Iterator[str]:
        if row.sha256 == pin.sha256:
            self._known = max(self._known, row.sequence)
            return
        since = f" behind row {self._known}" if self._known else ""
        yield f"{row}: not the one that was {of_what}, {pin}; it or one before it{since} is forged."

    def _note_unfollowed(self, row: Stored) -> None:
        # Told of at the end: what should follow may be what was tampered with.
        if len(self._unfollowed) < _MOST_KEPT:
            self._unfollowed.append(f"{row}: marked as superseded, but nothing follows it.")

    def _end(self, unseen: Iterable[tuple[Pin, str]], hashes: set[str]) -> Iterator[str]:
        yield from self._unfollowed
        outside = number_of_rows() - self.rows
        if outside:
            yield f"{abs(outside)} rows of the ledger stand outside of its order."
        stray = facet_of_no_row()
        if stray is not None:
            yield f"A facet names the row with the key {stray}, which is not in the ledger."
        for pin, of_what in sorted(unseen, key=str):
            yield (
                f"row {pin.sequence}: missing; it was {of_what}, "
                f"and the ledger ends with row {self.head.sequence}."
            )
        for sha256 in sorted(hashes):
            yield f"No row has the SHA-256 that was pinned, {sha256}."


def _releases() -> Iterator[tuple[str, Pin]]:
    connection = connection_to_read()
    table = Release._meta.db_table
    with undecoded(connection), connection.cursor() as cursor:
        cursor.execute(f"SELECT version, head_sequence, head_sha256 FROM {table}")  # noqa: S608
        for version, *head in cursor.fetchall():
            yield version, Pin(*head)


def _content(previous: str, row: Stored) -> Iterator[str]:
    try:
        at = _instant(row.published_at)
        right = row.sha256 == hashed(
            previous,
            *(row.sequence, row.kind, row.slug, row.revision, row.state, row.body, at),
            *(row.author, row.approver, row.reason, row.successor, row.search_text),
        )
    except (TypeError, ValueError):
        right = False
    if not right:
        yield f"{row}: its SHA-256 is not that of its content and of the row before."


def _copies(row: Stored, held: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    try:
        body = parsed(row.body)
        recomputed, pairs = columns(body), facets(body)
    except _NO_RECORD:
        yield f"{row}: its body is not a public record."
        return
    values = [as_stored(value) for value in recomputed.values()]
    if (*values,) != row.copied:
        wrong = [
            name
            for name, value, stored in zip(COPIED, values, row.copied, strict=True)
            if value != stored
        ]
        yield f"{row}: filter columns differ from its body: {', '.join(sorted(wrong))}."
    shared = (row.kind, *(row.copied[at] for at in _SHARED), row.sequence)
    found, expected = list(held), {(*pair, *shared) for pair in pairs}
    if expected.issuperset(found) and len(found) < len(expected):
        yield f"{row}: it lacks facets that its body has; run manage.py find_again."
    elif len(found) != len(expected) or set(found) != expected:
        yield f"{row}: its facets differ from its body."


def _succession(row: Stored) -> Iterator[str]:
    first = row.revision == 1
    numbers = isinstance(row.before, int) and isinstance(row.sequence, int)
    if first != (row.before is None) or not (first or (numbers and row.before < row.sequence)):
        yield f"{row}: its revision does not follow the one before."
    elif not first and row.succeeded_at != row.published_at:
        yield f"{row.one_before}: superseded at another time than it says."
