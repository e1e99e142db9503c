"""Where sentences begin and end, in English and Vietnamese.

A full stop after a title, an initial or an abbreviation ends nothing, unless what follows can only
open a sentence ("… in the U.S. The talks …").
"""

import re

from agreements.suggestions.spans import Span

# After these a name, a number or a date goes on.
_TITLES = frozenset(
    "adm brig capt cdr cmdr cmr col comdr cpl dr ens gen gov hon lt ltc maj mr mrs ms mt pres prof "
    "radm rep rev sen sgt st supt vadm messrs vs no nos art arts fig para pp vol approx est ca "
    "gs pgs ts ths bs ks ông tp tx tt".split()
)
# After these a sentence may end or go on.
_ABBREVIATIONS = frozenset(
    "a.m p.m am pm e.g i.e etc al inc ltd co corp dept jr sr bros intl natl univ jan feb mar apr "
    "jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun".split()
)
_OPENERS = frozenset(
    "a according after although among an and as at before besides both but by during earlier "
    "following for from he her his however if in it its last later meanwhile moreover on our she "
    "since so that the their then there these they this those through to under we when while with "
    "bên các cũng cùng do đây hai khi kết một ngoài nhân phát qua sau tại theo thông trong "
    "trước từ về việc với".split()
)
_END = re.compile(r"[.!?…]+(?:/\.)?[\"”’»)\]]*|\s\|\s|\n+")
_OPENING = re.compile(r"\s+[\"“‘«(\[\-–—]*\s?([^\W_])")
_RUN_ON = re.compile(r"[A-ZĐ][^\W\d_]+\s")
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘«]+\Z")
_WORD_AFTER = re.compile(r"[^\W_]+")


def sentences(paragraph: str) -> list[Span]:
    """Return the sentences of a paragraph, in order, without the white space around them.

    A bar with spaces around it and a line break part sentences too: captions stand so.
    """
    found, start = [], 0
    for mark in _END.finditer(paragraph):
        if _ends(paragraph, mark):
            found.append(_stripped(paragraph, start, mark.end()))
            start = mark.end()
    found.append(_stripped(paragraph, start, len(paragraph)))
    return [span for span in found if _WORD_AFTER.search(span.of(paragraph))]


def _stripped(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    bare = part.strip(" \t\r\n|\u00a0")
    start += part.find(bare) if bare else 0
    return Span(start, start + len(bare))


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark of punctuation ends a sentence there."""
    if "|" in mark[0] or "\n" in mark[0] or mark.end() == len(text):
        return True
    before = _WORD_BEFORE.search(text, max(0, mark.start() - 40), mark.start())
    word = before[0] if before else ""
    opening = _OPENING.match(text, mark.end())
    if opening is None:
        # "… in forums.Their goal …": a space was lost in copying.
        run_on = _RUN_ON.match(text, mark.end())
        return run_on is not None and word.isalpha() and word.islower() and len(word) > 2
    if opening[1].islower():
        return False
    if not mark[0].startswith(".") or mark[0].startswith(".."):
        return True
    return not _goes_on(word, text, opening.start(1))


def _goes_on(word: str, text: str, following: int) -> bool:
    """Whether a full stop after a word belongs to the word, given what follows."""
    bare = word.casefold()
    if bare in _TITLES:
        return True
    initial = len(word) == 1 and word.isupper()
    initials = re.fullmatch(r"(?:\w\.)+\w", word) is not None
    if not (initial or initials or bare in _ABBREVIATIONS):
        return False
    after = _WORD_AFTER.match(text, following)
    return after is None or after[0].casefold() not in _OPENERS
