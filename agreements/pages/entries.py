"""Records as lists show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agreements.catalogue.asking import Answer
from agreements.catalogue.names import Name, Names, name_of, named_in, names_of
from agreements.differences import words
from agreements.models import Delegate, EngagementKind, Participant, Publication
from agreements.models.publications import PublicationQuerySet
from agreements.pages.words import (
    is_to_come,
    kind_in_words,
    language_now,
    short_date,
    status_in_words,
)


@dataclass(frozen=True)
class Side:
    """A country, and where known the force that acted for it, with a role."""

    code: str
    country: Name
    slug: str
    force: Name | None
    role: str
    delegates: Sequence[dict[str, Any]] = ()

    @property
    def name(self) -> Name:
        return self.force or self.country


@dataclass(frozen=True)
class Entry:
    """A record of a list, with the names of what it names."""

    kind: str
    key: str
    body: dict[str, Any]
    names: Names

    @property
    def is_engagement(self) -> bool:
        return self.kind in EngagementKind.values

    @property
    def template(self) -> str:
        return f"pages/entries/{'engagement' if self.is_engagement else self.kind}.html"

    @property
    def kind_name(self) -> str:
        return kind_in_words(self.kind)

    @property
    def name(self) -> Name:
        return name_of(self.body, self.names.language)

    @property
    def date(self) -> str:
        return short_date(self.body.get("date") or self.body.get("published"))

    @property
    def year(self) -> int | None:
        """The year in which it is, or in which it can first be; None where nothing bounds it."""
        dated = self.body.get("date")
        day = dated and (dated["earliest"] or dated["latest"])
        return int(day[:4]) if day else None

    @property
    def status(self) -> str:
        return status_in_words(self.kind, self.body["status"])

    @property
    def to_come(self) -> bool:
        return is_to_come(self.body["status"])

    @property
    def disputed(self) -> bool:
        return any(row["stance"] == "disputes" for row in self.body.get("citations", ()))

    @property
    def sides(self) -> list[Side]:
        return sides_of(self.body, self.names)

    @property
    def country(self) -> Name:
        country = self.body["country"]
        return self.names.of("country", country["code"], country["name"])


def sides_of(body: dict[str, Any], names: Names) -> list[Side]:
    """Return who took part, in the record's order."""
    return [_side(row, names) for row in body["participants"]]


def _side(row: dict[str, Any], names: Names) -> Side:
    country, force = row["country"], row["force"]
    return Side(
        country["code"],
        names.of("country", country["code"], country["name"]),
        force["slug"] if force else "",
        names.of("force", force["slug"], force["name"]) if force else None,
        words(Participant, "role", row["role"]),
        [{**each, "role": words(Delegate, "role", each["role"])} for each in row["delegates"]],
    )


def entries(
    rows: Iterable[Publication],
    bodies: Iterable[dict[str, Any]],
    standing: PublicationQuerySet,
) -> list[Entry]:
    """Return rows with their public JSON as entries; their names are read in one query."""
    pairs = list(zip(rows, bodies, strict=True))
    shown = ("country", "force")
    keys = {key for _, body in pairs for key in named_in(body) if key[0] in shown}
    names = names_of(standing, keys, language_now())
    return [Entry(row.kind, row.slug, body, names) for row, body in pairs]


def found_entries(answer: Answer, rows: Sequence[Publication]) -> list[Entry]:
    """Return rows of an answer as entries."""
    return entries(rows, answer.bodies(rows), answer.standing)
