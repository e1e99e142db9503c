"""The append-only ledger: publishing, withdrawing, reading as of a day, verifying.

Each row's SHA-256 covers the previous row's, so that a row changed, removed or put in between
shows. Rows are only ever written here.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce
from operator import attrgetter, or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agreements.bulk import insert, reserve_keys
from agreements.dates import PartialDate
from agreements.exceptions import LedgerError
from agreements.models import Publication, PublicationFacet, Reviewable
from agreements.models.publications import PublicationQuerySet
from agreements.naming import Key, key_of, keys_named_by
from agreements.places import place_keys
from agreements.records import REVIEWABLE
from agreements.representations import keys_searched, renamed, represent, searchable
from agreements.representations.published import NotPublished
from agreements.text import folded

GENESIS = "0" * 64
# Records are published in this order, so that what others name is public before they are.
KIND_ORDER = (
    "country",
    "topic",
    "document",
    "force",
    "series",
    "agreement",
    "meeting",
    "exercise",
    "total",
)
# Kinds whose public form goes into that of many others.
_NAMED_BY_MANY = ("country", "topic", "document", "force", "series")
_LAST_DAY = date(9999, 12, 31)
# Facets that tell which records name one of a kind, and kinds whose bodies are looked into for it.
_FACETS_NAMING = {
    "country": ("country", "place"),
    "force": ("force",),
    "topic": ("topic",),
    "document": ("document",),
}
# What other records show of one that they name, or are found by.
_SHOWN_OF_NAMED = ("name", "names", "labels", "title", "publisher", "sha256", "url")
_ENGAGEMENTS = ("agreement", "meeting", "exercise")
_NAMED_WITHIN = {
    "force": ("force",),
    "document": ("document",),
    **dict.fromkeys(_ENGAGEMENTS, _ENGAGEMENTS),
}
_ABOVE = ("parent", "predecessor", "origin")
_DOCUMENT = Publication.Kind.DOCUMENT.value
_APPEND_LOCK = 7_310_414
_TITLE_LENGTH = 300
# Days from the one that a record is ordered by, to the last one that its date may mean.
NEAR = timedelta(days=366)
# So many records are rendered and written together.
AT_A_TIME = 1000
# What a row says, as `_append` has it; `columns` gives the others.
_SAID = (
    *("pk", "sequence", "kind", "slug", "revision", "state", "body", "published_at"),
    *("author", "approver", "reason", "successor", "sha256", "search_text"),
)
_written = attrgetter(*_SAID)
_FACET_COLUMNS = ("publication", "facet", "value")
# What is encoded is made here, and holds itself nowhere.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Held:
    """The newest row of a record, as far as the next one has to know it."""

    pk: int
    revision: int
    state: str
    body: str


@dataclass(slots=True)
class Entry:
    """A row of the ledger in the making: what it says, its body parsed, and what it supersedes."""

    kind: str
    slug: str
    body: str
    data: dict[str, Any]
    published_at: datetime
    author: str
    approver: str
    search_text: str
    held: Held | None
    state: str = Publication.State.PUBLISHED.value
    reason: str = ""
    successor: str = ""
    pk: int = 0
    sequence: int = 0
    revision: int = 0
    sha256: str = ""


@dataclass
class PublishedIndex:
    """The public records as the ledger has them, read ahead or as they are asked for.

    `batch` holds the titles of the records that are being published together.
    """

    batch: Mapping[Key, str] = field(default_factory=dict)
    serializers: dict[str, Any] = field(default_factory=dict)
    _rows: dict[Key, Held | None] = field(default_factory=dict)
    _bodies: dict[Key, dict] = field(default_factory=dict)

    def read_ahead(self, records: Iterable[Reviewable]) -> None:
        """Read, in a query for each kind, what is public of records and of all that they name."""
        self._read(keys_named_by(list(records)))

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
            self._rows.update(_held(rows.order_by()))

    def held(self, kind: str, key: str) -> Held | None:
        """Return the newest row of a record; None where it was never published."""
        if (kind, key) not in self._rows:
            rows = dict(_held(Publication.objects.current().filter(kind=kind, slug=key)))
            self._rows[kind, key] = rows.get((kind, key))
        return self._rows[kind, key]

    def _current(self, kind: str, key: str) -> dict | None:
        if (kind, key) not in self._bodies:
            row = self.held(kind, key)
            if row is None or row.state != Publication.State.PUBLISHED:
                return None
            self._bodies[kind, key] = json.loads(row.body)
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
        for key in [key for key in self._bodies if key[0] not in _NAMED_BY_MANY]:
            del self._bodies[key]


def _held(rows: PublicationQuerySet) -> Iterator[tuple[Key, Held]]:
    for kind, slug, *values in rows.values_list("kind", "slug", "pk", "revision", "state", "body"):
        yield (kind, slug), Held(*values)


def instant(moment: datetime) -> str:
    """Return a moment as the public JSON has it: UTC, with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def ever_published(record: Reviewable) -> bool:
    """Return whether the ledger has any row of a record, tombstones included."""
    return Publication.objects.filter(kind=record.record_kind, slug=record.record_key).exists()


