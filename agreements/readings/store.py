"""From readings to the desk: all of a batch or nothing, and nothing the second time."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction

from agreements import edited
from agreements.countries import country_table
from agreements.date_fields import DateBoundField
from agreements.exceptions import ReadingError
from agreements.models import (
    KINDS,
    Citation,
    Country,
    Delegate,
    Document,
    DocumentText,
    Engagement,
    EngagementLink,
    EngagementTopic,
    Force,
    ForceName,
    Participant,
    Person,
    PersonName,
    ReportedTotal,
    Series,
    Topic,
    TopicLabel,
)
from agreements.readings.batch import (
    ENGAGEMENTS,
    MODELS,
    Batch,
    Reading,
    Record,
    above_first,
    references,
)
from agreements.readings.reviewed import Report, ReviewedRows
from agreements.readings.rows import Child
from agreements.readings.shapes import Item

# What hangs on records, by which field, and on which.
_CHILDREN: tuple[tuple[Any, str, Any], ...] = (
    (TopicLabel, "topic", Topic),
    (PersonName, "person", Person),
    (ForceName, "force", Force),
    (EngagementTopic, "engagement", Engagement),
    (Participant, "engagement", Engagement),
    (EngagementLink, "source", Engagement),
    (Citation, "engagement", Engagement),
    (Citation, "force", Force),
    (Citation, "series", Series),
)
_NAMESPACE = uuid.UUID("6f3c1c52-6f3e-5e0b-9d0c-6a4a0f6f7f11")
Progress = Callable[[int, int], None]


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


class _Writer(ReviewedRows):
    """Writes the records of a batch, kind by kind, and then what lies between them."""

    def __init__(self, batch: Batch, overwrite: bool, progress: Progress | None):
        super().__init__(overwrite)
        self.batch = batch
        self._deleted: set[tuple[str, str]] = set()
        self.progress = progress or (lambda done, total: None)
        self._done = 0

    def run(self) -> None:
        self._look_up()
        self._leave_deleted()
        countries = self.batch.countries()
        total = len(countries) + len(self.batch.documents) + len(self.batch.records)
        for code, record in sorted(countries.items()):
            self.country(code, record)
            self._step(total)
        self.flush()
        for item, reading in self._documents():
            self._try(self.document, item, reading)
            self._step(total)
        self.flush()
        for kind in ("topic", "person", "force", "series", *ENGAGEMENTS, "total"):
            for record in above_first(self.batch.of(kind), lambda record: record.item):
                if record.defined:
                    method = self.engagement if kind in ENGAGEMENTS else getattr(self, kind)
                    self._try(method, record)
                self._step(total)
            self.flush()
        if not self.problems:
            self.links()
            self.flush()
        if not self.problems:
            self.evidence()
            self.flush()
        if not self.problems:
            self.approve()

    def _look_up(self) -> None:
        """Find all that the batch may change or name, with a few queries for each kind."""
        batch = self.batch
        named: dict[Any, set[str]] = {Country: set(batch.countries())}
        documents = [item for item, _ in batch.documents.values()]
        named[Document] = {item["slug"] for item in documents}
        named[Document] |= {item["origin"] for item in documents if item.get("origin")}
        for record in batch.records.values():
            model: Any = ReportedTotal if record.kind == "total" else MODELS[record.kind]
            named.setdefault(model, set()).add(record.slug)
            for kind, slug, _, _ in references(record):
                named.setdefault(MODELS[kind], set()).add(slug)
            targets = {link["target"] for link in record.item.get("links", [])}
            named.setdefault(Engagement, set()).update(targets)
        for model, keys in sorted(named.items(), key=lambda each: each[0] is not Engagement):
            self.look_up(model, keys)
        for model, parent, above in _CHILDREN:
            rows = (
                self.held(above, key)
                for each in named
                if issubclass(each, above)
                for key in named[each]
            )
            self.look_up_children(model, parent, {row.pk for row in rows if row is not None})
        participants = self._held[Participant, "engagement"].values()
        sides = {row.pk for rows in participants for row in rows}
        self.look_up_children(Delegate, "participant", sides)

    def _leave_deleted(self) -> None:
        """Leave out what somebody deleted on the desk, and refuse what cannot be without it."""
        gone = set() if self.overwrite else edited.deleted()
        records, documents = self.batch.records, self.batch.documents
        for kind, slug in [key for key in records if key in gone]:
            if self.held(ReportedTotal if kind == "total" else MODELS[kind], slug) is None:
                del records[kind, slug]
                self._deleted.add((kind, slug))
                self.report.kept.append(edited.told_deleted(kind, slug))
        text = "%s was deleted on the desk; leave it out, or --overwrite makes it again."
        for slug, (item, _) in documents.items():
            if ("document", slug) in gone and self.held(Document, slug) is None:
                self.problems.append(item.problem("slug", text % slug))
        for record in records.values():
            for kind, slug, item, name in references(record):
                if (kind, slug) in self._deleted:
                    self.problems.append(item.problem(name, text % slug))

    def _step(self, total: int) -> None:
        self._done += 1
        self.progress(self._done, total)

    def _try(self, method: Callable[..., None], *arguments: Any) -> None:
        try:
            method(*arguments)
        except ObjectDoesNotExist:
            # What it names was refused before, and the others are still worth checking.
            if not self.problems:
                raise

    def _documents(self) -> list[tuple[Item, Reading]]:
        return above_first(self.batch.documents.values(), lambda pair: pair[0])

    # One method a kind.

    def country(self, code: str, record: Record) -> None:
        values = {"alpha3": country_table()[code]["alpha3"]}
        self.reviewable(Country, code, values, record.item, record.reading)

    def topic(self, record: Record) -> None:
        labels = [
            ({"language": name["language"]}, {"text": name["text"]}, name)
            for name in record.item.get("labels", [])
        ]
        self.reviewable(
            Topic,
            record.slug,
            {"name": record.item["name"]},
            record.item,
            record.reading,
            children=lambda row: self.children(TopicLabel, {"topic": row}, labels),
        )

    def person(self, record: Record) -> None:
        names: list[Child] = [
            ({"language": name["language"], "text": name["text"]}, {}, name)
            for name in record.item.get("names", [])
        ]
        self.reviewable(
            Person,
            record.slug,
            {"name": record.item["name"]},
            record.item,
            record.reading,
            children=lambda row: self.children(PersonName, {"person": row}, names),
        )

    def document(self, item: Item, reading: Reading) -> None:
        held = self.held(Document, item["slug"])
        read_before = held and held.sha256
        if held is not None and held.sha256 and not item.get("sha256"):
            # Known here by reference only; it was read, and that reading has its particulars.
            self.report.count("document", created=False, changed=False)
            return
        values = {
            "title": item["title"],
            "publisher": item.get("publisher", ""),
            "author": item.get("author", ""),
            "language": item["language"],
            "published": item.get("published"),
            "url": item.get("url", ""),
            "sha256": item.get("sha256"),
            "origin": self.found(Document, item.get("origin")),
            "note": item.get("note", ""),
        }
        row = self.reviewable(Document, item["slug"], values, item, reading)
        if row is not None and held is not None and read_before != row.sha256:
            DocumentText.objects.filter(document=row).delete()

    def force(self, record: Record) -> None:
        item = record.item
        values = {
            "name": item["name"],
            "kind": item["kind"],
            "country": self.found(Country, item["country"]),
            "established": item.get("established"),
            "parent": self.found(Force, item.get("parent")),
            "predecessor": self.found(Force, item.get("predecessor")),
        }
        names = [
            (
                {"language": name["language"], "text": name["text"]},
                {
                    "kind": name.get("kind", ForceName.Kind.OFFICIAL),
                    "period": name.get("period"),
                },
                name,
            )
            for name in item.get("names", [])
        ]
        self.reviewable(
            Force,
            record.slug,
            values,
            item,
            record.reading,
            children=lambda row: self.children(ForceName, {"force": row}, names),
        )

    def series(self, record: Record) -> None:
        values = {"title": record.item["title"], "summary": record.item.get("summary", "")}
        self.reviewable(Series, record.slug, values, record.item, record.reading)

    def engagement(self, record: Record) -> None:
        item, model = record.item, KINDS[record.kind]
        location = item.get("location")
        values: dict[str, Any] = {
            "title": item["title"],
            "summary": item.get("summary", ""),
            "status": item["status"],
            "date": item.get("date"),
            "location_name": location.get("name", "") if location else "",
            "location_country": self.found(Country, location.get("country") if location else None),
            "series": self.found(Series, item.get("series")),
            "ordinal": item.get("ordinal"),
        }
        for each in model._meta.local_fields:
            if not each.primary_key and not isinstance(each, DateBoundField):
                values[each.name] = item.get(each.name, each.get_default())
        if "vessels" in values:
            values["vessels"] = "\n".join(item.get("vessels", []))
        self.reviewable(
            model,
            record.slug,
            values,
            item,
            record.reading,
            children=lambda row: self._relations(row, item),
        )

    def _relations(self, row: Engagement, item: Item) -> bool:
        topics: list[Child] = [
            ({"topic": self.found(Topic, slug)}, {}, item) for slug in item.get("topics", [])
        ]
        changed = self.children(EngagementTopic, {"engagement": row}, topics)
        participants = []
        for each in item.get("participants", []):
            uid = _uid(
                "participant", row.slug, each["country"], each.get("force", ""), each["role"]
            )
            values = {
                "country": self.found(Country, each["country"]),
                "force": self.found(Force, each.get("force")),
                "role": each["role"],
            }
            participants.append(({"uid": uid}, values, each))
        sides, touched = self.written_children(Participant, {"engagement": row}, participants)
        changed |= touched
        for participant, (_, _, each) in zip(sides, participants, strict=True):
            if participant is not None:
                delegates = self._delegates(participant, each.get("delegates", []))
                changed |= self.children(Delegate, {"participant": participant}, delegates)
        return changed

    def _delegates(self, participant: Participant, items: list[Item]) -> Iterator[Child]:
        seen: Counter = Counter()
        for item in items:
            who = item.get("person") or item.get("position", "")
            seen[who] += 1
            yield (
                {"uid": _uid("delegate", str(participant.uid), str(seen[who]), who)},
                {
                    "person": self.found(Person, item.get("person")),
                    "rank": item.get("rank", ""),
                    "position": item.get("position", ""),
                    "role": item.get("role", ""),
                },
                item,
            )

    def total(self, record: Record) -> None:
        item = record.item
        held = self.held(ReportedTotal, record.slug)
        values = {
            name: item.get(name, "") for name in ("title", "what", "instrument", "activity", "note")
        }
        values |= {
            "count": item["count"],
            "approximate": item.get("approximate", False),
            "as_of": item.get("as_of"),
            "force": self.found(Force, item.get("force")),
            "counts": item["counts"],
            "period": item.get("period"),
            "document": self.found(Document, record.reading.document),
            "locator": item["at"],
            "quote": item.get("quote", ""),
            "verified_against": _verified_against(item, record.reading, held),
        }
        codes = item.get("countries", [])
        self.reviewable(
            ReportedTotal,
            record.slug,
            values,
            item,
            record.reading,
            children=lambda row: _set_countries(row, codes),
        )

    # What comes when every record is there.

    def links(self) -> None:
        gone = {slug for _, slug in self._deleted}
        for record in self._engagements():
            row = self.found(Engagement, record.slug)
            if not record.defined or self.kept(row):
                continue
            rows: list[Child] = [
                (
                    {
                        "relation": link["relation"],
                        "target": self.found(Engagement, link["target"]),
                    },
                    {},
                    link,
                )
                for link in record.item.get("links", [])
                if link["target"] not in gone
            ]
            if self.children(EngagementLink, {"source": row}, rows):
                self.touch(row, record)

    def _engagements(self) -> Iterator[Record]:
        return (record for kind in ENGAGEMENTS for record in self.batch.of(kind))

    def evidence(self) -> None:
        read = models.Q(document__slug__in=[each.document for each in self.batch.readings])
        for record in self.batch.records.values():
            if record.kind not in ("force", "series", *ENGAGEMENTS):
                continue
            target: Any = {"force": Force, "series": Series}.get(record.kind, Engagement)
            row = self.found(target, record.slug)
            if self.kept(row):
                self.report_kept(row)
                continue
            name = record.kind if record.kind in ("force", "series") else "engagement"
            held = {each.uid: each for each in self.held_children(Citation, name, row)}
            rows = self._citation_rows(record, name, held)
            if self.children(Citation, {name: row}, rows, removable=read):
                self.touch(row, record)

    def _citation_rows(
        self, record: Record, target: str, held: dict[uuid.UUID, Citation]
    ) -> Iterator[Child]:
        seen: Counter = Counter()
        for item, reading in record.citations:
            document = self.found(Document, reading.document)
            for name in item["fields"]:
                key = (target, record.slug, document.slug, name)
                seen[key] += 1
                uid = _uid("citation", *key, str(seen[key]))
                yield (
                    {"uid": uid},
                    {
                        "document": document,
                        "field": name,
                        "locator": item["at"],
                        "quote": item.get("quote", ""),
                        "stance": item.get("stance", Citation.Stance.SUPPORTS),
                        "stated_value": item.get("stated", ""),
                        "inferred": item.get("inferred", False),
                        "confidence": item.get("confidence", Citation.Confidence.HIGH),
                        "verified_against": _verified_against(item, reading, held.get(uid)),
                        "note": item.get("note", ""),
                    },
                    item,
                )


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


def _verified_against(item: Item, reading: Reading, held: Citation | ReportedTotal | None) -> str:
    """Return what a quotation was verified against: by its reading or, as it is, on the desk."""
    quote = item.get("quote")
    if not quote or reading.verified_against:
        return reading.verified_against if quote else ""
    if held is not None and (held.locator, held.quote) == (item["at"], quote):
        return held.verified_against
    return ""
