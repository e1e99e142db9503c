"""What records are called in a language, as they were published at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Q

from agreements.models import ForceName
from agreements.models.publications import PublicationQuerySet
from agreements.text import fold

Key = tuple[str, str]
# Which of several names of a force in one language is shown.
_PREFERRED = (ForceName.Kind.OFFICIAL, ForceName.Kind.TRANSLATION, ForceName.Kind.ALIAS)


class Name(NamedTuple):
    """A name, and its language where that is known."""

    text: str
    language: str = ""


class Names:
    """Names of records by kind and key; `language` is preferred."""

    def __init__(self, language: str):
        self.language = language
        self._found: dict[Key, Name] = {}

    def add(self, kind: str, key: str, body: dict[str, Any]) -> Name:
        """Remember a record's name; return it."""
        self._found[kind, key] = name_of(body, self.language)
        return self._found[kind, key]

    def of(self, kind: str, key: str, otherwise: str = "") -> Name:
        """Return a record's name; where it is not published, `otherwise` or else its key."""
        return self._found.get((kind, key)) or Name(otherwise or key)


def name_of(body: dict[str, Any], language: str) -> Name:
    """Return what a public record is called in a language; in its own where it has no name there.

    Of a document that is its title, whose language it says.
    """
    rows = [*body.get("names", ()), *body.get("labels", ())]
    mine = [row for row in rows if row["language"].partition("-")[0] == language]
    if "kind" in body:
        by_kind = {row["kind"]: row for row in reversed(mine)}
        mine = [by_kind[kind] for kind in _PREFERRED if kind in by_kind]
    title = body.get("title") or body["name"]
    if mine:
        # The name that a record gives first is the one that is in use.
        own = next((row for row in mine if row["text"] == title), mine[0])
        return Name(own["text"], own["language"])
    known = next((row["language"] for row in rows if row["text"] == title), "")
    return Name(title, known or body.get("language", ""))


def names_of(standing: PublicationQuerySet, keys: Iterable[Key], language: str) -> Names:
    """Return the names of some records, read in one query; of none, in none."""
    names = Names(language)
    by_kind = defaultdict(set)
    for kind, key in keys:
        by_kind[kind].add(key)
    if by_kind:
        any_of = (Q(kind=kind, slug__in=sorted(some)) for kind, some in by_kind.items())
        for row in standing.published().filter(reduce(or_, any_of)).only("kind", "slug", "body"):
            names.add(row.kind, row.slug, row.body_data)
    return names


def every_name(
    standing: PublicationQuerySet, kinds: Iterable[str], language: str
) -> dict[str, list[tuple[str, Name]]]:
    """Return the keys and names of all records of some kinds, by kind, in their order."""
    names = Names(language)
    found: dict[str, list[tuple[str, Name]]] = {kind: [] for kind in kinds}
    for row in standing.published().filter(kind__in=found).only("kind", "slug", "body"):
        found[row.kind].append((row.slug, names.add(row.kind, row.slug, row.body_data)))
    for some in found.values():
        some.sort(key=lambda each: (fold(each[1].text), each[0]))
    return found


def named_in(body: dict[str, Any]) -> Iterator[Key]:
    """Yield the kind and key of every record that a public record names."""
    for side in body.get("participants", ()):
        yield "country", side["country"]["code"]
        if side["force"]:
            yield "force", side["force"]["slug"]
    if body.get("location") and body["location"]["country"]:
        yield "country", body["location"]["country"]
    if isinstance(body.get("country"), dict):
        yield "country", body["country"]["code"]
    yield from (("country", code) for code in body.get("countries", ()))
    yield from (("topic", slug) for slug in body.get("topics", ()))
    for key in ("force", "parent", "predecessor"):
        if body.get(key):
            yield "force", body[key]["slug"]
    if body.get("series"):
        yield "series", body["series"]["slug"]
    for key in ("document", "origin"):
        if body.get(key):
            yield "document", body[key]["slug"]
    yield from (("document", row["document"]["slug"]) for row in body.get("citations", ()))
