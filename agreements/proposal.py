"""What the public would read of records if they were published now, together."""

import json
from collections.abc import Iterable
from typing import Any

from agreements.ledger import PublishedIndex
from agreements.models import Engagement, Publication, Reviewable
from agreements.naming import Key, key_of, named_by
from agreements.representations import represent


class Proposed(PublishedIndex):
    """The public records as they would be after records are published together."""

    def __init__(self, records: Iterable[Reviewable]):
        self.records = {key_of(record): record for record in records}
        super().__init__({key: str(record) for key, record in self.records.items()})
        self.now = self._read()
        # One query for all that is named, instead of one each.
        self._bodies.update(self.now)
        self._proposed: dict[Key, dict[str, Any]] = {}

    def _read(self) -> dict[Key, dict[str, Any] | None]:
        keys = set(self.records)
        for record in self.records.values():
            keys |= {key_of(each) for each in named_by(record)}
            if isinstance(record, Engagement):
                keys |= {(link.target.kind, link.target.slug) for link in record.links.all()}
        rows = Publication.objects.current().published().filter(slug__in={key for _, key in keys})
        found: dict[Key, dict[str, Any] | None] = dict.fromkeys(keys)
        found.update({(row.kind, row.slug): json.loads(row.body) for row in rows})
        return found

    def body(self, kind: str, key: str) -> dict[str, Any]:
        record = self.records.get((kind, key))
        if record is None:
            return super().body(kind, key)
        if (kind, key) not in self._proposed:
            self._proposed[kind, key] = represent(record, self)
        return self._proposed[kind, key]

    def before(self, record: Reviewable) -> dict[str, Any] | None:
        """Return what is public of a record now; None where nothing is."""
        return self.now[key_of(record)]

    def after(self, record: Reviewable) -> dict[str, Any]:
        """Return what would be public of it. Raises NotPublished for what it names and is not."""
        return self.body(*key_of(record))