def standing(kind: str, slug: str) -> Publication:
    """Return the row by which a record is public now; raise a LedgerError where none is."""
    row = Publication.objects.current().published().filter(kind=kind, slug=slug).first()
    if row is None:
        raise LedgerError(f"The {kind} {slug} is not published.")
    return row


@lru_cache(maxsize=10_000)
def instant_written(text: str) -> str:
    """Return a moment that a database wrote as text, UTC where it names no zone, as `instant`."""
    moment = datetime.fromisoformat(text)
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def public_json(row: Any, at: str, **more: str) -> str:
    """Return a row's whole public JSON: the body as stored, `more` (JSON texts), and its stamp.

    `at` is when the row was published, as `instant` has it.
    """
    found = "".join(f',"{name}":{text}' for name, text in more.items()) if more else ""
    # A document's sha256 is its text's, wherever it is named; there the row's has another name.
    hash_key = "ledger_sha256" if row.kind == _DOCUMENT else "sha256"
    stamp = f'"revision":{row.revision},"published_at":"{at}","{hash_key}":"{row.sha256}"'
    return f"{row.body[:-1]}{found},{stamp}}}"


def digest(previous: str, row: Publication | Entry) -> str:
    """Return the SHA-256 that a row must carry, given the previous row's."""
    content = _encode(
        [
            previous,
            row.sequence,
            row.kind,
            row.slug,
            row.revision,
            row.state,
            row.body,
            instant(row.published_at),
            row.author,
            row.approver,
            row.reason,
            row.successor,
            row.search_text,
        ]
    )
    return hashlib.sha256(content.encode()).hexdigest()


def columns(body: dict[str, Any]) -> dict[str, Any]:
    """Return the filter columns of a public body."""
    title = body.get("title") or body["name"]
    dated = body.get("date") or body.get("published")
    partial = PartialDate.parse(dated["edtf"]) if dated else None
    earliest = partial.earliest if partial else None
    latest = partial.latest if partial else None
    return {
        "title": title,
        "title_key": folded(title)[:_TITLE_LENGTH],
        "status": body.get("status") or "",
        "earliest": earliest,
        "latest": latest,
        "date_certain": bool(partial and partial.certain),
        "undated": earliest is None and latest is None,
        "date_key": earliest or latest or _LAST_DAY,
        "wide": _is_wide(earliest, latest),
        "series": (body.get("series") or {}).get("slug", ""),
        "ordinal": body.get("ordinal"),
        "instrument": body.get("instrument") or "",
        "activity": body.get("activity") or "",
        "level": body.get("level") or "",
        "stands_for_many": bool(body.get("count_stated")),
        "disputed": any(row["stance"] == "disputes" for row in body.get("citations", ())),
    }


def _is_wide(earliest: date | None, latest: date | None) -> bool:
    if earliest is None or latest is None:
        return earliest != latest
    return latest - earliest > NEAR


_ROW = (*_SAID, *columns({"name": "-"}))


