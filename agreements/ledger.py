"""The append-only ledger: publishing, withdrawing, reading as of a day, verifying.

Each row's SHA-256 covers the previous row's, so that a row changed, removed or put in between
shows. Rows are only ever written here.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agreements.dates import PartialDate
from agreements.exceptions import LedgerError
from agreements.models import Publication, PublicationFacet, Reviewable
from agreements.naming import keys_named_by
from agreements.places import place_keys
from agreements.representations import represent, searchable
from agreements.representations.published import NotPublished
from agreements.text import fold

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
_LAST_DAY = date(9999, 12, 31)
_APPEND_LOCK = 7_310_414
_TITLE_LENGTH = 300
# Days from the one that a record is ordered by, to the last one that its date may mean.
NEAR = timedelta(days=366)


@dataclass
class PublishedIndex:
    """The public records as the ledger has them, read ahead or as they are asked for.

    `batch` holds the titles of the records that are being published together.
    """

    batch: dict[tuple[str, str], str] = field(default_factory=dict)
    _bodies: dict[tuple[str, str], dict | None] = field(default_factory=dict)

    def read_ahead(self, records: Iterable[Reviewable]) -> None:
        """Read, in one query, what is public of records and of all that they name."""
        keys = {key for record in records for key in keys_named_by(record)}
        rows = Publication.objects.current().published().filter(slug__in={slug for _, slug in keys})
        self._bodies.update(dict.fromkeys(keys))
        self._bodies.update({(row.kind, row.slug): json.loads(row.body) for row in rows})

    def _current(self, kind: str, key: str) -> dict | None:
        if (kind, key) not in self._bodies:
            row = Publication.objects.current().published().filter(kind=kind, slug=key).first()
            self._bodies[kind, key] = json.loads(row.body) if row else None
        return self._bodies[kind, key]

    def body(self, kind: str, key: str) -> dict:
        body = self._current(kind, key)
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
    parts = [row.body[:-1]]
    parts += [f'"{name}":{text}' for name, text in more.items()]
    # A document's sha256 is its text's, wherever it is named; there the row's has another name.
    hash_key = "ledger_sha256" if row.kind == Publication.Kind.DOCUMENT else "sha256"
    parts.append(f'"revision":{row.revision},"published_at":"{at}","{hash_key}":"{row.sha256}"}}')
    return ",".join(parts)


def digest(previous: str, row: Publication) -> str:
    """Return the SHA-256 that a row must carry, given the previous row's."""
    content = json.dumps(
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
        ],
        ensure_ascii=False,
        separators=(",", ":"),
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
        "title_key": fold(title)[:_TITLE_LENGTH],
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


def _append(row: Publication, body: dict[str, Any]) -> Publication:
    """Write the next row. The caller is in a transaction and holds the lock."""
    last = Publication.objects.order_by("-sequence").first()
    if last is not None and row.published_at < last.published_at:
        raise LedgerError(
            f"The ledger ends at {instant(last.published_at)}; nothing can be published before."
        )
    row.sequence = last.sequence + 1 if last else 1
    current = Publication.objects.current().filter(kind=row.kind, slug=row.slug).first()
    row.revision = current.revision + 1 if current else 1
    for name, value in columns(body).items():
        setattr(row, name, value)
    row.sha256 = digest(last.sha256 if last else GENESIS, row)
    if current is not None:
        current.superseded_at = row.published_at
        current.save(update_fields=["superseded_at"])
    row.save(force_insert=True)
    PublicationFacet.objects.bulk_create(
        PublicationFacet(publication=row, facet=facet, value=value)
        for facet, value in sorted(facets(body))
    )
    return row


@transaction.atomic
def append_records(records: Iterable[Reviewable], at: datetime | None = None) -> list[Publication]:
    """Append the next revision of each record that changed; return the rows written.

    Records come approved; their editor and approver become the row's author and approver. Raises
    NotPublished where a record names one that is not public. Review is the workflow's.
    """
    _lock()
    ordered = sorted(records, key=_publication_order)
    index = PublishedIndex(
        {(each.record_kind, each.record_key): str(getattr(each, "title", "")) for each in ordered}
    )
    index.read_ahead(ordered)
    moment = _moment(at)
    written = []
    for record in ordered:
        body = represent(record, index)
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        index.remember(record.record_kind, record.record_key, body)
        current = (
            Publication.objects.current()
            .published()
            .filter(kind=record.record_kind, slug=record.record_key)
            .first()
        )
        if current is not None and current.body == text:
            continue
        row = Publication(
            kind=record.record_kind,
            slug=record.record_key,
            state=Publication.State.PUBLISHED,
            body=text,
            published_at=moment,
            author=record.edited_by,
            approver=record.approved_by,
            search_text=searchable(body, index),
        )
        written.append(_append(row, body))
    return written


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
    if successor:
        target = Publication.objects.current().published().filter(kind=kind, slug=successor)
        if successor == slug or not target.exists():
            raise LedgerError(f"The {kind} {successor} is not published; merge into one that is.")
    row = Publication(
        kind=kind,
        slug=slug,
        state=Publication.State.MERGED if successor else Publication.State.WITHDRAWN,
        body=current.body,
        published_at=_moment(at),
        author=author,
        approver=approver,
        reason=reason,
        successor=successor,
        search_text=current.search_text,
    )
    return _append(row, json.loads(current.body))


def _publication_order(record: Reviewable) -> tuple[int, int, str]:
    """Kinds in their order; within a kind, what others are parts of comes first."""
    return KIND_ORDER.index(record.record_kind), _depth(record), record.record_key


def _depth(record: Any, below: frozenset[int] = frozenset()) -> int:
    below |= {record.pk}
    named = (getattr(record, name, None) for name in ("parent", "predecessor", "origin"))
    depths = (_depth(above, below) for above in named if above and above.pk not in below)
    return 1 + max(depths, default=0)


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
