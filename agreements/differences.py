"""What differs between two states of a record, field by field, for a person to read.

States are JSON: two snapshots of the desk, or two public forms. Rows of a relation are paired by
what they are about (a citation by its field, document and place), so that a row that changed is
shown as changed, and not as one that went and one that came.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agreements.countries import country_name, country_table
from agreements.models import (
    Citation,
    Delegate,
    EngagementLink,
    ForceName,
    Participant,
    PersonName,
    TopicLabel,
)
from agreements.models.evidence import CITABLE_FIELDS
from agreements.records import KINDS_OF_RECORD

State = dict[str, Any]

# The rows of each relation, and the keys that tell what a row is about.
_ROWS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "participants": (Participant, ("country", "force", "role")),
    "delegates": (Delegate, ("person", "name", "position")),
    "links": (EngagementLink, ("relation", "target", "slug")),
    "citations": (Citation, ("field", "document", "locator")),
    "names": (ForceName, ("text", "language")),
    "labels": (TopicLabel, ("language",)),
}
_NAMES = {
    "participants": gettext_lazy("participants"),
    "delegates": gettext_lazy("delegates"),
    "links": gettext_lazy("links"),
    "citations": gettext_lazy("citations"),
    "names": gettext_lazy("names"),
    "labels": gettext_lazy("labels"),
    "topics": gettext_lazy("topics"),
    "location": gettext_lazy("place"),
    "criteria": gettext_lazy("compared with"),
    "verified": gettext_lazy("verified"),
    "verified_against": gettext_lazy("verified against"),
    "countries": gettext_lazy("countries"),
}
# Numbers of rows, and copies of what is shown beside them.
_UNSEEN = {"uid", "earliest", "latest", "ledger_sha256", "revision", "published_at"}
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# A text is shown word by word from this length on, where this much of it is as it was.
_LONG = 40
_ALIKE = 0.6


@dataclass(frozen=True)
class Piece:
    """Some words of a text: in both states, removed, or added."""

    text: str
    change: str = ""


@dataclass
class Difference:
    """What became of a field, or of a row of a relation (`change`: added, removed, changed)."""

    name: str
    label: str
    change: str = "changed"
    before: str = ""
    after: str = ""
    rows: list["Difference"] = field(default_factory=list)

    def unchanged(self) -> "Difference":
        """Return what it leads to, as something that stays as it is."""
        rows = [row.unchanged() for row in self.rows]
        return Difference(self.name, self.label, "unchanged", "", self.after, rows)

    @property
    def pieces(self) -> list[Piece]:
        """The words of a longer text, those kept and those not; none where few are kept."""
        if max(len(self.before), len(self.after)) < _LONG or not (self.before and self.after):
            return []
        one, other = _WORDS.findall(self.before), _WORDS.findall(self.after)
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        return list(_pieces(matcher, one, other)) if matcher.ratio() > _ALIKE else []


def differences(kind: str, before: State | None, after: State | None) -> list[Difference]:
    """Return what differs between two states of a record of a kind, in the order of its fields.

    Without a state before, everything that the record says is added; without one after, removed.
    """
    return list(_fields(KINDS_OF_RECORD[kind], before or {}, after or {}))


def _fields(model: Any, before: State, after: State) -> Iterator[Difference]:
    for name in dict.fromkeys([*after, *before]):
        one, other = before.get(name), after.get(name)
        if name in _UNSEEN or _same(one, other):
            continue
        if _is_rows(name, one, other):
            rows = list(_rows(name, one or [], other or []))
            if rows:
                yield Difference(name, label(model, name), rows=rows)
        else:
            yield Difference(
                name,
                label(model, name),
                _change(one, other),
                words(model, name, one),
                words(model, name, other),
            )


def _same(one: Any, other: Any) -> bool:
    # Absent is "" on the desk, and null or [] in public.
    return one == other or (one in (None, "", []) and other in (None, "", []))


def _is_rows(name: str, *values: Any) -> bool:
    return name in _ROWS and any(
        isinstance(value, list) and value and isinstance(value[0], dict) for value in values
    )


def _change(one: Any, other: Any) -> str:
    if one in (None, "", []):
        return "added"
    return "removed" if other in (None, "", []) else "changed"


def _rows(name: str, before: list[State], after: list[State]) -> Iterator[Difference]:
    model, keys = _ROWS[name]
    if name == "names" and any("kind" not in row for row in (*before, *after)):
        model = PersonName
    for one, other in _pairs(keys, before, after):
        shown: State = (one if other is None else other) or {}
        title = ", ".join(filter(None, (words(model, key, shown.get(key)) for key in keys)))
        inner = list(_fields(model, one or {}, other or {}))
        if one is not None and other is not None and not inner:
            continue
        yield Difference(
            name,
            title,
            "added" if one is None else "removed" if other is None else "changed",
            rows=[each for each in inner if each.name not in keys or (one and other)],
        )


def _pairs(
    keys: tuple[str, ...], before: list[State], after: list[State]
) -> Iterator[tuple[State | None, State | None]]:
    """Pair the rows of two states: those that are equal, then by number, then by their keys."""
    gone = [row for row in before if row not in after]
    come = [row for row in after if row not in before]
    for same in (lambda row: row.get("uid"), lambda row: [row.get(key) for key in keys]):
        for row in list(come):
            mate = next((each for each in gone if same(each) and same(each) == same(row)), None)
            if mate is not None:
                gone.remove(mate)
                come.remove(row)
                yield mate, row
    yield from ((row, None) for row in gone)
    yield from ((None, row) for row in come)


def label(model: Any, name: str) -> str:
    """Return what a field is called, in the language of the page."""
    if name in _NAMES:
        return str(_NAMES[name])
    found = _field(model, name)
    return str(found.verbose_name) if found is not None else name.replace("_", " ")


def words(model: Any, name: str, value: Any) -> str:
    """Return a value as a person reads it; "" where there is none."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(words(model, name, each) for each in value)
    if isinstance(value, dict):
        return _named(model, value)
    if name in ("country", "countries", "location_country", "code") and value in country_table():
        return country_name(value, get_language() or "en")
    if model is Citation and name == "field":
        return _citable(value)
    found = _field(model, name)
    choices = dict(found.flatchoices) if found is not None and found.choices else {}
    return str(choices.get(value, value))


def _citable(name: str) -> str:
    """Return what a field is called that a citation is for, whichever kind of record has it."""
    kind = next((kind for kind, names in CITABLE_FIELDS.items() if name in names), None)
    return label(KINDS_OF_RECORD[kind], name) if kind else name


def _named(model: Any, value: State) -> str:
    """Return a date as it is written, another record by its name, and of anything else all."""
    names = ("edtf", "title") if value.keys().isdisjoint({"slug", "code"}) else ("title", "name")
    for key in names:
        if key in value:
            return str(value[key])
    return ", ".join(filter(None, (words(model, key, each) for key, each in value.items())))


@cache
def _field(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _pieces(matcher: SequenceMatcher, one: list[str], other: list[str]) -> Iterator[Piece]:
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("".join(one[i:j]))
            continue
        if j > i:
            yield Piece("".join(one[i:j]), "removed")
        if m > k:
            yield Piece("".join(other[k:m]), "added")