def facets(body: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the (facet, value) pairs of a public body."""
    found: set[tuple[str, str]] = set()
    for participant in body.get("participants", ()):
        role, code = participant["role"], participant["country"]["code"]
        found |= {("role", role), ("country", code), ("country-role", f"{code}:{role}")}
        if participant["force"]:
            slug = participant["force"]["slug"]
            found |= {("force", slug), ("force-role", f"{slug}:{role}")}
    if isinstance(body.get("country"), dict):
        found.add(("country", body["country"]["code"]))
    found |= {("country", code) for code in body.get("countries", ())}
    if body.get("force"):
        found.add(("force", body["force"]["slug"]))
    if body.get("document"):
        found.add(("document", body["document"]["slug"]))
    found |= {("document", row["document"]["slug"]) for row in body.get("citations", ())}
    found |= {("topic", slug) for slug in body.get("topics", ())}
    found |= {("place", key) for key in place_keys(body.get("location"))}
    return found


def _lock() -> None:
    # SQLite's transactions are IMMEDIATE: whoever is in one is the only writer already.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])


def wait_for_publications() -> None:
    """Return once every publication that is under way now is committed or given up."""
    with transaction.atomic():
        # On SQLite, IMMEDIATE: the transaction begins when the writers before it are done.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_APPEND_LOCK])


def _moment(at: datetime | None) -> datetime:
    """Return the time asked for, or now, in the milliseconds that fixtures keep.

    The caller holds the lock. Now is always after the last row, so that each publication has a
    time of its own: a clock may go back, and the past that was read must stay.
    """
    if at is None:
        # Rounded up: nobody may have read the ledger as of this time already.
        at = _in_milliseconds(timezone.now() + timedelta(microseconds=999))
        last = Publication.objects.order_by("-sequence").first()
        if last is not None:
            at = max(at, last.published_at + timedelta(milliseconds=1))
    return _in_milliseconds(at)


def _in_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _append(
    entries: Iterable[Entry], number: int, moment: datetime, superseded: Sequence[int] = ()
) -> list[tuple[Any, ...]]:
    """Write the next rows, so many and of one moment; return the values of each.

    The entries may be made as they are asked for: PostgreSQL then stores the first while the next
    are made. That must not ask the database. The caller is in a transaction and holds the lock.
    """
    if not number:
        return []
    last = Publication.objects.order_by("-sequence").first()
    if last is not None and moment < last.published_at:
        raise LedgerError(
            f"The ledger ends at {instant(last.published_at)}; nothing can be published before."
        )
    keys = reserve_keys(Publication, number)
    done: list[Entry] = []
    rows: list[tuple[Any, ...]] = []

    def found_by() -> Iterator[tuple[int, str, str]]:
        for entry, key in zip(entries, keys, strict=True):
            entry.pk = key
            done.append(entry)
            yield from ((key, *pair) for pair in sorted(facets(entry.data)))

    def chained() -> Iterator[tuple[Any, ...]]:
        sequence, previous = (last.sequence, last.sha256) if last else (0, GENESIS)
        for entry in done:
            sequence += 1
            entry.sequence = sequence
            entry.revision = entry.held.revision + 1 if entry.held else 1
            previous = entry.sha256 = digest(previous, entry)
            rows.append((*_written(entry), *columns(entry.data).values()))
            yield rows[-1]

    if superseded:
        Publication.objects.filter(pk__among=superseded).update(superseded_at=moment)
    # The key of what they belong to is looked up when all of it is committed.
    insert(PublicationFacet, _FACET_COLUMNS, found_by())
    insert(Publication, _ROW, chained())
    return rows


def key_written(row: tuple[Any, ...]) -> Key:
    """Return what names the record of a row of the ledger that was just written."""
    return row[_SAID.index("kind")], row[_SAID.index("slug")]


def publications(rows: Iterable[tuple[Any, ...]]) -> list[Publication]:
    """Return rows of the ledger that were just written, as their model has them."""
    return [Publication(**dict(zip(_ROW, row, strict=True))) for row in rows]


class Publishing:
    """A publication under way: records appended some at a time, all of one moment.

    To be made and used in one transaction. Records come in their order of publication, whole and
    approved; their editor and approver become the row's author and approver. Review is the
    workflow's. `titles` are those of all records that are published together.
    """

    def __init__(self, titles: Mapping[Key, str], at: datetime | None = None):
        _lock()
        self.moment = _moment(at)
        self._index = PublishedIndex(titles)

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
            body = _encode(data) if held else None
            if held and held.state == Publication.State.PUBLISHED and held.body == body:
                continue
            said.append((record, held, data, body))
        entries = (self._entry(*each) for each in said)
        if any(held for _, held, _, _ in said):
            rows = self._append(list(entries))
        else:
            # Nothing is superseded, so that the first rows can be written while others are made.
            rows = _append(entries, len(said), self.moment)
        index.forget()
        return rows

    def _entry(
        self, record: Reviewable, held: Held | None, data: dict[str, Any], body: str | None
    ) -> Entry:
        return Entry(
            *key_of(record),
            body=_encode(data) if body is None else body,
            data=data,
            published_at=self.moment,
            author=record.edited_by,
            approver=record.approved_by,
            search_text=searchable(data, self._index),
            held=held,
        )

    def _append(self, entries: list[Entry]) -> list[tuple[Any, ...]]:
        superseded = [entry.held.pk for entry in entries if entry.held]
        return _append(entries, len(entries), self.moment, superseded)

    def rename(self, keys: Sequence[int], named: Publication) -> list[tuple[Any, ...]]:
        """Append what stands in some rows again, naming another record as it is public now.

        All else is as it was published, whatever the desk has by now; the words searched follow
        the names. The rows go out under the approval of the record that they name. Rows that
        would say the same again are left out.
        """
        index, changed = self._index, []
        now = {(named.kind, named.slug): json.loads(named.body)}
        rows = Publication.objects.filter(pk__among=keys)
        held = dict(_held(rows.order_by("sequence")))
        words_of = dict(rows.order_by().values_list("pk", "search_text"))
        bodies = {key: json.loads(row.body) for key, row in held.items()}
        index.read_named(bodies.values())
        for (kind, slug), row in held.items():
            data = renamed(kind, bodies[kind, slug], now, index)
            body, words = _encode(data), searchable(data, index)
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
    publishing = Publishing(titles_of(ordered), at)
    return publications(row for some in parts(ordered) for row in publishing.append(some))


def parts(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield records, so many at a time as are published together."""
    for start in range(0, len(records), AT_A_TIME):
        yield records[start : start + AT_A_TIME]


def reason_of_renaming(named: Publication) -> str:
    """Return why a record is published again that names another one."""
    return f"It names the {named.kind} {named.slug} as revision {named.revision} of that does."


def named_as_before(kind: str, slug: str) -> int:
    """Return how many rows may name a record as it was called before its newest revision.

    0 where it is called as before. Of countries, forces, topics, documents and series only.
    """
    if kind not in _NAMED_BY_MANY:
        return 0
    rows = Publication.objects.published().filter(kind=kind, slug=slug).order_by("-revision")
    told = [json.loads(body) for body in rows.values_list("body", flat=True)[:2]]
    if len(told) < 2 or all(told[0].get(name) == told[1].get(name) for name in _SHOWN_OF_NAMED):
        return 0
    return len(naming(kind, slug))


def naming(kind: str, slug: str) -> list[int]:
    """Return the numbers of the rows whose public form may name a record, in their order."""
    rows = Publication.objects.current().published().exclude(kind=kind, slug=slug)
    found: dict[int, int] = {}
    for some in _may_name(rows, kind, slug):
        found |= dict(some.order_by().values_list("sequence", "pk"))
    return [found[sequence] for sequence in sorted(found)]


def _may_name(rows: PublicationQuerySet, kind: str, slug: str) -> Iterator[PublicationQuerySet]:
    facets_of = _FACETS_NAMING.get(kind, ())
    if facets_of:
        yield rows.filter(facets__facet__in=facets_of, facets__value=slug)
    if kind == "series":
        yield rows.filter(series=slug)
    if kind in _NAMED_WITHIN:
        # What no facet tells: what stands above a force or a document, and links.
        yield rows.filter(kind__in=_NAMED_WITHIN[kind], body__contains=f'"{slug}"')


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
    _lock()
    current = standing(kind, slug)
    held = Held(current.pk, current.revision, current.state, current.body)
    if successor:
        target = Publication.objects.current().published().filter(kind=kind, slug=successor)
        if successor == slug or not target.exists():
            raise LedgerError(f"The {kind} {successor} is not published; merge into one that is.")
    entry = Entry(
        kind=kind,
        slug=slug,
        body=current.body,
        data=json.loads(current.body),
        published_at=_moment(at),
        author=author,
        approver=approver,
        search_text=current.search_text,
        held=held,
        state=(Publication.State.MERGED if successor else Publication.State.WITHDRAWN).value,
        reason=reason,
        successor=successor,
    )
    (row,) = publications(_append([entry], 1, entry.published_at, [current.pk]))
    return row


def in_order(records: Iterable[Reviewable]) -> list[Reviewable]:
    """Return records in the order of publication.

    Kinds come in their order; within a kind, what others are parts of comes first.
    """
    found = list(records)
    depths = {kind: depths_of(kind) for kind in {record.record_kind for record in found}}

    def place(record: Reviewable) -> tuple[int, int, str]:
        kind, key = key_of(record)
        return KIND_ORDER.index(kind), depths[kind].get(record.pk, 1), key

    return sorted(found, key=place)


def depths_of(kind: str) -> dict[int, int]:
    """Return how deep the records of a kind stand below others, by number; else that is 1."""
    model = REVIEWABLE[kind]
    names = [each.attname for each in model._meta.concrete_fields if each.name in _ABOVE]
    if not names:
        return {}
    standing_below = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in names))
    rows = model._default_manager.filter(standing_below).order_by().values_list("pk", *names)
    above = {pk: [each for each in others if each] for pk, *others in rows}

    def depth(pk: int, below: frozenset[int] = frozenset()) -> int:
        below |= {pk}
        return 1 + max(
            (depth(each, below) for each in above.get(pk, ()) if each not in below), default=0
        )

    return {pk: depth(pk) for pk in above}


