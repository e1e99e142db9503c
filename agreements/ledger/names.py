"""Which rows of the ledger may name a record, and whether by what it was called before."""

from collections.abc import Iterator

import orjson

from agreements.ledger.published import NAMED_BY_MANY
from agreements.models import Publication
from agreements.models.publications import PublicationQuerySet

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


def reason_of_renaming(named: Publication) -> str:
    """Return why a record is published again that names another one."""
    return f"It names the {named.kind} {named.slug} as revision {named.revision} of that does."


def named_as_before(kind: str, slug: str) -> int:
    """Return how many rows may name a record as it was called before its newest revision.

    0 where it is called as before. Of countries, forces, topics, documents and series only.
    """
    if kind not in NAMED_BY_MANY:
        return 0
    rows = Publication.objects.published().filter(kind=kind, slug=slug).order_by("-revision")
    told = [orjson.loads(body) for body in rows.values_list("body", flat=True)[:2]]
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
