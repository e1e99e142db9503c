"""A paragraph as the patterns of proposals read it, whatever the writer did with diacritics."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from agreements.suggestions.folded import is_vietnamese
from agreements.suggestions.passage import Passage
from agreements.suggestions.sentences import sentences
from agreements.suggestions.spans import Span

# Both "thỏa" and "thoả" are written; the patterns have the former.
_TONE_ON_LAST = re.compile(r"([ou])([àáảãạèéẻẽẹỳýỷỹỵ])(?![a-zà-ỹ])")
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile(r"[\w&](?:[\w&'./+-]*[\w&])?")
_VIETNAMESE_LETTERS = re.compile(r"[ăâđêôơưạ-ỹ]")
# Vietnamese words that stay telling without their diacritics.
_TELLING = frozenset(
    "cua va cac duoc voi trong ngay thang luong giua nuoc hop tac doan truong tuong quoc hoi "
    "luc canh bien tai cho nhung nam lan thu hai bo".split()
)
_TELLING_SHARE = 0.2
_TELLING_SHARE_OF_VIETNAMESE = 0.08


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the read text, hyphens and apostrophes within it included."""

    start: int
    end: int
    text: str


class Pattern:
    """A pattern over `Prose.text`, written with diacritics and read without them too.

    Breaks of lines in it, with the space around them, do not count.
    """

    def __init__(self, pattern: str):
        pattern = re.sub(r"\s*\n\s*", "", pattern)
        self._marked = re.compile(_even(pattern))
        self._bare = re.compile(unmarked(pattern))

    def finditer(self, prose: Prose) -> Iterator[re.Match[str]]:
        """Yield the matches in a paragraph, in order."""
        return self._of(prose).finditer(prose.text)

    def match(self, prose: Prose, start: int) -> re.Match[str] | None:
        """Return the match that begins at an offset."""
        return self._of(prose).match(prose.text, start)

    def search(self, prose: Prose, start: int, end: int) -> re.Match[str] | None:
        """Return the first match between two offsets."""
        return self._of(prose).search(prose.text, start, end)

    def _of(self, prose: Prose) -> re.Pattern[str]:
        return self._bare if prose.bare else self._marked


class Prose:
    """A paragraph in lower case, with its words; offsets are those of ``text``.

    ``bare``: it is Vietnamese written without diacritics, so that patterns are read so too.
    """

    def __init__(self, passage: Passage):
        self.passage = passage
        text = _even(passage.folded.text)
        self.bare = _is_bare_vietnamese(text, passage.language)
        self.text = unmarked(text) if self.bare else text
        self.vietnamese = self.bare or is_vietnamese(passage.paragraph, passage.language)
        self.tokens = [Token(*match.span(), match[0]) for match in _WORD.finditer(self.text)]
        self._starts = [token.start for token in self.tokens]
        self._ends = [token.end for token in self.tokens]

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of the paragraph as given."""
        return sentences(self.passage.paragraph)

    @cached_property
    def bodies(self) -> list[Span]:
        """Where the paragraph as given names countries and forces."""
        kinds = ("country", "force", "new-force")
        return [name.span for name in self.passage.names if name.kind in kinds]

    def names_a_body(self, at: int) -> bool:
        """Whether a character of the paragraph as given belongs to a country or force."""
        index = bisect_right(self.bodies, at, key=lambda span: span.start)
        return any(span.end > at for span in self.bodies[max(0, index - 3) : index])

    def sentence_around(self, span: Span) -> Span:
        """Return the sentence of the given paragraph that a span begins in."""
        index = bisect_right(self.sentences, span.start, key=lambda each: each.start) - 1
        return self.sentences[index] if index >= 0 else span

    def span(self, start: int, end: int) -> Span:
        """Return where characters of ``text`` stand in the paragraph as given."""
        return self.passage.folded.span(start, end)

    def given(self, start: int, end: int) -> str:
        """Return characters of ``text`` as they were given."""
        return self.span(start, end).of(self.passage.paragraph)

    def is_capital(self, at: int) -> bool:
        """Whether the character at an offset was given as a capital."""
        return self.passage.folded.is_capital(at)

    def before(self, at: int) -> Iterator[Token]:
        """Yield the words that stand before an offset, nearest first, up to a mark between them."""
        edge = at
        for token in reversed(self.tokens[: bisect_right(self._ends, at)]):
            if self.text[token.end : edge].strip(" "):
                return
            yield token
            edge = token.start

    def after(self, at: int) -> Iterator[Token]:
        """Yield the words that stand after an offset, in order, up to a mark between them."""
        edge = at
        for token in self.tokens[bisect_left(self._starts, at) :]:
            if self.text[edge : token.start].strip(" "):
                return
            yield token
            edge = token.end


def _even(text: str) -> str:
    """Return a text of the same length with the tone on the first of two vowels: "thỏa"."""
    return _TONE_ON_LAST.sub(_tone_on_first, text)


def _tone_on_first(match: re.Match[str]) -> str:
    last = unicodedata.normalize("NFD", match[2])
    tone = _TONE.search(last)
    if tone is None:
        return match[0]
    return unicodedata.normalize("NFC", match[1] + tone[0]) + _TONE.sub("", last)


def _bare_letters() -> dict[int, str]:
    letters = [*map(chr, range(0xC0, 0x250)), *map(chr, range(0x1EA0, 0x1EFA))]
    bare = {ord(each): unicodedata.normalize("NFD", each)[0] for each in letters}
    return bare | {ord("đ"): "d", ord("Đ"): "D"}


_BARE = _bare_letters()


def unmarked(text: str) -> str:
    """Return a text of the same length without diacritics."""
    return text.translate(_BARE)


def _is_bare_vietnamese(text: str, language: str) -> bool:
    if language.partition("-")[0] not in ("", "vi"):
        return False
    words = re.findall(r"[^\W\d_]+", text)
    marked = sum(_VIETNAMESE_LETTERS.search(word) is not None for word in words)
    if not words or marked > 0.1 * len(words):
        return False
    share = _TELLING_SHARE if not language else _TELLING_SHARE_OF_VIETNAMESE
    return sum(word in _TELLING for word in words) > share * len(words)