def verify(chunk: int = 500) -> Iterator[str]:
    """Yield what is wrong with the ledger, a line a fault, in the order of its rows.

    Recomputes every hash, the chain, the filter columns, the facets and the times of succession.
    """
    previous, expected = GENESIS, 1
    open_rows: dict[tuple[str, str], Publication] = {}
    rows = Publication.objects.order_by("sequence").prefetch_related("facets")
    for row in rows.iterator(chunk_size=chunk):
        yield from _faults(row, previous, expected)
        earlier = open_rows.get((row.kind, row.slug))
        if row.revision != (earlier.revision + 1 if earlier else 1):
            yield f"row {row.sequence} ({row}): its revision does not follow the one before."
        if earlier is not None and earlier.superseded_at != row.published_at:
            yield f"row {earlier.sequence} ({earlier}): superseded at another time than it says."
        open_rows[row.kind, row.slug] = row
        previous, expected = row.sha256, row.sequence + 1
    for row in open_rows.values():
        if row.superseded_at is not None:
            yield f"row {row.sequence} ({row}): marked as superseded, but nothing follows it."


def _faults(row: Publication, previous: str, expected: int) -> Iterator[str]:
    name = f"row {row.sequence} ({row})"
    if row.sequence != expected:
        yield f"row {expected}: missing; the ledger goes on with {name}."
    if row.sha256 != digest(previous, row):
        yield f"{name}: its SHA-256 is not that of its content and of the row before."
    try:
        body = json.loads(row.body)
        recomputed, pairs = columns(body), facets(body)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"{name}: its body is not a public record."
        return
    wrong = [column for column, value in recomputed.items() if getattr(row, column) != value]
    if wrong:
        yield f"{name}: filter columns differ from its body: {', '.join(sorted(wrong))}."
    if {(each.facet, each.value) for each in row.facets.all()} != pairs:
        yield f"{name}: its facets differ from its body."
