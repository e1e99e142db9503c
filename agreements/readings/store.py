"""From readings to the desk: all of a batch or nothing, and nothing the second time."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from agreements import quality, workflow
from agreements.countries import country_table
from agreements.exceptions import QualityError, ReadingError, ReadingProblem
from agreements.models import (
    KINDS,
    Citation,
    Country,
    Delegate,
    Document,
    Engagement,
    EngagementLink,
    EngagementTopic,
    Force,
    ForceName,
    Participant,
    Person,
    PersonName,
    ReportedTotal,
    Reviewable,
    Series,
    Topic,
    TopicLabel,
)
from agreements.readings.batch import ENGAGEMENTS, Batch, Reading, Record
from agreements.readings.shapes import Item

_NAMESPACE = uuid.UUID("6f3c1c52-6f3e-5e0b-9d0c-6a4a0f6f7f11")
State = Reviewable.ReviewState
Progress = Callable[[int, int], None]


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


def store_batch(
    batch: Batch, overwrite: bool = False, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Store a checked batch in one transaction; raise a ReadingError and store nothing on faults.

    Records that somebody edited by hand since they were loaded are kept and reported, unless
    `overwrite`. A dry run does the same work and takes it back.
    """
    with transaction.atomic():
        writer = _Writer(batch, overwrite, progress)
        writer.run()
        if writer.problems:
            raise ReadingError(writer.problems)
        if dry_run:
            transaction.set_rollback(True)
    for reading in batch.readings:
        if reading.document and not reading.verified_against:
            writer.report.unverified.append(str(reading.item.place.path))
    return writer.report


