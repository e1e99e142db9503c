"""Words of a text with their places, and names looked up among them, the longest first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

from agreements.suggestions.folded import spelling, without_addresses
from agreements.suggestions.spans import Span
from agreements.text import fold

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
# What may stand between two words of one name; a full stop only within or after initials.
_GAP = re.compile(r"[^\S\n]+|\s?[-‐‑–]\s?|['’]\s?|\s?&\s?")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as given, without diacritics and in lower case, and as spelled."""

    start: int
    end: int
    given: str
    bare: str
    spelled: str

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_title(self) -> bool:
        """Whether it begins with a capital and goes on in small letters."""
        return self.given[:1].isupper() and not self.given.isupper()


@lru_cache(maxsize=65536)
def _forms(word: str) -> tuple[str, str]:
    return fold(word).replace(" ", ""), spelling(word)


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order; what stands in an address is left out."""
    return [
        Word(match.start(), match.end(), match[0], *_forms(match[0]))
        for match in _WORD.finditer(without_addresses(text))
    ]


@dataclass(frozen=True, slots=True)
class Name(Generic[T]):
    """A name to look for, and what it stands for.

    ``exact``: capitals and diacritics must be as written, as in an acronym or "Mỹ". ``capital``:
    its first letter must be a capital. Otherwise case does not count, and diacritics do only
    where the text has them: "Canh sat bien" is the name, "Cạnh sát biên" is not. ``bare``: nor
    where the name has none, as where a person's is known without them only.
    """

    words: tuple[Word, ...]
    target: T
    exact: bool = False
    capital: bool = False
    bare: bool = False

    def is_at(self, text: str, words: list[Word], at: int) -> bool:
        """Whether it stands in a text, from its word of a number on."""
        last = at + len(self.words) - 1
        if last >= len(words) or words[last].bare != self.words[-1].bare:
            return False
        found = words[at : last + 1]
        # A writer who sets some marks sets them all: "Hải quan" is not "Hải quân".
        marked = any(word.spelled != word.bare for word in found)
        if not all(self._agrees(*pair, marked) for pair in zip(self.words, found, strict=True)):
            return False
        if self.capital and not found[0].given[0].isupper():
            return False
        return all(one_name(text, *pair) for pair in pairwise(found))

    def _agrees(self, mine: Word, found: Word, marked: bool) -> bool:
        if self.exact:
            in_capitals = found.given.isupper() and found.spelled == mine.spelled
            return found.given == mine.given or in_capitals
        if found.bare != mine.bare:
            return False
        if found.spelled == mine.spelled or (self.bare and mine.spelled == mine.bare):
            return True
        return not marked and found.spelled == found.bare


def one_name(text: str, before: Word, after: Word) -> bool:
    """Whether two words may belong to one name, by what stands between them."""
    gap = text[before.end : after.start]
    if gap in (".", ". "):
        return len(before.given) <= 2
    return _GAP.fullmatch(gap) is not None


class Index(Generic[T]):
    """Names by their first word, to be found in a text in one pass over its words."""

    def __init__(self, names: Iterable[Name[T]] = ()):
        self._by_first: dict[str, list[Name[T]]] = defaultdict(list)
        for name in names:
            self.add(name)

    def add(self, name: Name[T]) -> None:
        """Look for a name too; one without words (an address, or signs) is never found."""
        if not name.words:
            return
        self._by_first[name.words[0].bare].append(name)
        self._by_first[name.words[0].bare].sort(key=lambda each: -len(each.words))

    def find(self, text: str, words: list[Word]) -> Iterator[tuple[int, Name[T]]]:
        """Yield (number of the first word, name), in order: at each word the longest name.

        Of names that have the same words, every one. After a name the search goes on behind it.
        """
        at = 0
        while at < len(words):
            length = 0
            for name in self._by_first.get(words[at].bare, ()):
                if len(name.words) < length:
                    break
                if name.is_at(text, words, at):
                    length = len(name.words)
                    yield at, name
            at += length or 1


def name(
    text: str, target: T, *, exact: bool = False, capital: bool = False, bare: bool = False
) -> Name[T]:
    """Make a name out of its text."""
    return Name(_words_of_name(text), target, exact, capital, bare)


@lru_cache(maxsize=16384)
def _words_of_name(text: str) -> tuple[Word, ...]:
    return tuple(words_of(text))
