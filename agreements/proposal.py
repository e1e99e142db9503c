"""What the public would read of records if they were published now, together."""

from collections.abc import Iterable
from typing import Any

from agreements.ledger import PublishedIndex
from agreements.models import Reviewable
from agreements.naming import Key, key_of
from agreements.representations import represent


class Proposed(PublishedIndex):
    """The public records as they would be after records are published together."""

    def __init__(self, records: Iterable[Reviewable]):
        self.records = {key_of(record): record for record in records}
        super().__init__({key: str(record) for key, record in self.records.items()})
        self.read_ahead(self.records.values())
        self._proposed: dict[Key, dict[str, Any]] = {}

    def body(self, kind: str, key: str) -> dict[str, Any]:
        record = self.records.get((kind, key))
        if record is None:
            return super().body(kind, key)
        if (kind, key) not in self._proposed:
            self._proposed[kind, key] = represent(record, self)
        return self._proposed[kind, key]

    def before(self, record: Reviewable) -> dict[str, Any] | None:
        """Return what is public of a record now; None where nothing is."""
        return self._current(*key_of(record))

    def after(self, record: Reviewable) -> dict[str, Any]:
        """Return what would be public of it. Raises NotPublished for what it names and is not."""
        return self.body(*key_of(record))
