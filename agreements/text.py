"""Text compared as people search it: without case, diacritics or punctuation.

Unicode decomposition leaves two letters alone that look the same, đ (U+0111) and ð (U+00F0), so
they are translated before it.
"""

import re
import unicodedata
from functools import lru_cache

_UNDECOMPOSED = str.maketrans(
    {"Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
# The marks of most scripts in Latin letters; U+034F among them joins, and is no mark.
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN_WORDS = dict.fromkeys((code for code in range(128) if not chr(code).isalnum()), " ")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Controls, formats, halves, what is not assigned, separators, and marks that go with a letter.
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"}
# Letters of Hangul, and the sign of Braille, that are blanks.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_PARAGRAPH = re.compile(r"paragraph ([1-9][0-9]*)")


def fold(text: str) -> str:
    """Return the words of a text, folded, each one led by a space: `" canh sat bien"`.

    Of several lines that is what each of them folds to, one after the other.
    """
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        if not text.isascii():
            text = text.translate(_UNDECOMPOSED)
            if not text.isascii():
                text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = text.casefold()
    # Of most texts only ASCII is left, of which this finds the same words in half the time.
    words = text.translate(_BETWEEN_WORDS).split() if text.isascii() else _WORD.findall(text)
    return f" {' '.join(words)}" if words else ""


# Titles and names come again and again where many records are written.
folded = lru_cache(maxsize=4096)(fold)


def normalised(text: str) -> str:
    """Return a text in NFC with every run of white space as one space, as quotations compare."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def has_control_characters(text: str) -> bool:
    """Whether a text has characters that are none: bells, escapes, halves of characters.

    Lines and tabs are not among them.
    """
    return any(unicodedata.category(each) in ("Cc", "Cs") for each in text if each not in "\n\t")


def is_seen(text: str) -> bool:
    """Whether anything of a text is seen: not of spaces, marks without a letter, and fillers."""
    return any(unicodedata.category(each) not in _UNSEEN and each not in _FILLERS for each in text)


def as_xml(text: str) -> str:
    """Return a text as XML can hold it: U+FFFD stands for what XML has no way to write."""
    return _NOT_IN_XML.sub("\ufffd", text)


def paragraphs(text: str) -> list[str]:
    """Return the non-blank lines of a text, normalised: `paragraph 1` is the first."""
    return [line for line in map(normalised, text.splitlines()) if line]


def paragraph_number(locator: str) -> int | None:
    """Return 3 for `paragraph 3`; None for a locator of any other form."""
    match = _PARAGRAPH.fullmatch(locator)
    return int(match.group(1)) if match else None


def word_count(text: str) -> int:
    """Return the number of words; the parts of a hyphenated word count each."""
    return len(re.findall(r"\w+", text))
