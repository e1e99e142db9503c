"""Who wrote and who published a text, as its first and last lines say."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from agreements.text import fold

_JOINING = {"and", "và", "with", "cùng", "de", "da", "van", "von", "bin", "of", "the", "al"}
_BY = re.compile(
    r"(?:(?:written |reported |story )?by|(?:authors?|tác giả|người viết|thực hiện"
    r"|(?:bài|tin)(?:(?:\s*(?:,|và|&)\s*)ảnh)?)\s*:)\s+(?P<names>[^\W\d_][^|•·\d]{1,80})",
    re.IGNORECASE,
)
_AGENCY_AT_END = re.compile(r"\(\s*(?:theo\s+)?(?P<name>[^\W\d_][\w+./ -]{1,30})\)\s*\Z", re.I)
_RANK = re.compile(
    r"(?:(?:Major|Lieutenant|Senior|Rear|Vice|Brigadier|Fleet)\s+)?"
    r"(?:General|Colonel|Captain|Admiral|Commander|Commodore|Dr|Prof|Professor|Ambassador)\b"
    r"|(?:Thiếu|Trung|Thượng|Đại)\s+(?:tướng|tá|úy)\b|(?:Chuẩn|Phó)?\s?[Đđ]ô đốc\b"
    r"|(?:PGS|GS|TS|ThS)\b"
)
_SOURCE = re.compile(
    r"(?:(?:source|nguồn|nguồn tin|publisher|đơn vị xuất bản)\s*:|theo\b:?)\s*(?P<name>\S.{1,60}?)"
    r"[.\s]*\Z",
    re.IGNORECASE,
)
_AGENCY_IN_DATELINE = re.compile(
    r"(?P<place>[^()]{2,60})\((?P<name>[^\W\d_][\w+./ -]{1,30})\)\s*[-–—:]"
)
_AGENCY_AFTER_TEXT = re.compile(r"[.!?”\"]/?\.?\s*[-–—(]?\s*(?P<name>[A-ZĐ]{2,10})\)?\s*\Z")
_PICTURE = re.compile(r"\b(?:photos?|pictures?|images?|ảnh)\b[^:]{0,20}:", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:(?:url|link|source|nguồn|address)\s*:?\s*)?(https?://\S+)", re.IGNORECASE
)
_END_OF_SENTENCE = re.compile(r"[.!?…]\s*\Z")
_NAME_WORDS = 8
_SIGNATURE_WORDS = 15
_SOURCE_WORDS = 7
_PLACE_WORDS = 6
# Of a long line only its ends can be a credit.
_CREDIT = 80


def author_in(head: Sequence[str], tail: Sequence[str], vietnamese: bool) -> str:
    """Return the author that a by-line or the signature names, as it is written, or ""."""
    by_lines = (_by_line(line) for line in (*head, *tail))
    signatures = (_signature(line, vietnamese) for line in reversed(tail[-3:]))
    return next(filter(None, by_lines), "") or next(filter(None, signatures), "")


def publisher_in(head: Sequence[str], tail: Sequence[str], held: Iterable[str]) -> str:
    """Return the publisher or agency that a text names, or "".

    `held` are the names that the desk's documents have; one of these is written as it is there.
    """
    spelled = {fold(name): name for name in held}
    named = _source_in([*head, *tail]) or _agency_in(head, tail)
    if named:
        return spelled.get(fold(named), named)
    ends = [end for line in (*head, *tail) for end in _ends(line)]
    return next((name for end in ends for key, name in spelled.items() if key in end), "")


def address_in(head: Sequence[str], tail: Sequence[str]) -> str:
    """Return the address that stands alone in one of the lines, or ""."""
    found = (_ADDRESS.fullmatch(line) for line in (*head, *tail))
    return next((match[1] for match in found if match and site_of(match[1])), "")


def site_of(address: str) -> str:
    """Return the host of an address without its www, "" where it has none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def is_credit(line: str) -> bool:
    """Return whether a line is a by-line, a source, an address or the credit of a picture."""
    return bool(
        _by_line(line) or _source_in([line]) or _ADDRESS.fullmatch(line) or _PICTURE.match(line)
    )


def _by_line(line: str) -> str:
    match = _BY.match(line)
    if match is None:
        return ""
    names = re.split(r"\s[-–—]\s", match["names"])[0].strip(" ,;")
    return names if _are_names(names) else ""


def _signature(line: str, vietnamese: bool) -> str:
    """Return a last line that is a person, perhaps with their agency or their post, or ""."""
    if _END_OF_SENTENCE.search(line) or len(line.split()) > _SIGNATURE_WORDS:
        return ""
    agency = _AGENCY_AT_END.search(line)
    names = line[: agency.start()] if agency else line
    if _RANK.match(line) or ((agency or vietnamese) and _are_names(names, least=2)):
        return line
    return ""


def _are_names(text: str, least: int = 1) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in _JOINING]
    return least <= len(words) <= _NAME_WORDS and all(word[0].isupper() for word in words)


def _source_in(lines: Iterable[str]) -> str:
    for line in lines:
        match = _SOURCE.fullmatch(line)
        if match and len(line.split()) <= _SOURCE_WORDS:
            return site_of(match["name"]) or match["name"]
    return ""


def _agency_in(head: Sequence[str], tail: Sequence[str]) -> str:
    for line in head:
        match = _AGENCY_IN_DATELINE.match(line)
        if match and _is_place(match["place"], match["name"]):
            return match["name"].strip()
    for line in reversed(tail[-3:]):
        names = _AGENCY_AT_END.search(line)
        after = _AGENCY_AFTER_TEXT.search(line)
        if names and _are_names(line[: names.start()], least=2):
            return names["name"]
        if after:
            return after["name"]
    return ""


def _is_place(text: str, agency: str) -> bool:
    """Whether a text is a place, perhaps with a day, and not what an acronym stands for."""
    words = re.findall(r"\w+", text)
    initials = "".join(word[0] for word in words).upper()
    return (
        len(words) <= _PLACE_WORDS
        and all(word[0].isupper() or word[0].isdigit() for word in words)
        and not initials.endswith(agency.upper())
    )


def _ends(line: str) -> list[str]:
    """Return the beginning and the end of a line, folded, unless it is about a picture."""
    if _PICTURE.search(line):
        return []
    return [f"{fold(part)} " for part in (line[:_CREDIT], line[-_CREDIT:])]
