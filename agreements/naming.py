"""Which other records the public form of a record names."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from agreements.models import Document, Engagement, Force, Publication, ReportedTotal, Reviewable
from agreements.models import Series as SeriesOfEngagements
from agreements.records import REVIEWABLE, belongings, whole

Key = tuple[str, str]


def key_of(record: Reviewable) -> Key:
    """Return what names a record in the ledger: its kind and its key."""
    return record.record_kind, record.record_key


def named_by(record: Any) -> Iterator[Reviewable]:
    """Yield the records without which a record cannot be published, some more than once."""
    if isinstance(record, Engagement | Force | SeriesOfEngagements):
        yield from (citation.document for citation in belongings(record, "citations"))
    if isinstance(record, Engagement):
        for side in belongings(record, "participants"):
            yield side.country
            yield from filter(None, [side.force])
        yield from (row.topic for row in belongings(record, "engagement_topics"))
        yield from filter(None, [record.series, record.location_country])
    elif isinstance(record, Force):
        yield record.country
        yield from filter(None, [record.parent, record.predecessor])
    elif isinstance(record, Document):
        yield from filter(None, [record.origin])
    elif isinstance(record, ReportedTotal):
        yield record.document
        yield from filter(None, [record.force])
        yield from belongings(record, "countries")


def keys_named_by(records: Collection[Any]) -> set[Key]:
    """Return what names some records and all that their public forms may name, links included."""
    # What many of them name is one object, where it was loaded for all of them.
    named = {id(each): each for record in records for each in (record, *named_by(record))}
    return set(map(key_of, named.values())) | {
        (link.target.kind, link.target.slug)
        for record in records
        if isinstance(record, Engagement)
        for link in belongings(record, "links")
    }


def public_keys(keys: Iterable[Key]) -> set[Key]:
    """Return which of some records are public now."""
    wanted = set(keys)
    # With the kinds, since they are the first column of the index.
    kinds, slugs = {kind for kind, _ in wanted}, {key for _, key in wanted}
    rows = Publication.objects.current().published().filter(kind__in=kinds, slug__in=slugs)
    return wanted & set(rows.values_list("kind", "slug"))


def _whole(records: Iterable[Reviewable]) -> dict[Key, Reviewable]:
    """Return records as the database has them now, whole, a few queries for each kind."""
    keys: dict[str, list[int]] = {}
    for record in records:
        keys.setdefault(record.record_kind, []).append(record.pk)
    rows = (row for kind, pks in keys.items() for row in whole(REVIEWABLE[kind]).filter(pk__in=pks))
    return {key_of(row): row for row in rows}


def unpublished_named_by(records: Iterable[Reviewable]) -> list[Reviewable]:
    """Return, whole, what records name and is not public, with what these name in their turn."""
    found: dict[Key, Reviewable] = {}
    given = list(records)
    done = {key_of(record) for record in given}
    waiting = [each for record in given for each in named_by(record)]
    while waiting:
        new = {key_of(each): each for each in waiting if key_of(each) not in done}
        done |= set(new)
        public = public_keys(new)
        added = _whole(each for key, each in new.items() if key not in public)
        found |= added
        waiting = [each for record in added.values() for each in named_by(record)]
    return sorted(found.values(), key=key_of)
