"""Several readings taken together: one record for each slug, every reference resolved."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from agreements.exceptions import ReadingError, ReadingProblem
from agreements.models import (
    KINDS,
    Document,
    Engagement,
    Force,
    Person,
    Series,
    Topic,
)
from agreements.models.evidence import CITABLE_FIELDS, QUOTE_WORDS
from agreements.readings.format import READING
from agreements.readings.shapes import Item
from agreements.readings.source import Place, compose
from agreements.readings.verification import quotations_digest
from agreements.roles import same_person
from agreements.text import word_count

# Section of a reading, kind of its records, and the key that only the defining reading gives.
SECTIONS = {
    "topics": ("topic", "name"),
    "people": ("person", "name"),
    "forces": ("force", "name"),
    "series": ("series", "title"),
    "agreements": ("agreement", "title"),
    "meetings": ("meeting", "title"),
    "exercises": ("exercise", "title"),
    "totals": ("total", "title"),
}
DEFINED_BY = dict(SECTIONS.values())
ENGAGEMENTS = tuple(KINDS)
_ABOVE = ("parent", "predecessor", "origin")
MODELS: dict[str, Any] = {
    **KINDS,
    "document": Document,
    "force": Force,
    "person": Person,
    "topic": Topic,
    "series": Series,
}
_REQUIRED = {
    "force": ("kind", "country"),
    "agreement": ("status", "participants"),
    "meeting": ("status", "participants"),
    "exercise": ("status", "participants", "activity"),
}
_EVIDENCE_ONLY = {"slug", "citations"}
Row = TypeVar("Row")


@dataclass
class Reading:
    """One file: its particulars, and whether its quotations stand verified."""

    item: Item

    @property
    def document(self) -> str | None:
        return self.item["document"]["slug"] if self.item.get("document") else None

    @property
    def verified_against(self) -> str:
        """The SHA-256 that every quotation of the file was verified against, or nothing."""
        claim, document = self.item.get("verified"), self.item.get("document")
        if not claim or not document or claim["sha256"] != document["sha256"]:
            return ""
        return claim["sha256"] if claim["digest"] == quotations_digest(self.item) else ""


@dataclass
class Record:
    """A record with its values, and the citations that every reading brings for it."""

    kind: str
    slug: str
    reading: Reading
    item: Item
    citations: list[tuple[Item, Reading]] = field(default_factory=list)

    @property
    def defined(self) -> bool:
        """Whether the values are given, and not only evidence for a record held already."""
        return DEFINED_BY[self.kind] in self.item.values


@dataclass
class Batch:
    """What is to be loaded, checked as far as the files alone can be."""

    readings: list[Reading]
    records: dict[tuple[str, str], Record]
    documents: dict[str, tuple[Item, Reading]]

    def of(self, kind: str) -> Iterator[Record]:
        return (record for record in self.records.values() if record.kind == kind)

    def countries(self) -> dict[str, Record]:
        """Return every country that the readings name, each with a record that names it."""
        return {code: record for record in self.records.values() for code in _codes(record.item)}


def read_batch(paths: Iterable[Path]) -> Batch:
    """Read files (folders stand for their *.yaml) and check them together.

    Raises a ReadingError with every fault of every file.
    """
    problems: list[ReadingProblem] = []
    readings = []
    for path in _files(paths, problems):
        try:
            root = compose(path)
        except ReadingError as error:
            problems += error.problems
            continue
        readings.append(Reading(READING(root, Place(path, 1, ""), problems)))
    if problems:
        raise ReadingError(problems)
    batch = Batch(readings, {}, {})
    for reading in readings:
        problems += _reading_problems(reading)
        _add_documents(batch, reading, problems)
        _add_records(batch, reading, problems)
    for record in batch.records.values():
        problems += _record_problems(record)
    problems += _reference_problems(batch)
    if problems:
        raise ReadingError(problems)
    return batch


def _files(paths: Iterable[Path], problems: list[ReadingProblem]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not found:
            problems.append(ReadingProblem(path, 1, "file", "No *.yaml file in this folder."))
        files += [each for each in found if each not in files]
    return files


def above_first(rows: Iterable[Row], item: Callable[[Row], Item]) -> list[Row]:
    """Return rows in an order in which each follows its parent, its predecessor and its origin."""
    waiting = list(rows)
    items = {item(row)["slug"]: item(row) for row in waiting}

    def depth(slug: str) -> int:
        return 1 + max((depth(above) for _, above in _above(items[slug], items)), default=0)

    return sorted(waiting, key=lambda row: depth(item(row)["slug"]))


def _above(item: Item, items: dict[str, Item]) -> list[tuple[str, str]]:
    return [(name, item[name]) for name in _ABOVE if item.get(name) in items]


def _circles(items: dict[str, Item]) -> Iterator[ReadingProblem]:
    """Yield the items that are, by way of each other, above themselves."""
    for slug, item in items.items():
        for name, above in _above(item, items):
            seen, ahead = set(), [above]
            while ahead:
                each = ahead.pop()
                if each not in seen:
                    seen.add(each)
                    ahead += [further for _, further in _above(items[each], items)]
            if slug in seen:
                yield item.problem(name, f"{slug} comes back to itself; leave one of these out.")


def _reading_problems(reading: Reading) -> Iterator[ReadingProblem]:
    reader, approver = reading.item["read_by"], reading.item.get("approved_by", "")
    if same_person(reader, approver) and not settings.ALLOW_SELF_APPROVAL:
        yield reading.item.problem(
            "approved_by", f"Somebody else than {reader}, who read it, must approve."
        )


def _add_documents(batch: Batch, reading: Reading, problems: list[ReadingProblem]) -> None:
    own = reading.item.get("document")
    for item in ([own] if own else []) + reading.item.get("also_documents", []):
        if item["slug"] in batch.documents:
            earlier = batch.documents[item["slug"]][0].place
            problems.append(
                item.problem("slug", f"This document is given at {_where(earlier)} already.")
            )
        else:
            batch.documents[item["slug"]] = (item, reading)


def _add_records(batch: Batch, reading: Reading, problems: list[ReadingProblem]) -> None:
    for section, (kind, _) in SECTIONS.items():
        for item in reading.item.get(section, []):
            if (item.get("citations") or kind == "total") and not reading.document:
                problems.append(item.problem("citations", "Name the document of this reading."))
            record = Record(kind, item["slug"], reading, item)
            earlier = batch.records.setdefault((kind, item["slug"]), record)
            if earlier is not record:
                problems += _joined(earlier, record)
            earlier.citations += [(each, reading) for each in item.get("citations", [])]


def _joined(earlier: Record, later: Record) -> Iterator[ReadingProblem]:
    """Let the reading that gives values define the record; the others only bring evidence."""
    if later.reading is earlier.reading:
        yield later.item.problem("slug", f"Given at {_where(earlier.item.place)} already.")
    elif earlier.defined and later.defined:
        yield later.item.problem(
            "slug",
            f"Defined at {_where(earlier.item.place)} already; give only slug and citations here.",
        )
    elif later.defined:
        earlier.item, earlier.reading, later.item = later.item, later.reading, earlier.item
    surplus = sorted(set(later.item.values) - _EVIDENCE_ONLY)
    if surplus and not later.defined:
        yield later.item.problem(
            surplus[0], f"Give it where the record is defined, at {_where(earlier.item.place)}."
        )


def _record_problems(record: Record) -> Iterator[ReadingProblem]:
    item = record.item
    if record.defined:
        for name in _REQUIRED.get(record.kind, ()):
            if not item.get(name):
                yield item.problem(name, "Missing; it is required here.")
    for citation, _reading in record.citations:
        if not citation["fields"]:
            yield citation.problem("fields", "Name the fields that it is evidence for.")
        if citation.get("stated") and len(citation["fields"]) > 1:
            yield citation.problem("stated", "Say it of one field; cite the others apart.")
        for name, count in Counter(citation["fields"]).items():
            if count > 1:
                yield citation.problem("fields", f"{name!r} stands twice.")
            if name not in CITABLE_FIELDS[record.kind]:
                accepted = ", ".join(CITABLE_FIELDS[record.kind])
                yield citation.problem("fields", f"{name!r}: write one of {accepted}.")
        yield from _quote_problems(citation)
    if record.kind == "total":
        yield from _quote_problems(item)
    if item.get("ordinal") is not None and not item.get("series"):
        yield item.problem("ordinal", "A number needs a series.")
    seen = set()
    for participant in item.get("participants", []):
        key = (participant.get("country"), participant.get("force"), participant.get("role"))
        if key in seen:
            yield participant.problem("country", "This participant stands twice.")
        seen.add(key)
        people = set()
        for delegate in participant.get("delegates", []):
            if not delegate.get("person") and not delegate.get("position"):
                yield delegate.problem("position", "Give the person, or at least the position.")
            if delegate.get("person") in people:
                yield delegate.problem("person", "This person stands twice.")
            people |= {delegate["person"]} if delegate.get("person") else set()


def _quote_problems(item: Item) -> Iterator[ReadingProblem]:
    words = word_count(item.get("quote") or "")
    if words > QUOTE_WORDS:
        yield item.problem("quote", f"Quote at most {QUOTE_WORDS} words; these are {words}.")


def references(record: Record) -> Iterator[tuple[str, str, Item, str]]:
    """Yield (kind, slug, item, field) of everything that a record names."""
    item = record.item
    for name, kind in (
        ("series", "series"),
        ("parent", "force"),
        ("predecessor", "force"),
        ("force", "force"),
    ):
        if item.get(name):
            yield kind, item[name], item, name
    for topic in item.get("topics", []):
        yield "topic", topic, item, "topics"
    for participant in item.get("participants", []):
        if participant.get("force"):
            yield "force", participant["force"], participant, "force"
        for delegate in participant.get("delegates", []):
            if delegate.get("person"):
                yield "person", delegate["person"], delegate, "person"


def _reference_problems(batch: Batch) -> Iterator[ReadingProblem]:
    held = _keys_held(batch)
    owners = dict(Force.objects.order_by().values_list("slug", "country__code"))

    def known(kind: str, slug: str) -> bool:
        if (kind, slug) in batch.records or (kind == "document" and slug in batch.documents):
            return True
        return slug in held[MODELS[kind]]

    yield from _circles({slug: item for slug, (item, _) in batch.documents.items()})
    yield from _circles({record.slug: record.item for record in batch.of("force")})
    for item, _ in batch.documents.values():
        if item.get("origin") and not known("document", item["origin"]):
            yield item.problem("origin", f"No document {item['origin']!r} here or on the desk.")
    for record in batch.records.values():
        for kind, slug, item, name in references(record):
            if not known(kind, slug):
                yield item.problem(name, f"No {kind} {slug!r} in these readings or on the desk.")
        for link in record.item.get("links", []):
            target = link.get("target")
            if (
                target
                and not any((kind, target) in batch.records for kind in ENGAGEMENTS)
                and target not in held[Engagement]
            ):
                yield link.problem("target", f"No record {target!r} here or on the desk.")
        if not record.defined and record.slug not in held[MODELS[record.kind]]:
            defining = DEFINED_BY[record.kind]
            yield record.item.problem(
                defining, "No reading defines this record and the desk lacks it."
            )
        yield from _force_problems(batch, record, owners)


def _keys_held(batch: Batch) -> dict[Any, set[str]]:
    """Return the keys that the desk has of those that readings name, a query for each kind."""
    named: dict[Any, set[str]] = {model: set() for model in (*MODELS.values(), Engagement)}
    for item, _ in batch.documents.values():
        named[Document] |= {item["origin"]} if item.get("origin") else set()
    for record in batch.records.values():
        if record.kind in MODELS:
            named[MODELS[record.kind]].add(record.slug)
        for kind, slug, _, _ in references(record):
            named[MODELS[kind]].add(slug)
        named[Engagement] |= {each.get("target") or "" for each in record.item.get("links", [])}
    return {
        model: set(model.objects.filter(slug__in=keys).order_by().values_list("slug", flat=True))
        for model, keys in named.items()
    }


def _force_problems(
    batch: Batch, record: Record, owners: dict[str, str]
) -> Iterator[ReadingProblem]:
    for participant in record.item.get("participants", []):
        slug, code = participant.get("force"), participant.get("country")
        if not slug or not code:
            continue
        defined = batch.records.get(("force", slug))
        owner = (
            defined.item.get("country")
            if defined is not None and defined.defined
            else owners.get(slug)
        )
        if owner and owner != code:
            yield participant.problem("force", f"{slug} belongs to {owner}, not to {code}.")


def _codes(item: Item) -> Iterator[str]:
    if isinstance(item.get("country"), str):
        yield item["country"]
    yield from item.get("countries", [])
    if item.get("location") and item["location"].get("country"):
        yield item["location"]["country"]
    for participant in item.get("participants", []):
        yield participant["country"]


def _where(place: Place) -> str:
    return f"{place.path}:{place.line}"
