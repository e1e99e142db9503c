"""How alike two titles are, whichever of English and Vietnamese each is in.

The names of the sides are left out, since the sides are compared for themselves. What remains are
words that say what it was (with one name in both languages), numbers, and names of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from agreements.likeness.concepts import FORCE_WORDS, STOP_WORDS, VIETNAMESE_WORDS, phrases
from agreements.suggestions.country_names import countries_in
from agreements.suggestions.folded import is_vietnamese
from agreements.suggestions.numerals import ENGLISH_ORDINALS, VIETNAMESE_ORDINALS
from agreements.suggestions.words import Word, words_of
from agreements.text import fold

# From this on, two names are taken for the same: "Themis" and "Thémis-2", "Haiphong" and "Haipong".
_SAME_NAME = 85
# What follows them is a place, which tells less than a name.
_BEFORE_PLACES = frozenset("in at off near from to tai o tu den vung cang".split())
_LONGEST_NUMBER = 6
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ORDINAL = re.compile(r"([0-9]{1,3})(?:st|nd|rd|th)")
_ROMAN = {
    text: number
    for number, text in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split(), 1)
    if len(text) > 1
}
_ORDINALS_EN = {fold(word).strip(): number for word, number in ENGLISH_ORDINALS.items()}
_ORDINALS_VI = {fold(word).strip(): number for word, number in VIETNAMESE_ORDINALS.items()}
_LONGEST_ORDINAL = max(word.count(" ") for word in (*_ORDINALS_EN, *_ORDINALS_VI)) + 1


@dataclass(frozen=True)
class Title:
    """What a title says: what it is of, names of its own, its number, other numbers, years.

    `countries` are those that it names, by their codes.
    """

    vietnamese: bool
    concepts: frozenset[str]
    names: frozenset[str]
    proper: frozenset[str]
    ordinals: frozenset[int]
    numbers: frozenset[str]
    years: frozenset[str]
    countries: frozenset[str]


@dataclass(frozen=True)
class Compared:
    """What comes of comparing titles: 0 to 100, None where nothing in them can be compared.

    `names` is whether names of their own agree, None where one has none. `translated` where they
    are in two languages, so that `alike` is the share of what has one name in both.
    """

    alike: int | None
    names: bool | None
    translated: bool = False


@lru_cache(maxsize=32768)
def read(text: str, left_out: Collection[str] = frozenset()) -> Title:
    """Return what a title says, without words of names that are `left_out` (folded)."""
    words = words_of(text)
    folded = {word.bare for word in words}
    vietnamese = is_vietnamese(text) or len(folded & VIETNAMESE_WORDS) > 1
    countries = countries_in(text, words, vietnamese)
    kept = [
        word
        for number, word in enumerate(words)
        if not any(each.first <= number < each.after for each in countries)
    ]
    reading = _Reading([word.bare for word in kept], vietnamese)
    capitals = _capitals(text, words, kept)
    names = {
        (number, word)
        for number, word in reading.rest
        if word not in left_out and word not in FORCE_WORDS and len(word) > 1
    }
    return Title(
        vietnamese,
        frozenset(reading.concepts),
        frozenset(word for _number, word in names),
        frozenset(word for number, word in names if number in capitals),
        frozenset(reading.ordinals),
        frozenset(reading.numbers),
        frozenset(reading.years),
        frozenset(each.code for each in countries),
    )


def compared(one: Title, other: Title) -> Compared:
    """Return how alike two titles are.

    In different languages only what has one name in both can be compared, and names of their own
    can agree but not differ.
    """
    if one.vietnamese != other.vietnamese:
        return Compared(_of_concepts(one, other), _agree(one, other) or None, True)
    names = _same_names(one.proper, other.proper)
    mine, theirs = _joined(one), _joined(other)
    if not (mine and theirs):
        return Compared(None, names)
    # The first takes a part for the whole, the second counts what the one has besides.
    alike = (fuzz.token_set_ratio(mine, theirs) + fuzz.token_sort_ratio(mine, theirs)) / 2
    return Compared(round(alike), names)


class _Reading:
    """The words of a title, each taken as one thing."""

    def __init__(self, words: list[str], vietnamese: bool):
        self.concepts: set[str] = set()
        self.ordinals: set[int] = set()
        self.numbers: set[str] = set()
        self.years: set[str] = set()
        self.rest: list[tuple[int, str]] = []
        self._words = words
        self._vietnamese = vietnamese
        self._phrases = phrases("vi" if vietnamese else "en")
        at = 0
        while at < len(words):
            at += self._take(at)

    def _take(self, at: int) -> int:
        """Take what begins at a word; return how many words it has."""
        if length := self._ordinal(at):
            return length
        for phrase, name in self._phrases.get(self._words[at], ()):
            if tuple(self._words[at : at + len(phrase)]) == phrase:
                self.concepts |= {name} - {""}
                return len(phrase)
        word = self._words[at]
        if _YEAR.fullmatch(word):
            self.years.add(word)
        elif word.isdecimal() and len(word) <= _LONGEST_NUMBER:
            self.numbers.add(word)
        elif word not in STOP_WORDS:
            self.rest.append((at, word))
        return 1

    def _ordinal(self, at: int) -> int:
        if self._vietnamese:
            return self._vietnamese_ordinal(at)
        word = self._words[at]
        if match := _ORDINAL.fullmatch(word):
            return self._numbered(int(match[1]), 1)
        if word in _ROMAN and at:
            return self._numbered(_ROMAN[word], 1)
        return self._spelled(at, _ORDINALS_EN, 0)

    def _vietnamese_ordinal(self, at: int) -> int:
        before = 2 if self._words[at : at + 2] == ["lan", "thu"] else 1
        if self._words[at] != "lan" or at + before >= len(self._words):
            return 0
        word = self._words[at + before]
        if word.isdecimal() and len(word) <= 3:
            return self._numbered(int(word), before + 1)
        return self._spelled(at, _ORDINALS_VI, before)

    def _spelled(self, at: int, ordinals: dict[str, int], before: int) -> int:
        for length in range(_LONGEST_ORDINAL, 0, -1):
            words = self._words[at + before : at + before + length]
            number = ordinals.get(" ".join(words)) if len(words) == length else None
            if number:
                return self._numbered(number, before + length)
        return 0

    def _numbered(self, number: int, length: int) -> int:
        self.ordinals.add(number)
        return length


def _capitals(text: str, every: list[Word], kept: list[Word]) -> set[int]:
    """Return the numbers of the kept words whose capital tells that they are names, not of places.

    It does not in a title of capitals alone, where any word may be one, nor of the first word.
    """
    lower = sum(word.given[:1].islower() for word in every)
    telling = not text.isupper() and lower * 3 >= len(every)
    places = set(_places(every))
    found = set()
    for number, word in enumerate(kept):
        first = word is every[0] and not (word.given.isupper() and len(word.given) > 1)
        if word not in places and not (telling and (first or not word.given[:1].isupper())):
            found.add(number)
    return found


def _places(words: list[Word]) -> Iterator[Word]:
    """Yield the words with a capital that follow "in", "off" and the like."""
    after = False
    for word in words:
        if word.given[:1].isupper() and after:
            yield word
        else:
            after = word.bare in _BEFORE_PLACES


def _same_names(mine: frozenset[str], theirs: frozenset[str]) -> bool | None:
    """Whether names agree: not where each title has one that the other lacks."""
    if not (mine and theirs):
        return None
    return not (_lacking(mine, theirs) and _lacking(theirs, mine))


def _lacking(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return any(
        all(fuzz.ratio(word, other) < _SAME_NAME for other in theirs) for word in mine - theirs
    )


def _of_concepts(one: Title, other: Title) -> int | None:
    fewer = min(len(one.concepts), len(other.concepts))
    if not fewer:
        return None
    return round(100 * len(one.concepts & other.concepts) / fewer)


def _agree(one: Title, other: Title) -> bool:
    shared = one.proper & other.proper
    return any(len(word) > 3 for word in shared)


def _joined(title: Title) -> str:
    return " ".join(sorted(title.concepts | title.names | title.numbers))
