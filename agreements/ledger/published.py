"""The public records as the ledger has them, for those that are published next."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from agreements.ledger.rows import Held
from agreements.models import Publication, Reviewable
from agreements.models.publications import PublicationQuerySet
from agreements.naming import Key, keys_named_by
from agreements.representations import keys_searched
from agreements.representations.published import NotPublished

# Kinds whose public form goes into that of many others.
NAMED_BY_MANY = ("country", "topic", "document", "force", "series")


@dataclass
class PublishedIndex:
    """The public records as the ledger has them, read ahead or as they are asked for.

    `batch` holds the titles of the records that are being published together.
    """

    batch: Mapping[Key, str] = field(default_factory=dict)
    serializers: dict[str, Any] = field(default_factory=dict)
    _rows: dict[Key, Held | None] = field(default_factory=dict)
    _bodies: dict[Key, dict] = field(default_factory=dict)

    def read_ahead(self, records: Collection[Reviewable]) -> None:
        """Read, in a query for each kind, what is public of records and of all that they name."""
        self._read(keys_named_by(records))

    def read_named(self, bodies: Iterable[dict[str, Any]]) -> None:
        """Read, in a query for each kind, what is public of all that public forms are found by."""
        self._read({key for body in bodies for key in keys_searched(body)})

    def _read(self, keys: set[Key]) -> None:
        new = keys.difference(self._rows, self._bodies)
        self._rows.update(dict.fromkeys(new))
        slugs: dict[str, list[str]] = {}
        for kind, slug in new:
            slugs.setdefault(kind, []).append(slug)
        for kind, some in slugs.items():
            # Of one kind each, for the index to be of use: its first column is the kind.
            rows = Publication.objects.current().filter(kind=kind, slug__among=some)
            self._rows.update(held_rows(rows.order_by()))

    def held(self, kind: str, key: str) -> Held | None:
        """Return the newest row of a record; None where it was never published."""
        if (kind, key) not in self._rows:
            rows = dict(held_rows(Publication.objects.current().filter(kind=kind, slug=key)))
            self._rows[kind, key] = rows.get((kind, key))
        return self._rows[kind, key]

    def _current(self, kind: str, key: str) -> dict | None:
        if (kind, key) not in self._bodies:
            row = self.held(kind, key)
            if row is None or row.state != Publication.State.PUBLISHED:
                return None
            self._bodies[kind, key] = orjson.loads(row.body)
        return self._bodies[kind, key]

    def body(self, kind: str, key: str) -> dict:
        body = self._bodies.get((kind, key)) or self._current(kind, key)
        if body is None:
            raise NotPublished(kind, key)
        return body

    def has(self, kind: str, key: str) -> bool:
        return (kind, key) in self.batch or self._current(kind, key) is not None

    def title(self, record: Any) -> str:
        key = (record.record_kind, record.record_key)
        return self.batch[key] if key in self.batch else self.body(*key)["title"]

    def remember(self, kind: str, key: str, body: dict) -> None:
        self._bodies[kind, key] = body

    def forget(self) -> None:
        """Forget rows, and the bodies of what few others name: there may be very many of them."""
        self._rows.clear()
        for key in [key for key in self._bodies if key[0] not in NAMED_BY_MANY]:
            del self._bodies[key]


def held_rows(rows: PublicationQuerySet) -> Iterator[tuple[Key, Held]]:
    """Yield some rows as far as the next ones have to know them, by what they are of."""
    for kind, slug, *values in rows.values_list("kind", "slug", "pk", "revision", "state", "body"):
        yield (kind, slug), Held(*values)
