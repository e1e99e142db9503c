"""The difference between two releases, from the ledger alone: no file of the old one is needed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from agreements.catalogue.asking import batched
from agreements.catalogue.found import nothing
from agreements.catalogue.listings import Listing
from agreements.heads import Head
from agreements.ledger import instant
from agreements.models import Publication
from agreements.releases.columns import DATETIME, INTEGER, STRING, Column, Table
from agreements.releases.edition import LISTINGS, Edition, answer_of, standing
from agreements.releases.vocabularies import CHANGE, RECORD_KIND, RETIRED

_STAMP = ("revision", "published_at", "sha256", "ledger_sha256")
# Old and new values, by key.
Fields = dict[str, tuple[Any, Any]]

CHANGES = Table(
    "changes",
    "What differs from the release before, a row for each record or, of what changed, for each "
    "of its keys. In a first release everything was added.",
    tuple(
        Column(name, kind, about, (name,), required, vocabulary)
        for name, kind, about, required, vocabulary in (
            ("change", STRING, "What became of the record.", True, CHANGE),
            ("kind", STRING, "Kind of the record.", True, RECORD_KIND),
            ("slug", STRING, "The record.", True, None),
            ("title", STRING, "Its title or name, as it is or was last.", False, None),
            ("field", STRING, "Key of the record's JSON that changed.", False, None),
            ("old", STRING, "Its value before, as JSON.", False, None),
            ("new", STRING, "Its value now, as JSON.", False, None),
            ("revision_before", INTEGER, "Revision in the release before.", False, None),
            ("revision", INTEGER, "Revision now.", True, None),
            ("reason", STRING, "Of a withdrawal or merger.", False, None),
            ("merged_into", STRING, "The record that it was merged into.", False, None),
        )
    ),
)
RETIRED_TABLE = Table(
    "retired",
    "Every record that ever was published and is not any more.",
    tuple(
        Column(name, kind, about, (name,), required, vocabulary)
        for name, kind, about, required, vocabulary in (
            ("kind", STRING, "Kind of the record.", True, RECORD_KIND),
            ("slug", STRING, "What named it; no other record is ever named so.", True, None),
            ("title", STRING, "Its last title or name.", False, None),
            ("state", STRING, "What became of it.", True, RETIRED),
            ("retired_at", DATETIME, "Since when.", True, None),
            ("revision", INTEGER, "Revision that ended it.", True, None),
            ("reason", STRING, "Why.", False, None),
            ("merged_into", STRING, "Record that it was merged into.", False, None),
            ("leads_to", STRING, "Record that stands for it now, if any does.", False, None),
        )
    ),
    ("kind", "slug"),
)


class Change(NamedTuple):
    """What became of one record between two heads. `fields` holds (old, new) by key."""

    change: str
    kind: str
    slug: str
    title: str
    revision_before: int | None
    revision: int
    fields: Fields
    reason: str | None = None
    merged_into: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the change as changes.json has it."""
        told = self._asdict()
        told["fields"] = {
            name: {"old": old, "new": new} for name, (old, new) in self.fields.items()
        }
        return told

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the change as the rows of changes.csv."""
        told = self._asdict()
        del told["fields"]
        if not self.fields:
            yield told
        for name, (old, new) in self.fields.items():
            yield {**told, "field": name, "old": _json(old), "new": _json(new)}


def changes_of(edition: Edition) -> Iterator[Change]:
    """Yield what changed since the release before: every record whose public JSON differs.

    Also where only what is found at reading differs, as the count of what a total claims does.
    """
    for listing in LISTINGS:
        kind = listing.kinds[0]
        rows = edition.standing().filter(kind=kind).order_by("sequence")
        for some in batched(rows.iterator(chunk_size=500)):
            before = _standing_before(edition, kind, [row.slug for row in some])
            fields = _changed_fields(edition, listing, some, before)
            for row in some:
                found = _change(row, before.get(row.slug), fields.get(row.slug))
                if found is not None:
                    yield found


def _standing_before(edition: Edition, kind: str, slugs: list[str]) -> dict[str, Publication]:
    if edition.previous is None:
        return {}
    rows = standing(edition.previous.head).filter(kind=kind, slug__in=slugs)
    return {row.slug: row for row in rows}


def _changed_fields(
    edition: Edition, listing: Listing, rows: list[Publication], before: dict[str, Publication]
) -> dict[str, Fields]:
    """Return, by slug, what differs in records that are and were public; of the same, nothing."""
    if edition.previous is None:
        return {}
    pairs = [
        (before[row.slug], row)
        for row in rows
        if row.slug in before and _is_public(before[row.slug]) and _is_public(row)
    ]
    if listing.found is nothing:
        # A row that still stands says what it said.
        pairs = [(old, new) for old, new in pairs if old.sequence != new.sequence]
    then = _records(listing, edition.previous.head, [old for old, _ in pairs])
    now = _records(listing, edition.head, [new for _, new in pairs])
    return {slug: _fields(then[slug], now[slug]) for slug in now if then[slug] != now[slug]}


def _records(listing: Listing, head: Head, rows: list[Publication]) -> dict[str, Mapping[str, Any]]:
    """Return the public JSON of rows, by slug, with what is found at a head."""
    texts = answer_of(listing, head).texts(rows)
    return {row.slug: text.parsed() for row, text in zip(rows, texts, strict=True)}


def _is_public(row: Publication) -> bool:
    return row.state == Publication.State.PUBLISHED


def _change(row: Publication, before: Publication | None, fields: Fields | None) -> Change | None:
    was_public = before is not None and _is_public(before)
    revision = before.revision if before is not None else None
    whose = (row.kind, row.slug, row.title, revision, row.revision)
    if not _is_public(row):
        # What came and went between the two releases is in neither of them.
        if not was_public:
            return None
        return Change(row.state, *whose, {}, row.reason or None, row.successor or None)
    if not was_public:
        return Change("restored" if before else "added", *whose, {})
    return Change("changed", *whose, fields) if fields else None


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Fields:
    """Return the keys whose values differ; the stamp's only where nothing else does."""
    names = dict.fromkeys([*new, *old])
    found = {
        name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    }
    return {name: found[name] for name in found if name not in _STAMP} or found


def retired_rows(edition: Edition) -> Iterator[dict[str, Any]]:
    """Yield the records that were public once and are not at the head, in order of their end."""
    gone = edition.standing().exclude(state=Publication.State.PUBLISHED).order_by("sequence")
    for row in gone.defer("body", "search_text").iterator(chunk_size=500):
        yield {
            "kind": row.kind,
            "slug": row.slug,
            "title": row.title,
            "state": row.state,
            "retired_at": instant(row.published_at),
            "revision": row.revision,
            "reason": row.reason or None,
            "merged_into": row.successor or None,
            "leads_to": _heir(row, edition),
        }


def _heir(row: Publication, edition: Edition) -> str | None:
    """Return the slug of the record that stands for a merged one, which may be merged itself."""
    while row.state == Publication.State.MERGED:
        row = edition.standing().get(kind=row.kind, slug=row.successor)
    return row.slug if row.state == Publication.State.PUBLISHED else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
