"""The rows of a release's tables that come of one record's public JSON."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agreements.releases.tables import ENGAGEMENTS, key_name, table_of

Row = tuple[str, Mapping[str, Any]]


def rows_of(kind: str, record: Mapping[str, Any]) -> Iterator[Row]:
    """Yield (table, object) for a record and all that belongs to it.

    Lists that a record lacks, since it was published before they were known, are empty.
    """
    slug = record[key_name(kind)]
    whose = {"kind": kind, "slug": slug}
    yield "records", _published(kind, slug, record)
    if kind in ENGAGEMENTS:
        yield "engagements", record
        yield from _of_engagement(whose, record)
    yield table_of(kind), record
    if kind == "country":
        yield from _listed("country_names", {"country": slug}, record.get("names", ()))
    elif kind == "topic":
        yield from _listed("topic_labels", {"topic": slug}, record.get("labels", ()))
    elif kind == "force":
        yield from _listed("force_names", {"force": slug}, record.get("names", ()))
    elif kind == "total":
        for code in record.get("countries", ()):
            yield "total_countries", {"total": slug, "country": code}
    elif kind == "exercise":
        vessels = ({"vessel": vessel} for vessel in record.get("vessels", ()))
        yield from _listed("exercise_vessels", {"exercise": slug}, vessels)
    yield from _listed("citations", whose, record.get("citations", ()))


def _published(kind: str, slug: str, record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "slug": slug,
        "title": record.get("title") or record["name"],
        "revision": record["revision"],
        "published_at": record["published_at"],
        "sha256": record["ledger_sha256" if kind == "document" else "sha256"],
    }


def _listed(
    table: str, whose: Mapping[str, Any], items: Iterable[Mapping[str, Any]]
) -> Iterator[Row]:
    for position, item in enumerate(items, start=1):
        yield table, {**item, **whose, "position": position}


def _of_engagement(whose: dict[str, Any], record: Mapping[str, Any]) -> Iterator[Row]:
    sides = record.get("participants", ())
    yield from _listed("participants", whose, sides)
    for participant, side in enumerate(sides, start=1):
        for number, delegate in enumerate(side.get("delegates", ()), start=1):
            member = {**whose, "participant": participant, "number": number}
            yield "delegates", {**delegate, **member}
            yield from _listed("delegate_names", member, delegate.get("names", ()))
    for topic in record.get("topics", ()):
        yield "engagement_topics", {**whose, "topic": topic}
    links = ({"relation": each["relation"], "target": each} for each in record.get("links", ()))
    yield from _listed("links", whose, links)