class _Writer:
    def __init__(self, batch: Batch, overwrite: bool, progress: Progress | None):
        self.batch = batch
        self.overwrite = overwrite
        self.progress = progress or (lambda done, total: None)
        self.report = Report()
        self.problems: list[ReadingProblem] = []
        self.approvals: list[tuple[Reviewable, Item, Reading]] = []
        self._done = 0

    def run(self) -> None:
        countries = self.batch.countries()
        total = len(countries) + len(self.batch.documents) + len(self.batch.records)
        for code, record in sorted(countries.items()):
            self.country(code, record)
            self._step(total)
        for kind in ("topic", "person"):
            for record in self.batch.of(kind):
                getattr(self, kind)(record)
                self._step(total)
        for item, reading in self._origins_first():
            self.document(item, reading)
            self._step(total)
        for kind in ("force", "series", *ENGAGEMENTS, "total"):
            for record in self._parents_first(kind):
                if not self.problems or kind not in ENGAGEMENTS:
                    getattr(self, "engagement" if kind in ENGAGEMENTS else kind)(record)
                self._step(total)
        if not self.problems:
            self.links()
        if not self.problems:
            self.evidence()
        for record, item, reading in self.approvals:
            self.approve(record, item, reading)

    def _step(self, total: int) -> None:
        self._done += 1
        self.progress(self._done, total)

    def _origins_first(self) -> Iterable[tuple[Item, Reading]]:
        return sorted(self.batch.documents.values(), key=lambda pair: bool(pair[0].get("origin")))

    def _parents_first(self, kind: str) -> list[Record]:
        records = {record.slug: record for record in self.batch.of(kind)}

        def depth(record: Record, below: frozenset[str] = frozenset()) -> int:
            above = record.item.get("parent") or record.item.get("predecessor")
            if above not in records or above in below:
                return 0
            return 1 + depth(records[above], below | {record.slug})

        return sorted(records.values(), key=depth)

    # One method a kind.

    def country(self, code: str, record: Record) -> None:
        values = {"alpha3": country_table()[code]["alpha3"]}
        self.reviewable(Country, {"code": code}, values, record.item, record.reading)

    def topic(self, record: Record) -> None:
        self.reviewable(
            Topic,
            {"slug": record.slug},
            {"name": record.item["name"]},
            record.item,
            record.reading,
            children=lambda row: self.children(
                TopicLabel,
                {"topic": row},
                [
                    ({"language": name["language"]}, {"text": name["text"]}, name)
                    for name in record.item.get("labels", [])
                ],
            ),
        )

    def person(self, record: Record) -> None:
        row, created, changed = self.upsert(
            Person, {"slug": record.slug}, {"name": record.item["name"]}, record.item
        )
        if row is None:
            return
        changed |= self.children(
            PersonName,
            {"person": row},
            [
                ({"language": name["language"], "text": name["text"]}, {}, name)
                for name in record.item.get("names", [])
            ],
        )
        self.report.count("person", created, changed)

    def document(self, item: Item, reading: Reading) -> None:
        origin = item.get("origin")
        values = {
            "title": item["title"],
            "publisher": item.get("publisher", ""),
            "author": item.get("author", ""),
            "language": item["language"],
            "published": item.get("published"),
            "url": item.get("url", ""),
            "sha256": item.get("sha256"),
            "origin": Document.objects.get(slug=origin) if origin else None,
            "note": item.get("note", ""),
        }
        self.reviewable(Document, {"slug": item["slug"]}, values, item, reading)

    def force(self, record: Record) -> None:
        if not record.defined:
            return
        item = record.item
        values = {
            "name": item["name"],
            "kind": item["kind"],
            "country": Country.objects.get(code=item["country"]),
            "established": item.get("established"),
            "parent": self._found(Force, item.get("parent")),
            "predecessor": self._found(Force, item.get("predecessor")),
        }
        self.reviewable(
            Force,
            {"slug": record.slug},
            values,
            item,
            record.reading,
            children=lambda row: self.children(
                ForceName,
                {"force": row},
                [
                    (
                        {"language": name["language"], "text": name["text"]},
                        {
                            "kind": name.get("kind", ForceName.Kind.OFFICIAL),
                            "period": name.get("period"),
                        },
                        name,
                    )
                    for name in item.get("names", [])
                ],
            ),
        )

    def series(self, record: Record) -> None:
        if record.defined:
            values = {"title": record.item["title"], "summary": record.item.get("summary", "")}
            self.reviewable(Series, {"slug": record.slug}, values, record.item, record.reading)

    def engagement(self, record: Record) -> None:
        if not record.defined:
            return
        item, model = record.item, KINDS[record.kind]
        location = item.get("location")
        values: dict[str, Any] = {
            "title": item["title"],
            "summary": item.get("summary", ""),
            "status": item["status"],
            "date": item.get("date"),
            "location_name": location.get("name", "") if location else "",
            "location_country": self._country(location.get("country") if location else None),
            "series": self._found(Series, item.get("series")),
            "ordinal": item.get("ordinal"),
        }
        for name in (each.name for each in model._meta.local_fields if not each.primary_key):
            if name.endswith(("_earliest", "_latest")):
                continue
            default = model._meta.get_field(name).get_default()
            values[name] = item.get(name, default)
        if "vessels" in values:
            values["vessels"] = "\n".join(item.get("vessels", []))
        self.reviewable(
            model,
            {"slug": record.slug},
            values,
            item,
            record.reading,
            children=lambda row: self._relations(row, item),
        )

    def _relations(self, row: Engagement, item: Item) -> bool:
        changed = self.children(
            EngagementTopic,
            {"engagement": row},
            [
                ({"topic": Topic.objects.get(slug=slug)}, {}, item)
                for slug in item.get("topics", [])
            ],
        )
        participants = []
        for each in item.get("participants", []):
            key = (row.slug, each["country"], each.get("force", ""), each["role"])
            participants.append(
                (
                    {"uid": _uid("participant", *key)},
                    {
                        "country": self._country(each["country"]),
                        "force": self._found(Force, each.get("force")),
                        "role": each["role"],
                    },
                    each,
                )
            )
        changed |= self.children(Participant, {"engagement": row}, participants)
        for keys, _, each in participants:
            participant = Participant.objects.filter(uid=keys["uid"]).first()
            if participant is None:
                continue
            delegates = [
                (
                    {"uid": _uid("delegate", str(keys["uid"]), str(number))},
                    {
                        "person": self._found(Person, delegate.get("person")),
                        "rank": delegate.get("rank", ""),
                        "position": delegate.get("position", ""),
                        "role": delegate.get("role", ""),
                    },
                    delegate,
                )
                for number, delegate in enumerate(each.get("delegates", []))
            ]
            changed |= self.children(Delegate, {"participant": participant}, delegates)
        return changed

    def total(self, record: Record) -> None:
        item = record.item
        values = {
            name: item.get(name, "") for name in ("title", "what", "instrument", "activity", "note")
        }
        values |= {
            "count": item["count"],
            "approximate": item.get("approximate", False),
            "as_of": item.get("as_of"),
            "force": self._found(Force, item.get("force")),
            "counts": item["counts"],
            "period": item.get("period"),
            "document": Document.objects.get(slug=record.reading.document),
            "locator": item["at"],
            "quote": item.get("quote", ""),
            "verified_against": record.reading.verified_against if item.get("quote") else "",
        }
        codes = item.get("countries", [])
        self.reviewable(
            ReportedTotal,
            {"slug": record.slug},
            values,
            item,
            record.reading,
            children=lambda row: _set_countries(row, codes),
        )

    # What comes when every record is there.

    def links(self) -> None:
        for kind in ENGAGEMENTS:
            for record in self.batch.of(kind):
                row = Engagement.objects.filter(slug=record.slug).first()
                if row is None or not record.defined or self._kept(row):
                    continue
                rows = [
                    (
                        {
                            "relation": link["relation"],
                            "target": Engagement.objects.get(slug=link["target"]),
                        },
                        {},
                        link,
                    )
                    for link in record.item.get("links", [])
                ]
                if self.children(EngagementLink, {"source": row}, rows):
                    self._touch(row, record)

    def evidence(self) -> None:
        loaded = set(self.batch.documents)
        for record in self.batch.records.values():
            if record.kind not in ("force", "series", *ENGAGEMENTS):
                continue
            target: Any = {"force": Force, "series": Series}.get(record.kind, Engagement)
            row = target.objects.get(slug=record.slug)
            if self._kept(row):
                continue
            name = record.kind if record.kind in ("force", "series") else "engagement"
            rows = list(self._citation_rows(record, name))
            stale = Citation.objects.filter(document__slug__in=loaded)
            if self.children(Citation, {name: row}, rows, within=stale):
                self._touch(row, record)

    def _citation_rows(self, record: Record, target: str):
        seen: Counter = Counter()
        for item, reading in record.citations:
            document = Document.objects.get(slug=reading.document)
            quote = item.get("quote", "")
            for name in item["fields"]:
                key = (target, record.slug, document.slug, name)
                seen[key] += 1
                yield (
                    {"uid": _uid("citation", *key, str(seen[key]))},
                    {
                        "document": document,
                        "field": name,
                        "locator": item["at"],
                        "quote": quote,
                        "stance": item.get("stance", Citation.Stance.SUPPORTS),
                        "stated_value": item.get("stated", ""),
                        "inferred": item.get("inferred", False),
                        "confidence": item.get("confidence", Citation.Confidence.HIGH),
                        "verified_against": reading.verified_against if quote else "",
                        "note": item.get("note", ""),
                    },
                    item,
                )

    # How rows are written.

    def upsert(
        self, model: type[models.Model], key: dict, values: dict, item: Item
    ) -> tuple[Any, bool, bool]:
        """Return (row or None where it is refused, whether created, whether changed)."""
        row = model._default_manager.filter(**key).first()
        created = row is None
        if row is None:
            row = model(**key)
        changed = created or any(getattr(row, name) != value for name, value in values.items())
        if not changed:
            return row, False, False
        for name, value in values.items():
            setattr(row, name, value)
        try:
            row.full_clean()
        except ValidationError as error:
            self._refuse(error, item)
            return None, False, False
        row.save()
        return row, created, changed

    def reviewable(
        self,
        model: type[Reviewable],
        key: dict,
        values: dict,
        item: Item,
        reading: Reading,
        children: Callable[[Any], bool] = lambda row: False,
    ) -> Any:
        """Write a record with its review state, unless somebody edited it since it was loaded."""
        row: Any = model._default_manager.filter(**key).first()
        if row is not None and self._kept(row):
            self.report.kept.append(f"{row.record_kind} {row.record_key}")
            return row
        row, created, changed = self.upsert(model, key, values, item)
        if row is None:
            return None
        changed |= children(row)
        if changed:
            self._mark(row, reading, created)
            self.approvals.append((row, item, reading))
        self.report.count(row.record_kind, created, changed)
        return row

    def children(
        self,
        model: type[models.Model],
        parent: dict,
        rows: list[tuple[dict, dict, Item]],
        within: models.QuerySet | None = None,
    ) -> bool:
        """Make a parent's rows those given, matched by their keys; return whether any changed."""
        kept, changed = set(), False
        for key, values, item in rows:
            row, _, touched = self.upsert(model, {**parent, **key}, values, item)
            if row is not None:
                kept.add(row.pk)
                changed |= touched
        mine = model._default_manager.filter(**parent)
        if within is not None:
            mine = mine.filter(pk__in=within.values("pk"))
        gone = mine.exclude(pk__in=kept)
        if gone.exists():
            gone.delete()
            changed = True
        return changed

    def _mark(self, row: Reviewable, reading: Reading, created: bool) -> None:
        if not created:
            row.version += 1
        row.loaded_version = row.version
        row.edited_by = reading.item["read_by"]
        row.approved_by = ""
        row.review_state = State.DRAFT
        row.save()

    def _touch(self, row: Reviewable, record: Record) -> None:
        """Note a change in what is published with a record, once per load."""
        if any(
            each.pk == row.pk and each.record_kind == row.record_kind
            for each, _, _ in self.approvals
        ):
            return
        self._mark(row, record.reading, created=False)
        self.approvals.append((row, record.item, record.reading))
        if record.defined:
            self.report.unchanged[row.record_kind] -= 1
        self.report.changed[row.record_kind] += 1

    def _kept(self, row: Reviewable) -> bool:
        return row.edited_since_load and not self.overwrite

    def approve(self, row: Reviewable, item: Item, reading: Reading) -> None:
        """Take a record as far through review as its reading says that it went."""
        if self.problems:
            return
        approver = reading.item.get("approved_by")
        if not approver:
            return
        fresh = workflow.REVIEWABLE[row.record_kind]._default_manager.get(pk=row.pk)
        try:
            workflow.submit(fresh)
            workflow.approve(fresh, approver)
        except QualityError as error:
            self.problems += [item.problem("citations", each) for each in error.problems]
        except workflow.WorkflowError as error:
            self.problems.append(reading.item.problem("approved_by", str(error)))

    def _refuse(self, error: ValidationError, item: Item) -> None:
        for name, messages in error.message_dict.items():
            self.problems += [
                item.problem("" if name == "__all__" else name, message) for message in messages
            ]

    def _found(self, model: Any, slug: str | None) -> Any:
        return model.objects.get(slug=slug) if slug else None

    def _country(self, code: str | None) -> Country | None:
        return Country.objects.get(code=code) if code else None


def approved_at(batch: Batch) -> datetime | None:
    """Return the latest time at which a reading of the batch was approved."""
    return max(
        (each.item["approved_at"] for each in batch.readings if each.item.get("approved_at")),
        default=None,
    )


def _set_countries(row: ReportedTotal, codes: list[str]) -> bool:
    before = set(row.countries.values_list("code", flat=True))
    if before == set(codes):
        return False
    row.countries.set(Country.objects.filter(code__in=codes))
    return True


def _uid(*parts: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, "/".join(parts))
