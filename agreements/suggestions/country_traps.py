"""Names of countries within other names: of seas, ships, people and American states."""

from __future__ import annotations

import re

from agreements.suggestions.words import Word

# Names of people too, where another name stands beside them.
_FIRST_NAMES = frozenset("jordan chad georgia israel".split())
_OF_STATES = frozenset(
    "navy naval coast royal armed army air defence defense ministry border maritime government "
    "embassy hashemite kingdom republic the in of and from to with by for president king prime "
    "minister foreign ambassador police marine between as at on".split()
)
_GEORGIAN_TOWNS = frozenset(
    "savannah atlanta brunswick bay augusta macon columbus glynco benning moore stewart".split()
)
_SHIPS = frozenset("uss usns uscgc hms hmas hmnzs hmcs ins brp js roks kri kd rss".split())
_SEA_BEFORE = re.compile(
    r"(?:\b(?:Sea|Gulf|Straits?|Bay|Bight|Isthmus)\s+of\s+(?:the\s+)?"
    r"|\b(?:vịnh|eo biển|kênh đào)\s+)\Z",
    re.IGNORECASE,
)
# "US$2 million" is no country either.
_SEA_AFTER = re.compile(r"\s+(?:Sea|Straits?|Channel|Trench|Basin)\b|\$")
_STYLE = re.compile(
    r"(?:(?:(?:Democratic|Socialist|People['’]s|Islamic|Federal|United|Independent)\s+){0,3}"
    r"(?:Republic|Kingdom|Sultanate|State|Commonwealth|Federation|Union)\s+of\s+(?:the\s+)?"
    r"|(?:Cộng h(?:òa|oà)|Vương quốc|Liên bang|Đảo quốc)\s+)\Z"
)
_LONGEST_STYLE = 60


def start_with_style(text: str, start: int) -> int:
    """Return where a country's name begins, with "Republic of" and the like before it."""
    style = _STYLE.search(text, max(0, start - _LONGEST_STYLE), start)
    return style.start() if style else start


def is_within_a_name(text: str, words: list[Word], at: int, length: int) -> bool:
    """Return whether so many words, from one on, are a country's within another name."""
    start, last = words[at].start, words[at + length - 1]
    if _SEA_AFTER.match(text, last.end) or _SEA_BEFORE.search(text, max(0, start - 20), start):
        return True
    before = words[at - 1] if at and text[words[at - 1].end : start] == " " else None
    if before is not None and before.bare in _SHIPS and before.given.isupper():
        return True
    return length == 1 and words[at].bare in _FIRST_NAMES and _is_other(text, words, at, before)


def _is_other(text: str, words: list[Word], at: int, before: Word | None) -> bool:
    """Whether a country's name is that of a person, or that of Georgia in America."""
    if at and words[at].bare == "georgia" and words[at - 1].bare in _GEORGIAN_TOWNS:
        return True
    beside = [before] if before else []
    if at + 1 < len(words) and text[words[at].end : words[at + 1].start] == " ":
        beside.append(words[at + 1])
    return any(word.is_title and word.bare not in _OF_STATES for word in beside)
