"""The end of the ledger: who writes there, at what moment, and how rows are put there."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agreements import entrusted, summary
from agreements.bulk import insert, reserve_keys
from agreements.exceptions import LedgerError
from agreements.ledger.rows import (
    GENESIS,
    ROW,
    SHARED,
    Entry,
    columns,
    counted,
    digest,
    facets,
    instant,
    shared_written,
    values_of,
)
from agreements.models import Publication, PublicationFacet

_PUBLISHED = Publication.State.PUBLISHED.value
_APPEND_LOCK = 7_310_414
FACET_COLUMNS = ("publication", "facet", "value", *SHARED)


def lock() -> None:
    """Wait until other publications are done, and keep others waiting until this one is."""
    # SQLite's transactions are IMMEDIATE: whoever is in one is the only writer already.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])


def wait_for_publications() -> None:
    """Return once every publication that is under way now is committed or given up."""
    with transaction.atomic():
        # On SQLite, IMMEDIATE: the transaction begins when the writers before it are done.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_APPEND_LOCK])


def moment_of(at: datetime | None) -> datetime:
    """Return the time asked for, or now, in the milliseconds that fixtures keep.

    The caller holds the lock. Now is always after the last row, so that each publication has a
    time of its own: a clock may go back, and the past that was read must stay.
    """
    if at is None:
        # Rounded up: nobody may have read the ledger as of this time already.
        at = _in_milliseconds(timezone.now() + timedelta(microseconds=999))
        last = Publication.objects.order_by("-sequence").first()
        if last is not None:
            at = max(at, last.published_at + timedelta(milliseconds=1))
    return _in_milliseconds(at)


def _in_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def append(
    entries: Iterable[Entry],
    number: int,
    moment: datetime,
    tally: summary.Tally,
    superseded: Sequence[int] = (),
) -> list[tuple[Any, ...]]:
    """Write the next rows, so many and of one moment, and tell the tally; return each one's values.

    The entries may be made as they are asked for: PostgreSQL then stores the first while the next
    are made. That must not ask the database. The caller is in a transaction and holds the lock.
    """
    if not number:
        return []
    last = Publication.objects.order_by("-sequence").first()
    if last is not None and moment < last.published_at:
        raise LedgerError(
            f"The ledger ends at {instant(last.published_at)}; nothing can be published before."
        )
    before, previous = (last.sequence, last.sha256) if last else (0, GENESIS)
    keys = reserve_keys(Publication, number)
    done: list[Entry] = []
    rows: list[tuple[Any, ...]] = []

    def chained() -> Iterator[tuple[Any, ...]]:
        nonlocal previous
        for entry, key in zip(entries, keys, strict=True):
            done.append(entry)
            entry.pk, entry.sequence = key, before + len(done)
            entry.revision = entry.held.revision + 1 if entry.held else 1
            entry.columns, entry.facets = columns(entry.data), sorted(facets(entry.data))
            previous = entry.sha256 = digest(previous, entry)
            rows.append(values_of(entry))
            yield rows[-1]

    def found_by() -> Iterator[tuple[Any, ...]]:
        for entry, row in zip(done, rows, strict=True):
            shared = shared_written(row)
            yield from ((entry.pk, *pair, *shared) for pair in entry.facets)

    if superseded:
        _supersede(superseded, moment)
    insert(Publication, ROW, chained())
    insert(PublicationFacet, FACET_COLUMNS, found_by())
    tally.add(before, before + number, (_told(entry) for entry in done if entry.counts))
    return rows


def _supersede(keys: Sequence[int], moment: datetime) -> None:
    if connection.vendor == "postgresql":
        entrusted.supersede(keys, moment)
    else:
        Publication.objects.filter(pk__among=keys).update(superseded_at=moment)


def _told(entry: Entry) -> tuple[summary.Record | None, summary.Record | None]:
    """Return what the counts have to know of a row: what it is counted as, and what was before."""
    now = was = None
    if entry.state == _PUBLISHED:
        now = counted(entry.kind, entry.columns, entry.facets)
    if entry.was is not None:
        was = counted(entry.kind, columns(entry.was), list(facets(entry.was)))
    return now, was
