"""Where something took place, as far as the words say it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agreements.suggestions.passage import Passage
from agreements.suggestions.spans import Span
from agreements.suggestions.words import Word, one_name
from agreements.text import fold

_LEADING = re.compile(
    r"(?<!\w)(?:in|at|near|off|visit(?:s|ed|ing)?(?:\s+to)?|tại|ở|thăm|công tác|cập"
    r"|(?=cảng|cầu cảng))\s*(?:the\s+)?"
    r"(?:(?:capital|(?:capital\s+|port\s+)?city|port|province|city\s+state)\s+of\s+)?"
    r"(?:(?:thành phố|tỉnh|xã|huyện|phường|quận|thủ đô|tp\.?)\s+"
    r"|(?:quân cảng|cảng quốc tế|cầu cảng|cảng)\s+)?"
)
_MOST_WORDS = 4
# Names that begin or end so are not of places.
_NOT_PLACES = frozenset(
    "asean un nato ifc ministry department conference meeting memorandum agreement exercise "
    "covid hotel january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday english general "
    "bo hoi ngay thang nam cuoc le su kien buoi truong doan".split()
)


@dataclass(frozen=True)
class Place:
    """A place: its name, "" for a whole country; the country's code or ""; where it is said."""

    name: str
    country: str
    span: Span


def place_in(passage: Passage, scope: Span) -> Place | None:
    """Return the first place that a scope names after a preposition, or else the first country.

    Its country is given only where the text names it, or where records of the database have put
    this place there.
    """
    country = None
    for lead in _LEADING.finditer(passage.folded.text):
        if lead.end() >= len(passage.folded.text):
            continue
        start = passage.folded.span(lead.end(), lead.end() + 1).start
        place = _place_at(passage, start)
        if place is None or not place.span.overlaps(scope):
            continue
        if place.name:
            return place
        country = country or place
    return country


def _place_at(passage: Passage, start: int) -> Place | None:
    for found in passage.names_in(Span(start, start + 1), "country", "force", "new-force"):
        is_place = found.kind == "country" and _stands_alone(passage, found.span)
        return Place("", found.key, found.span) if is_place else None
    if any(area.start == start for area in passage.areas):
        return None
    words = _name_at(passage, start)
    if not words or not _NOT_PLACES.isdisjoint((words[0].bare, words[-1].bare)):
        return None
    span = Span(words[0].start, words[-1].end)
    if any(date.span.overlaps(span) for date in passage.dates):
        return None
    if passage.names_in(span, "person", "force", "new-force"):
        return None
    name, country = _as_recorded(passage, span.of(passage.paragraph))
    return _with_country(passage, Place(name, country, span))


def _stands_alone(passage: Passage, country: Span) -> bool:
    """Whether a country's name is not an adjective, or the first part of another name."""
    if country in passage.adjectives:
        return False
    after = passage.paragraph[country.end : country.end + 2]
    dated = any(date.span.start == country.end + 1 for date in passage.dates)
    return dated or not (
        after[:1] in ("-", "–", "'", "’") or after[1:].isupper() and after[0] == " "
    )


def _name_at(passage: Passage, start: int) -> list[Word]:
    """The words in capitals that stand together from an offset on."""
    name: list[Word] = []
    for word in passage.words:
        if word.start < start or len(name) == _MOST_WORDS:
            continue
        follows = one_name(passage.paragraph, name[-1], word) if name else word.start == start
        if not follows or not word.given[0].isupper() or passage.names_in(word.span, "country"):
            break
        name.append(word)
    return name


def _as_recorded(passage: Passage, name: str) -> tuple[str, str]:
    """A place as the database writes it ("Hanoi" for "Hà Nội"), with the country it is in."""
    wanted = fold(name).replace(" ", "")
    for known, country in passage.gazetteer.places.items():
        if fold(known).replace(" ", "") == wanted:
            return known, country
    return name, ""


def _with_country(passage: Passage, place: Place) -> Place:
    """Take in the country that follows: "Hanoi, Vietnam", "Yokohama (Nhật Bản)"."""
    for name in passage.names_in(Span(place.span.end, place.span.end + 4), "country"):
        between = passage.paragraph[place.span.end : name.span.start]
        if between in (", ", " (", " - ") and name.span not in passage.adjectives:
            return Place(place.name, name.key, Span(place.span.start, name.span.end))
    return place
