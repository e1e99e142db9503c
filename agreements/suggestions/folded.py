"""Texts made even for reading by rules, without losing where each character stood."""

import re
import unicodedata
from functools import lru_cache

from agreements.suggestions.spans import Span

_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_EVEN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("\t\r\n", " "),
    }
)
# What stands in an address is neither a date nor a name.
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}", re.IGNORECASE
)
_BLANK = "\x00"

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]", re.IGNORECASE)
# Of Vietnamese words about two in three carry a mark that French or Spanish does not use.
_VIETNAMESE_SHARE = 0.2
# Words that are neither English nor names, as they stand in Vietnamese without marks.
_UNMARKED_WORDS = frozenset(
    "ngay thang cua voi duoc cac nhung luc luong va hai ben tuan trong ngoai tai biet sat bien "
    "canh nuoc hoi nghi tau quan doan vung thuc cung theo tren nam khu vuc cong phap luat".split()
)
_UNMARKED_SHARE = 0.2


class Folded:
    """A text in lower case, with one form for each letter, dash, quotation mark and space.

    Diacritics stay, but for an ``unmarked`` one. Addresses of pages and mail are blanked out.
    ``text`` is what rules read; ``span`` gives the place in the text as it was given.
    """

    def __init__(self, given: str, unmarked: bool = False):
        self.given = given
        self.unmarked = unmarked
        letters: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        for match in _CLUSTER.finditer(without_addresses(given)):
            folded = _folded(match[0])
            letters.append(folded)
            self._starts.extend([match.start()] * len(folded))
            self._ends.extend([match.end()] * len(folded))
        self.text = _without_marks("".join(letters)) if unmarked else "".join(letters)

    def span(self, start: int, end: int) -> Span:
        """Return where the characters from `start` to `end` of ``text`` stand in the given text."""
        if start >= end:
            at = self._starts[start] if start < len(self._starts) else len(self.given)
            return Span(at, at)
        return Span(self._starts[start], self._ends[end - 1])

    def is_capital(self, at: int) -> bool:
        """Whether the character at an offset of ``text`` was given as a capital."""
        return self.given[self._starts[at]].isupper()


@lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    return unicodedata.normalize("NFKC", cluster).translate(_EVEN).lower()


def _without_marks(text: str) -> str:
    """Each letter without its marks, as many as there were."""
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in text).replace("đ", "d")


def unmarked(text: str) -> str:
    """Return a text, or a pattern, as it is written where marks are left out: "nam" for "năm"."""
    return _without_marks(unicodedata.normalize("NFC", text)).replace("Đ", "D")


def without_addresses(text: str) -> str:
    """Return a text of the same length in which addresses of pages and mail are blank."""
    return _ADDRESS.sub(lambda match: _BLANK * len(match[0]), text)


def is_vietnamese(text: str, language: str = "") -> bool:
    """Return whether a text is Vietnamese: by its language tag or, without one, by its letters."""
    if language:
        return language.partition("-")[0] == "vi"
    words = unicodedata.normalize("NFC", text).split()
    marked = sum(_VIETNAMESE.search(word) is not None for word in words)
    return marked > _VIETNAMESE_SHARE * len(words) or _is_unmarked_vietnamese(words)


def is_unmarked(text: str) -> bool:
    """Return whether Vietnamese letters are missing where they should stand in every third word."""
    words = unicodedata.normalize("NFC", text).split()
    marked = sum(_VIETNAMESE.search(word) is not None for word in words)
    return marked * 20 <= len(words) and _is_unmarked_vietnamese(words)


def _is_unmarked_vietnamese(words: list[str]) -> bool:
    common = sum(word.strip(".,;:()").lower() in _UNMARKED_WORDS for word in words)
    return common > 2 and common > _UNMARKED_SHARE * len(words)


@lru_cache(maxsize=65536)
def spelling(word: str) -> str:
    """Return a word in lower case with its tone mark last, wherever the writer put it.

    Vietnamese is written both "hòa" and "hoà"; the two are one word.
    """
    letters = unicodedata.normalize("NFD", word.lower())
    tones = "".join(letter for letter in letters if letter in _TONES)
    return unicodedata.normalize("NFC", "".join(x for x in letters if x not in _TONES)) + tones
