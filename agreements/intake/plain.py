"""Plain text: decoded strictly, and tidied so that each paragraph is one line."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from agreements.intake.found import Found, Refused
from agreements.text import fold, paragraphs

# Controls, marks of direction and halves of characters, which a reader neither sees nor quotes.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
# Of a text that is kept; an article has some thousands.
MAX_CHARACTERS = 500_000
_WIDE_MARKS = (BOM_UTF32_LE, BOM_UTF32_BE, BOM_UTF16_LE, BOM_UTF16_BE)


def tidy(text: str) -> str:
    """Return a text in NFC, one paragraph a line, without what is not seen. Idempotent."""
    return "\n".join(paragraphs(_UNSEEN.sub("", text.translate(_LIGATURES))))


def checked(text: str) -> str:
    """Return a text tidied. Raises Refused where there is none, or too much of it."""
    if "\0" in text:
        raise Refused("nul")
    clean = tidy(text)
    if not fold(clean):
        raise Refused("empty")
    if len(clean) > MAX_CHARACTERS:
        raise Refused("too-long", characters=MAX_CHARACTERS)
    return clean


def read(data: bytes) -> Found:
    """Read a file of plain text. Raises Refused."""
    return Found(decoded(data))


def decoded(data: bytes) -> str:
    """Return what UTF-8 bytes say, with or without a byte order mark. Raises Refused."""
    if data.startswith(_WIDE_MARKS) or _is_wide(data):
        raise Refused("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("encoding", line=data[: error.start].count(b"\n") + 1) from error


def _is_wide(data: bytes) -> bool:
    """Whether bytes look like UTF-16 without its mark: every other one is mostly 0."""
    return any(data[start::2].count(0) * 4 > len(data) for start in (0, 1))
