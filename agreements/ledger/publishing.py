"""Records appended to the ledger, named anew, and taken out of the public eye."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from agreements.bulk import keep_known
from agreements.exceptions import LedgerError
from agreements.ledger.appending import append, lock, moment_of
from agreements.ledger.names import reason_of_renaming
from agreements.ledger.ordering import in_order
from agreements.ledger.published import PublishedIndex, held_rows
from agreements.ledger.rows import Entry, Held, encode, publications, sequence_written
from agreements.models import Publication, Reviewable
from agreements.naming import Key, key_of
from agreements.representations import renamed, represent, searchable
from agreements.summary import Tally

_LOOKED_UP_BY = ("kind", "slug", "superseded_at")
_PUBLISHED = Publication.State.PUBLISHED.value
# So many records are rendered and written together.
AT_A_TIME = 1000


def ever_published(record: Reviewable) -> bool:
    """Return whether the ledger has any row of a record, tombstones included."""
    return Publication.objects.filter(kind=record.record_kind, slug=record.record_key).exists()


def standing(kind: str, slug: str) -> Publication:
    """Return the row by which a record is public now; raise a LedgerError where none is."""
    row = Publication.objects.current().published().filter(kind=kind, slug=slug).first()
    if row is None:
        raise LedgerError(f"The {kind} {slug} is not published.")
    return row


class Publishing:
    """A publication under way: records appended some at a time, all of one moment.

    To be used by `with`, in one transaction: the counts follow at its end. Records come in their
    order of publication, whole and approved; their editor and approver become the row's author and
    approver. Review is the workflow's. `titles` are those of all records that are published
    together.
    """

    def __init__(self, titles: Mapping[Key, str], at: datetime | None = None):
        lock()
        self.moment = moment_of(at)
        self._index = PublishedIndex(titles)
        self._tally = Tally()

    def __enter__(self) -> "Publishing":
        return self

    def __exit__(self, kind: type[BaseException] | None, *more: object) -> None:
        if kind is None:
            self._tally.write()

    def append(self, records: Sequence[Reviewable]) -> list[tuple[Any, ...]]:
        """Append the next revision of each record that changed; return the rows written.

        Raises NotPublished where a record names one that is not public.
        """
        index = self._index
        index.read_ahead(records)
        said: list[tuple[Reviewable, Held | None, dict[str, Any], str | None]] = []
        for record in records:
            kind, key = key_of(record)
            data, held = represent(record, index), index.held(kind, key)
            index.remember(kind, key, data)
            body = encode(data) if held else None
            if held and held.state == _PUBLISHED and held.body == body:
                continue
            said.append((record, held, data, body))
        entries = (self._entry(*each) for each in said)
        if any(held for _, held, _, _ in said):
            rows = self._append(list(entries))
        else:
            # Nothing is superseded, so that the first rows can be written while others are made.
            rows = append(entries, len(said), self.moment, self._tally)
        index.forget()
        if len(rows) == AT_A_TIME:
            keep_known(Publication, sequence_written(rows[-1]), _LOOKED_UP_BY)
        return rows

    def _entry(
        self, record: Reviewable, held: Held | None, data: dict[str, Any], body: str | None
    ) -> Entry:
        return Entry(
            *key_of(record),
            body=encode(data) if body is None else body,
            data=data,
            published_at=self.moment,
            author=record.edited_by,
            approver=record.approved_by,
            search_text=searchable(data, self._index),
            held=held,
            was=orjson.loads(held.body) if held and held.state == _PUBLISHED else None,
        )

    def _append(self, entries: list[Entry]) -> list[tuple[Any, ...]]:
        superseded = [entry.held.pk for entry in entries if entry.held]
        return append(entries, len(entries), self.moment, self._tally, superseded)

    def rename(self, keys: Sequence[int], named: Publication) -> list[tuple[Any, ...]]:
        """Append what stands in some rows again, naming another record as it is public now.

        All else is as it was published, whatever the desk has by now; the words searched follow
        the names. The rows go out under the approval of the record that they name. Rows that
        would say the same again are left out.
        """
        index, changed = self._index, []
        now = {(named.kind, named.slug): orjson.loads(named.body)}
        rows = Publication.objects.filter(pk__among=keys)
        held = dict(held_rows(rows.order_by("sequence")))
        words_of = dict(rows.order_by().values_list("pk", "search_text"))
        bodies = {key: orjson.loads(row.body) for key, row in held.items()}
        index.read_named(bodies.values())
        for (kind, slug), row in held.items():
            data = renamed(kind, bodies[kind, slug], now, index)
            body, words = encode(data), searchable(data, index)
            if (body, words) == (row.body, words_of[row.pk]):
                continue
            changed.append(
                Entry(
                    kind=kind,
                    slug=slug,
                    body=body,
                    data=data,
                    published_at=self.moment,
                    author=named.author,
                    approver=named.approver,
                    search_text=words,
                    held=row,
                    # What is counted is told by slugs and codes, never by names.
                    counts=False,
                    reason=reason_of_renaming(named),
                )
            )
        index.forget()
        return self._append(changed)


@transaction.atomic
def append_records(records: Iterable[Reviewable], at: datetime | None = None) -> list[Publication]:
    """Append the next revision of each record that changed; return the rows written.

    Raises NotPublished where a record names one that is not public.
    """
    ordered = in_order({key_of(record): record for record in records}.values())
    with Publishing(titles_of(ordered), at) as publishing:
        return publications(row for some in parts(ordered) for row in publishing.append(some))


def parts(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield records, so many at a time as are published together."""
    for start in range(0, len(records), AT_A_TIME):
        yield records[start : start + AT_A_TIME]


def titles_of(records: Iterable[Reviewable]) -> dict[Key, str]:
    """Return the titles of records by their keys, as those show them that are linked to them."""
    return {key_of(record): str(getattr(record, "title", "")) for record in records}


@transaction.atomic
def append_tombstone(
    kind: str,
    slug: str,
    author: str,
    approver: str,
    reason: str,
    successor: str = "",
    at: datetime | None = None,
) -> Publication:
    """Take a record out of the public eye: withdrawn, or merged into `successor`."""
    lock()
    current = standing(kind, slug)
    held = Held(current.pk, current.revision, current.state, current.body)
    if successor:
        target = Publication.objects.current().published().filter(kind=kind, slug=successor)
        if successor == slug or not target.exists():
            raise LedgerError(f"The {kind} {successor} is not published; merge into one that is.")
    data, tally = orjson.loads(current.body), Tally()
    entry = Entry(
        kind=kind,
        slug=slug,
        body=current.body,
        data=data,
        was=data,
        published_at=moment_of(at),
        author=author,
        approver=approver,
        search_text=current.search_text,
        held=held,
        state=(Publication.State.MERGED if successor else Publication.State.WITHDRAWN).value,
        reason=reason,
        successor=successor,
    )
    (row,) = publications(append([entry], 1, entry.published_at, tally, [current.pk]))
    tally.write()
    return row
