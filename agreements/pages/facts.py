"""A record's values in words, each with the passages that it rests on."""

from dataclasses import dataclass, field
from typing import Any

from agreements.catalogue.names import Name, Names
from agreements.differences import label, words
from agreements.models import Citation, EngagementLink, ForceName
from agreements.pages.entries import sides_of
from agreements.pages.words import (
    language_in_words,
    locator_in_words,
    meaning_of,
    status_in_words,
)
from agreements.records import KINDS_OF_RECORD

# The keys of a record that are shown, in the order in which people ask for them.
_TAIL = ("topics", "series", "ordinal", "links")
_FIELDS = {
    "agreement": (
        *("summary", "instrument", "title_as_given", "status", "date", "entered_into_force"),
        *("terminated", "participants", "location", "binding", "ambit", "identified", *_TAIL),
    ),
    "meeting": (
        *("summary", "status", "date", "participants", "location", "level", "modality"),
        *("outcomes", *_TAIL),
    ),
    "exercise": (
        *("summary", "activity", "status", "date", "participants", "location", "area"),
        *("vessels", "count_stated", *_TAIL),
    ),
    "force": ("names", "kind", "country", "established", "parent", "predecessor"),
    "series": ("summary",),
    "topic": ("labels",),
    "country": ("code", "alpha3", "names"),
    "document": (
        *("publisher", "author", "published", "language", "url", "origin", "sha256", "note"),
    ),
    "total": ("what", "count", "as_of", "force", "countries", "criteria", "note"),
}
_DATES = ("date", "entered_into_force", "terminated", "established", "published", "as_of")
_CODES = ("sha256", "code", "alpha3")


@dataclass(frozen=True)
class Evidence:
    """A passage: where it is, what it says, and how it bears the value."""

    slug: str
    document: Name
    publisher: str
    locator: str
    quote: str
    verified: bool
    disputes: bool = False
    stated_value: str = ""
    inferred: bool = False
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """A value in words. `form` says how it is shown; a value of None is stated nowhere."""

    name: str
    label: str
    form: str
    value: Any
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def template(self) -> str:
        return f"pages/values/{self.form}.html"

    @property
    def disputed(self) -> bool:
        return any(each.disputes for each in self.evidence)

    @property
    def differing(self) -> bool:
        """Whether passages state other values than this one."""
        return any(each.stated_value for each in self.evidence)


def facts_of(kind: str, body: dict[str, Any], names: Names) -> list[Fact]:
    """Return what a record says, and whatever else its passages are about."""
    evidence: dict[str, list[Evidence]] = {}
    for row in body.get("citations", ()):
        evidence.setdefault(row["field"], []).append(_cited(row, names))
    if kind == "total":
        evidence["count"] = [_passage(body, names)]
    fields = dict.fromkeys([*_FIELDS[kind], *evidence])
    return [_fact(kind, name, body, names, evidence.get(name, [])) for name in fields]


def stated(facts: list[Fact]) -> list[Fact]:
    """Return those facts that have a value, or passages about it."""
    return [fact for fact in facts if fact.value is not None or fact.evidence]


def unstated(facts: list[Fact]) -> list[str]:
    """Return what nothing is stated about."""
    return [fact.label for fact in facts if fact.value is None and not fact.evidence]


def _fact(
    kind: str, name: str, body: dict[str, Any], names: Names, evidence: list[Evidence]
) -> Fact:
    model = KINDS_OF_RECORD[kind]
    form, value = _shown(kind, name, body, names)
    return Fact(name, label(model, name), form, value, evidence)


def _shown(kind: str, name: str, body: dict[str, Any], names: Names) -> tuple[str, Any]:
    """Return how a value is shown, and what of it."""
    value = body.get(name)
    if value in (None, "", []):
        return "text", None
    if name in _DATES:
        return "date", value
    if name in _CODES:
        return "code", value
    if name in ("names", "labels"):
        return "names", [_named(row) for row in value]
    special = _SPECIAL.get(name)
    if special is not None:
        return special(kind, value, body, names)
    return "text", words(KINDS_OF_RECORD[kind], name, value)


def _named(row: dict[str, str]) -> dict[str, str]:
    kind = words(ForceName, "kind", row["kind"]) if "kind" in row else ""
    return {**row, "kind": kind, "language_name": language_in_words(row["language"])}


def _status(kind: str, value: str, body: dict[str, Any], names: Names) -> tuple[str, Any]:
    return "status", {"text": status_in_words(kind, value), "meaning": meaning_of(value)}


def _participants(kind: str, value: Any, body: dict[str, Any], names: Names) -> tuple[str, Any]:
    return "participants", sides_of(body, names)


def _topics(kind: str, value: list[str], body: dict[str, Any], names: Names) -> tuple[str, Any]:
    return "records", [("topic", slug, names.of("topic", slug)) for slug in value]


def _countries(kind: str, value: list[str], body: dict[str, Any], names: Names) -> tuple[str, Any]:
    return "records", [("country", code, names.of("country", code)) for code in value]


def _reference(of: str) -> Any:
    def shown(kind: str, value: Any, body: dict[str, Any], names: Names) -> tuple[str, Any]:
        key = value.get("slug") or value["code"]
        otherwise = value.get("title") or value["name"]
        return "records", [(of, key, names.of(of, key, otherwise))]

    return shown


def _links(kind: str, value: Any, body: dict[str, Any], names: Names) -> tuple[str, Any]:
    return "links", [
        {**row, "relation": words(EngagementLink, "relation", row["relation"])} for row in value
    ]


def _location(kind: str, value: Any, body: dict[str, Any], names: Names) -> tuple[str, Any]:
    code = value["country"]
    return "location", {
        "name": value["name"],
        "code": code,
        "country": names.of("country", code) if code else None,
    }


def _count(kind: str, value: int, body: dict[str, Any], names: Names) -> tuple[str, Any]:
    return "count", {"count": value, "approximate": body["approximate"]}


def _criteria(kind: str, value: dict[str, Any], body: dict[str, Any], names: Names) -> Any:
    model = KINDS_OF_RECORD["total"]
    shown = [words(model, key, value[key]) for key in ("counts", "instrument", "activity")]
    return "criteria", {"words": list(filter(None, shown)), "period": value["period"]}


_SPECIAL = {
    "status": _status,
    "participants": _participants,
    "topics": _topics,
    "countries": _countries,
    "links": _links,
    "location": _location,
    "country": _reference("country"),
    "force": _reference("force"),
    "parent": _reference("force"),
    "predecessor": _reference("force"),
    "series": _reference("series"),
    "origin": _reference("document"),
    "language": lambda kind, value, body, names: ("text", language_in_words(value)),
    "url": lambda kind, value, body, names: ("url", value),
    "vessels": lambda kind, value, body, names: ("lines", value),
    "count": _count,
    "criteria": _criteria,
}


def _cited(row: dict[str, Any], names: Names) -> Evidence:
    document = row["document"]
    return Evidence(
        document["slug"],
        names.of("document", document["slug"], document["title"]),
        document["publisher"] or "",
        locator_in_words(row["locator"]),
        row["quote"] or "",
        row["verified"],
        row["stance"] == "disputes",
        row["stated_value"],
        row["inferred"],
        words(Citation, "confidence", row["confidence"]),
        row["note"],
    )


def _passage(body: dict[str, Any], names: Names) -> Evidence:
    document = body["document"]
    return Evidence(
        document["slug"],
        names.of("document", document["slug"], document["title"]),
        document["publisher"] or "",
        locator_in_words(body["locator"]),
        body["quote"] or "",
        body["verified"],
    )
