"""Records that are reviewed: written, marked as loaded, and taken through review."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agreements import edited, history, likeness, workflow
from agreements.models import Reviewable, Versioned
from agreements.readings.batch import Reading, Record
from agreements.readings.rows import Rows
from agreements.readings.shapes import Item
from agreements.records import KINDS_OF_RECORD, load_whole

_AT_A_TIME = 1000
State = Reviewable.ReviewState


@dataclass
class Report:
    """What a load did, per kind of record, and the records it left as analysts had edited them."""

    created: Counter = field(default_factory=Counter)
    changed: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)

    def count(self, kind: str, created: bool, changed: bool) -> None:
        chosen = self.created if created else self.changed if changed else self.unchanged
        chosen[kind] += 1


class ReviewedRows(Rows):
    """Rows whose records keep their review, and what analysts changed in them by hand."""

    def __init__(self, overwrite: bool):
        super().__init__()
        self.overwrite = overwrite
        self.report = Report()
        self._told: set[tuple[str, int]] = set()
        self.approvals: dict[tuple[str, int], tuple[Item, Reading]] = {}

    def reviewable(
        self,
        model: type[Versioned],
        key: str,
        values: dict[str, Any],
        item: Item,
        reading: Reading,
        children: Callable[[Any], bool] = lambda row: False,
    ) -> Any:
        """Write a record with its review state, unless somebody edited it since it was loaded."""
        naming = {model.NATURAL_KEY[0]: key}
        held = self.held(model, key)
        if held is not None and self.kept(held):
            self.report_kept(held)
            return held
        row, created, changed = self.upsert(model, naming, values, item, held)
        if row is None:
            return None
        self.remember(model, key, row)
        changed |= children(row)
        if changed:
            self._mark(row, item, reading, created)
        self.report.count(row.record_kind, created, changed)
        return row

    def _mark(self, row: Versioned, item: Item, reading: Reading, created: bool) -> None:
        if not created:
            row.version += 1
        row.loaded_version = row.version
        row.edited_by = reading.item["read_by"]
        written = ["version", "loaded_version", "edited_by"]
        if isinstance(row, Reviewable):
            row.approved_by = ""
            row.review_state = State.DRAFT
            written += ["approved_by", "review_state"]
        if not created:
            row.save(update_fields=written)
        self.approvals[row.record_kind, row.pk] = item, reading

    def touch(self, row: Versioned, record: Record) -> None:
        """Note a change in what is published with a record, once per load."""
        if (row.record_kind, row.pk) in self.approvals:
            return
        self._mark(row, record.item, record.reading, created=False)
        if record.defined:
            self.report.unchanged[row.record_kind] -= 1
        self.report.changed[row.record_kind] += 1

    def kept(self, row: Versioned) -> bool:
        """Return whether a record stays as somebody edited it by hand."""
        return row.edited_since_load and not self.overwrite

    def report_kept(self, row: Versioned) -> None:
        """Tell of a record that stays as it is."""
        if (row.record_kind, row.pk) not in self._told:
            self._told.add((row.record_kind, row.pk))
            self.report.kept.append(edited.told(row))

    def approve(self) -> None:
        """Take each record as far through review as its reading says that it went."""
        for kind, model in KINDS_OF_RECORD.items():
            keys = [pk for each, pk in self.approvals if each == kind]
            for start in range(0, len(keys), _AT_A_TIME):
                rows = load_whole(model, sorted(keys[start : start + _AT_A_TIME]))
                history.note_loaded(rows, history.Way.IMPORT)
                likeness.refresh_soon(rows)
                self._approve([row for row in rows if isinstance(row, Reviewable)])

    def _approve(self, rows: list[Reviewable]) -> None:
        read = []
        for row in rows:
            _, reading = self.approvals[row.record_kind, row.pk]
            approver = reading.item.get("approved_by")
            if approver:
                read.append((row, reading.item["read_by"], approver))
        for error in workflow.pass_review(read, history.Way.IMPORT):
            record: Any = error.record
            item, _ = self.approvals[record.record_kind, record.pk]
            self.problems += [item.problem("citations", each) for each in error.problems]
