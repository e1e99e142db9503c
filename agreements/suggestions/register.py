"""What the database names: forces, people, topics and places, read with seven queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from agreements.models import (
    Engagement,
    Force,
    ForceName,
    Person,
    PersonName,
    Topic,
    TopicLabel,
)


@dataclass(frozen=True)
class KnownForce:
    """A force of the database: ``unit`` where it is a part of another; names and acronyms."""

    slug: str
    country: str
    kind: str
    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    unit: bool = False


@dataclass(frozen=True)
class Register:
    """What is in the database to be recognised: people and topics by slug, with their names.

    ``places`` gives the alpha-2 code of the country that records put a place in, or "".
    """

    forces: tuple[KnownForce, ...] = ()
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    topics: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_database(cls) -> Register:
        """Read all of it, in a number of queries that does not depend on how much there is."""
        return cls(_forces(), _people(), _topics(), _places())


def _forces() -> tuple[KnownForce, ...]:
    names: dict[str, list[str]] = defaultdict(list)
    acronyms: dict[str, list[str]] = defaultdict(list)
    for slug, text, kind in ForceName.objects.values_list("force__slug", "text", "kind"):
        (acronyms if kind == ForceName.Kind.ACRONYM else names)[slug].append(text)
    rows = Force.objects.values_list("slug", "name", "kind", "country__code", "parent_id")
    return tuple(
        KnownForce(
            slug, code, kind, (name, *names[slug]), tuple(acronyms[slug]), parent is not None
        )
        for slug, name, kind, code, parent in rows.order_by("slug")
    )


def _people() -> dict[str, tuple[str, ...]]:
    rows = [*Person.objects.values_list("slug", "name")]
    rows += PersonName.objects.values_list("person__slug", "text")
    return _by_slug(rows)


def _topics() -> dict[str, tuple[str, ...]]:
    rows = [*Topic.objects.values_list("slug", "name")]
    rows += TopicLabel.objects.values_list("topic__slug", "text")
    return _by_slug(rows)


def _by_slug(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for slug, text in rows:
        names[slug][text] = None
    return {slug: tuple(texts) for slug, texts in names.items()}


def _places() -> dict[str, str]:
    """A place that records put in two countries, or in none, has none."""
    codes: dict[str, set[str]] = defaultdict(set)
    rows = Engagement.objects.exclude(location_name="").order_by()
    for name, code in rows.values_list("location_name", "location_country__code").distinct():
        codes[name].add(code or "")
    return {name: found.pop() if len(found) == 1 else "" for name, found in codes.items()}
