"""What a row of the ledger says: its columns, its facets, its hash, its public JSON."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import combinations
from operator import attrgetter, itemgetter
from typing import Any

import orjson

from agreements import summary
from agreements.dates import PartialDate
from agreements.models import Publication
from agreements.naming import Key
from agreements.places import place_keys
from agreements.text import folded

GENESIS = "0" * 64
_LAST_DAY = date(9999, 12, 31)
_DOCUMENT = Publication.Kind.DOCUMENT.value
_TITLE_LENGTH = 300
# Days from the one that a record is ordered by, to the last one that its date may mean.
NEAR = timedelta(days=366)
# What a row says, as `append` has it; `columns` gives the others.
_SAID = (
    *("pk", "sequence", "kind", "slug", "revision", "state", "body", "published_at"),
    *("author", "approver", "reason", "successor", "sha256", "search_text"),
)
_written = attrgetter(*_SAID)
# What a facet has of its row.
SHARED = ("kind", "undated", "date_key", "sequence")
shared_of = attrgetter(*SHARED)


@dataclass(frozen=True, slots=True)
class Held:
    """The newest row of a record, as far as the next one has to know it."""

    pk: int
    revision: int
    state: str
    body: str


@dataclass(slots=True)
class Entry:
    """A row of the ledger in the making: what it says, its body parsed, and what it supersedes.

    `was` is the body, parsed, of the one that it supersedes, where that one was public; `counts`
    says whether it may be counted as something else than that one.
    """

    kind: str
    slug: str
    body: str
    data: dict[str, Any]
    published_at: datetime
    author: str
    approver: str
    search_text: str
    held: Held | None
    was: dict[str, Any] | None = None
    counts: bool = True
    state: str = Publication.State.PUBLISHED.value
    reason: str = ""
    successor: str = ""
    pk: int = 0
    sequence: int = 0
    revision: int = 0
    sha256: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    facets: Sequence[tuple[str, str]] = ()


def encode(data: Any) -> str:
    """Return data as JSON without white space, its letters as they are.

    The same as `json.dumps(data, ensure_ascii=False, separators=(",", ":"))`, for texts, whole
    numbers of 64 bits, lists, and dictionaries whose keys are texts. Times are texts already.
    Raises a TypeError on anything else.
    """
    return _encoded(data).decode()


def _encoded(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_PASSTHROUGH_DATETIME)


def instant(moment: datetime) -> str:
    """Return a moment as the public JSON has it: UTC, with a Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=1024)
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
    return hashed(
        previous,
        *(row.sequence, row.kind, row.slug, row.revision, row.state, row.body),
        *(instant(row.published_at), row.author, row.approver, row.reason, row.successor),
        row.search_text,
    )


def hashed(*said: Any) -> str:
    """Return the SHA-256 of what is said by a row and of the row before, in their order."""
    return hashlib.sha256(_encoded(said)).hexdigest()


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


def values_of(entry: Entry) -> tuple[Any, ...]:
    """Return what a row has in each of its columns, in the order of ROW."""
    return (*_written(entry), *entry.columns.values())


def _is_wide(earliest: date | None, latest: date | None) -> bool:
    if earliest is None or latest is None:
        return earliest != latest
    return latest - earliest > NEAR


ROW = (*_SAID, *columns({"name": "-"}))
# Of such a row, what its facets have of it.
shared_written = itemgetter(*map(ROW.index, SHARED))
_counted_of = itemgetter(*summary.COLUMNS[1:])


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
    codes = sorted(value for facet, value in found if facet == "country")
    return found | {pair_of(*two) for two in combinations(codes, 2)}


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Return the facet of records of two countries, their codes in ascending order."""
    return "country-pair", f"{one}:{other}"


def counted(kind: str, own: dict[str, Any], pairs: Sequence[tuple[str, str]]) -> summary.Record:
    """Return what a public record is counted as, by its filter columns and its facets."""
    return (kind, *_counted_of(own)), pairs


def shared(row: Publication) -> dict[str, Any]:
    """Return what the facets of a row have of it."""
    return dict(zip(SHARED, shared_of(row), strict=True))


def key_written(row: tuple[Any, ...]) -> Key:
    """Return what names the record of a row of the ledger that was just written."""
    return row[_SAID.index("kind")], row[_SAID.index("slug")]


sequence_written = itemgetter(_SAID.index("sequence"))


def publications(rows: Iterable[tuple[Any, ...]]) -> list[Publication]:
    """Return rows of the ledger that were just written, as their model has them."""
    return [Publication(**dict(zip(ROW, row, strict=True))) for row in rows]
