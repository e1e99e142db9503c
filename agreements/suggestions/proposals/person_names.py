"""The words of a person's name, from a place in a paragraph on."""

from __future__ import annotations

from bisect import bisect_left

from agreements.suggestions.proposals.prose import Prose
from agreements.suggestions.words import Word

_PARTICLES = frozenset("de la del dela da dos das di bin binti bt van von der al el y e ul".split())
_SUFFIXES = frozenset("Jr Sr II III IV".split())
_MOST_WORDS = 5
# Of these none begins or goes on a name.
_NO_NAMES = frozenset(
    "the a an of and for commander commandant chief deputy vice director minister secretary "
    "president general admiral captain ambassador staff department assembly headquarters "
    "command office directorate administration political election counsel officer officers "
    "school academy base monday tuesday wednesday thursday friday saturday sunday january "
    "february march april june july august september october november december he she it they "
    "his her in on at with from said says told coast guard navy army ministry agency force "
    "forces fleet district region sea ocean island port house street university institute "
    "centre center embassy government council committee association group company corporation "
    "class cutter ship conference meeting exercise operation agreement memorandum treaty "
    "dialogue forum summit task defence defense foreign national maritime naval police "
    "republic state union times news post daily today secretariat fisheries security new "
    "north south east west indo pacific asia asean strategic affairs joint both two but this "
    "that during after du".split()
)
# Nor of these, which are capitals at the head of a Vietnamese sentence or post.
_NO_NAMES_VIETNAMESE = frozenset(
    "tư phó chính bộ trưởng cục ủy đồng ban tại và cũng cùng sáng chiều tối trưa theo tổng "
    "thủ dự do dẫn giúp tiếp tham phát ngày tàu lực cảnh vùng quân hải đoàn đại thiếu trung "
    "thượng chuẩn đô thứ giám chủ sau trước trong khi các những hai ông bà".split()
)


def name_at(prose: Prose, at: int) -> list[Word]:
    """The words of a name that begins at an offset, after at most one space."""
    given, words = prose.passage.paragraph, prose.passage.words
    index = bisect_left(words, at, key=lambda word: word.start)
    name: list[Word] = []
    for word in words[index:]:
        gap = given[name[-1].end if name else at : word.start]
        suffix = bool(name) and word.given in _SUFFIXES
        if not (_joins(gap, name) or (suffix and gap in (", ", " "))):
            break
        if word.given in _PARTICLES and name:
            name.append(word)
            continue
        if name and gap in ("-", "‑") and word.given.islower() and len(word.given) < 9:
            name.append(word)
            continue
        if not (suffix or _may_be_name(word, name)) or prose.names_a_body(word.start):
            break
        name.append(word)
        if len(name) == _MOST_WORDS:
            break
    while name and name[-1].given in _PARTICLES:
        name.pop()
    return name


def _joins(gap: str, name: list[Word]) -> bool:
    if not name:
        return gap in ("", " ")
    return gap in (" ", "-", "‑", "’", "'", " “", "” ", ' "', '" ') or (
        gap in (". ", ".") and len(name[-1].given) <= 2
    )


def _may_be_name(word: Word, name: list[Word]) -> bool:
    first = word.given[0]
    if not first.isupper():
        return False
    in_capitals = len(word.given) > 1 and word.given.isupper()
    if in_capitals and not (name and name[0].given.isupper() and len(name[0].given) > 2):
        return bool(not name and len(word.given) > 4)
    if word.given.lower() in _NO_NAMES_VIETNAMESE:
        return bool(name)
    return word.bare not in _NO_NAMES or not word.given.isascii()


def name_end(given: str, last: Word) -> int:
    dotted = last.given in ("Jr", "Sr") and given.startswith(".", last.end)
    return last.end + dotted
