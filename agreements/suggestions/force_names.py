"""Forces by name: those of the database, and those that are known to exist besides."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agreements.countries import country_name
from agreements.suggestions.folded import spelling
from agreements.suggestions.force_phrases import says_only_kind
from agreements.suggestions.force_sorts import SORTS, is_of_sort
from agreements.suggestions.register import KnownForce, Register
from agreements.suggestions.spans import Span
from agreements.suggestions.words import Index, Name, Word, name
from agreements.text import fold

_AMERICAN = ("United States ", "U.S. ", "US ")
# Beside these a Vietnamese name without a country stands for several forces, or for a part.
_SEVERAL = frozenset(map(spelling, "hai ba các nước của hoàng".split()))
_PART = spelling("vùng")


@dataclass(frozen=True, slots=True)
class Body:
    """A force; ``slug`` is empty where the database lacks it."""

    slug: str
    country: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class _Called:
    """What a name calls a force.

    ``generic``: other countries may have one that is called the same, as in "MND" or "Cảnh sát
    biển", which in Vietnamese press is Vietnam's.
    """

    body: Body
    generic: bool


class ForceNames:
    """The names by which forces are found, for what one database holds."""

    def __init__(self, register: Register):
        self._of_sort: dict[tuple[str, str], list[KnownForce]] = defaultdict(list)
        by_name: dict[str, KnownForce] = {}
        self._index: Index[_Called] = Index()
        for force in register.forces:
            for sort in SORTS if not force.unit else ():
                if is_of_sort(sort, force.kind, force.names):
                    self._of_sort[force.country, sort].append(force)
            by_name.update(dict.fromkeys(map(fold, force.names), force))
            self._add_stored(force)
        self._by_name = by_name
        for row in _known():
            self._add_known(row)

    def _add_stored(self, force: KnownForce) -> None:
        self._add(_stored(force), dict.fromkeys(force.names), force.acronyms)

    def _add_known(self, row: dict) -> None:
        if body := self._body_of(row):
            names = [text for each in _names_of(row) for text in _with_styles(each)]
            self._add(body, names, row.get("acronyms", ()))

    def _add(self, body: Body, names: Iterable[str], acronyms: Iterable[str]) -> None:
        generic = [text for text in names if says_only_kind(text)]
        for text in names:
            called = _Called(body, text in generic)
            exact = text.isupper() and " " not in text
            self._index.add(name(text, called, exact=exact, capital=called.generic))
        for text in acronyms:
            called = _Called(body, any(_initials(each) == text for each in generic))
            self._index.add(name(text, called, exact=True))

    def _body_of(self, row: dict) -> Body | None:
        """The force that a row of the known ones stands for: the database's, where it is there."""
        for text in _names_of(row):
            if stored := self._by_name.get(fold(text)):
                return _stored(stored) if stored.country == row["country"] else None
        for sort in SORTS:
            if row is _principal(row["country"], sort):
                return self.of_sort(row["country"], sort)
        return Body("", row["country"], row["kind"], row["name"])

    def of_sort(self, country: str, sort: str) -> Body | None:
        """Return the force of a sort that a country has.

        It is the database's where that has one, and one to be created where it has none; None
        where it has several.
        """
        stored = self._of_sort.get((country, sort), [])
        if stored:
            return _stored(stored[0]) if len(stored) == 1 else None
        row = _principal(country, sort)
        if row:
            return Body("", country, SORTS[sort].kind, row["name"])
        label = SORTS[sort].label.format(country=country_name(country))
        return Body("", country, SORTS[sort].kind, label)

    def named(self, text: str) -> Body | None:
        """Return the force of the database that is called so, with or without "Command" before."""
        for words in (text, f"Bộ Tư lệnh {text}"):
            if stored := self._by_name.get(fold(words)):
                return _stored(stored)
        return None

    def find(
        self, text: str, words: list[Word], vietnamese: bool, seen: frozenset[str]
    ) -> Iterator[tuple[Span, Body]]:
        """Yield the forces that a text calls by name.

        ``seen`` are the countries that the text names. A name that does not say whose force it is
        ("Ministry of National Defence") is not taken for that of a country that a text leaves out
        while it names others; where several forces have it, it is that of the one country named.
        """
        found: dict[Span, set[_Called]] = defaultdict(set)
        for at, each in self._index.find(text, words):
            after = at + len(each.words)
            if not _is_hull(words, each, after) and (
                not each.target.generic or _stands_alone(words, at, after)
            ):
                found[Span(words[at].start, words[after - 1].end)].add(each.target)
        home = seen | {"VN"} if vietnamese else seen
        for span, called in found.items():
            near = {each.body for each in called if each.body.country in home}
            far = {each.body for each in called if not each.generic or not seen}
            chosen = near or far
            if len(chosen) == 1:
                yield span, chosen.pop()


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.split() if word[0].isupper())


def _stored(force: KnownForce) -> Body:
    return Body(force.slug, force.country, force.kind, force.names[0])


def _is_hull(words: list[Word], called: Name[_Called], after: int) -> bool:
    """Whether an acronym with a number is that of a ship: "CSB 8005"."""
    return called.exact and after < len(words) and words[after].given.isdecimal()


def _stands_alone(words: list[Word], at: int, after: int) -> bool:
    following = words[after].spelled if after < len(words) else ""
    if following.isdecimal():
        return False
    return following not in _SEVERAL and not (at and words[at - 1].spelled == _PART)


@cache
def _known() -> list[dict]:
    return json.loads(Path(__file__).with_name("known_forces.json").read_text(encoding="utf-8"))


def _with_styles(name: str) -> list[str]:
    """A name with each way to write whose it is: "U.S. Navy", "US Navy", "United States Navy"."""
    for style in _AMERICAN:
        if name.startswith(style):
            return [each + name.removeprefix(style) for each in _AMERICAN]
    return [name]


def _names_of(row: dict) -> tuple[str, ...]:
    return (row["name"], *row.get("en", ()), *row.get("vi", ()))


@cache
def _principal(country: str, sort: str) -> dict | None:
    """The first known force of a country and sort: the one that the sort alone calls."""
    for row in _known():
        if row["country"] == country and is_of_sort(sort, row["kind"], _names_of(row)):
            return row
    return None
