"""Persons that a text names: with a rank, after or before a post, or known to the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from agreements.suggestions.proposals.person_names import name_at, name_end
from agreements.suggestions.proposals.places_taken import PlacesTaken
from agreements.suggestions.proposals.proposal import Proposal
from agreements.suggestions.proposals.prose import Prose, unmarked
from agreements.suggestions.proposals.ranks import (
    POSTS,
    POSTS_VIETNAMESE,
    RANKS,
    RANKS_VIETNAMESE,
)
from agreements.suggestions.spans import Span
from agreements.suggestions.words import Word

_BETWEEN_RANK_AND_NAME = (
    r"(?:,? \(?(?:ret(?:ire)?d?|Ret(?:ire)?d?|LH|USN|USCG|JG|jg)\.?\)"
    r"|,? ?(?:PGS|TS|ThS|GS|BS|KS)\b[.,]?"
    r"|,? (?:Dr|Datuk|Dato[’']?|Tan Sri|Sir|Seri|PhD|Tiến sĩ|Thạc sĩ|Phó Giáo sư)\b\.?"
    r"| (?:Hải quân|Cảnh sát biển|Công an|QNCN|Coast Guard|CG))*"
)
_MAY_BE_SMALL = (
    "Admiral",
    "Commodore",
    "Captain",
    "Colonel",
    "Lieutenant",
    "Commander",
    "Brigadier",
)
_POST_AFTER = re.compile(
    r",? \(?(?P<post>(?:(?:the|a|an|its|their|who is) )?(?:[\w’'.&-]+ ){0,6}?"
    r"(?:commandant|commander|spokes(?:man|woman|person)|director|chief|head|minister|secretary"
    r"|ambassador|officer|captain|president|professor|analyst|expert|researcher|lecturer|fellow"
    r"|coordinator|commissioner|chairman|adviser|advisor|attach[ée]|superintendent|skipper"
    r"|Tư lệnh|Chính ủy|Tham mưu trưởng|Bộ trưởng|Thứ trưởng|Cục trưởng|Vụ trưởng|Giám đốc"
    r"|Chủ tịch|Đại sứ|thuyền trưởng|Thuyền trưởng|Trưởng đoàn|Viện trưởng|Ủy viên)(?!\w)"
    r"[^,;.()]{0,80})"
)
_AFTER_PLACE = re.compile(
    r"(?:\b(?:in|at|near|to|from|off|of|into|around|tại|ở|đến|từ|cảng|thăm|biển|tỉnh|phố)"
    r"(?: the)?) \Z",
    re.IGNORECASE,
)
_VERB_VIETNAMESE = re.compile(r" (?:tiếp|đã|sẽ|làm|cùng|cho|chủ trì|dẫn|và|đến|khẳng định) ")
_SPEAKS = re.compile(r"\b(?:said|told|added|noted|says|was|is|has|had|will|would|were|are)\b")
_SURNAMES = frozenset(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao dinh doan lam "
    "mai trinh truong ha luong luu cao ta to thai chu trieu tong tang chau nghiem kieu "
    "quach".split()
)
_BYLINE = re.compile(r"(?:By|Bài, ảnh|Tin, ảnh|Bài và ảnh|Ảnh|Bài|Tin)(?::| )\s?(?=\S)")
_LINK = re.compile(r" (?:to|of|of the|for|at|tại|của|Quốc phòng|Ngoại giao|Công an|nước)(?= )")


@dataclass(frozen=True)
class _Person:
    """A person as named: where the rank (or the name) begins, and where the name stands."""

    start: int
    name: Span
    rank: str = ""
    position: str = ""


def persons(prose: Prose, number: int, known: Iterable[str] = ()) -> Iterator[Proposal]:
    """Yield the persons that a paragraph names.

    ``known`` are full names from elsewhere in the text; by them a name is found without a rank.
    """
    taken = PlacesTaken()
    people = [*_by_rank(prose, known), *_by_post(prose, known), *_by_post_after(prose)]
    people += _in_bylines(prose)
    people += [*_by_name(prose, known), *_of_the_desk(prose)]
    for person in people:
        span = Span(person.start, person.name.end)
        if taken.take(span):
            yield Proposal("person", number, span, _value(prose, person))


def full_names(proposals: Iterable[Proposal]) -> frozenset[str]:
    """Return the names of two words or more that proposals of persons have."""
    names = (each.value["name"] for each in proposals)
    return frozenset(name for name in names if " " in name)


def _value(prose: Prose, person: _Person) -> dict[str, object]:
    slugs = [name.key for name in prose.passage.names_in(person.name, "person")]
    return {
        "name": person.name.of(prose.passage.paragraph),
        "rank": person.rank,
        "position": person.position or _position_after(prose, person.name),
        "person": slugs[0] if slugs else None,
    }


def _position_after(prose: Prose, name: Span) -> str:
    """The post that follows a name: "…, commander of the fleet"."""
    match = _POST_AFTER.match(prose.passage.paragraph, name.end)
    if match is None:
        return ""
    post = match["post"].strip()
    if prose.vietnamese:
        return "" if post[0].islower() else _VERB_VIETNAMESE.split(post)[0]
    return post


def _by_rank(prose: Prose, known: Iterable[str]) -> Iterator[_Person]:
    given = prose.passage.paragraph
    for match in _ranks(prose.bare).finditer(given):
        words = name_at(prose, match.end())
        if words and _is_enough(words, match["rank"], known):
            name = Span(words[0].start, name_end(given, words[-1]))
            yield _Person(match.start("rank"), name, match["rank"])


def _is_enough(words: list[Word], rank: str, known: Iterable[str]) -> bool:
    """Whether words after a rank are a name: one is none after what may be no rank."""
    if len(words) > 1:
        return True
    if rank in ("General", "Major", "Commander", "Captain", "Director General", "PO", "Ex"):
        return _is_surname(words[0].given, known)
    return len(words[0].given) > 1


def _is_surname(word: str, known: Iterable[str]) -> bool:
    return any(word in name.split()[-2:] for name in known)


def _by_post(prose: Prose, known: Iterable[str]) -> Iterator[_Person]:
    given = prose.passage.paragraph
    for match in _posts(prose.bare).finditer(given):
        words = name_at(prose, _past_bodies(prose, match.end()))
        if len(words) > 1 or (words and _is_surname(words[0].given, known)):
            name = Span(words[0].start, name_end(given, words[-1]))
            yield _Person(name.start, name, position=match["post"])


def _past_bodies(prose: Prose, at: int) -> int:
    """Skip the forces and countries that a post is of: "Ambassador to Vietnam Ito Naoki"."""
    given = prose.passage.paragraph
    for _ in range(4):
        link = _LINK.match(given, at)
        begins = (link.end() if link else at) + 1
        bodies = [span for span in prose.bodies if span.start == begins]
        if bodies:
            at = bodies[0].end
        elif link and link[0].strip()[0].isupper():
            at = link.end()
        else:
            break
    return at


def _by_post_after(prose: Prose) -> Iterator[_Person]:
    """Names that a post follows: "Linda Fagan, commandant of …"."""
    given, at = prose.passage.paragraph, 0
    for word in prose.passage.words:
        if word.start < at or not word.is_title:
            continue
        words = name_at(prose, word.start)
        if not words:
            continue
        at = words[-1].end
        post = _POST_AFTER.match(given, at)
        if not (2 <= len(words) <= 4 and post and post[0].startswith(",")):
            continue
        if not _is_place(prose, words, post):
            yield _Person(words[0].start, Span(words[0].start, at))


def _is_place(prose: Prose, words: list[Word], post: re.Match[str]) -> bool:
    """Whether it is rather a place, and what follows the subject: "in Manila Bay, the captain"."""
    if _AFTER_PLACE.search(prose.passage.paragraph, 0, words[0].start):
        return True
    if prose.vietnamese:
        return words[0].bare not in _SURNAMES or post["post"][0].islower()
    return _SPEAKS.search(post["post"]) is not None


def _in_bylines(prose: Prose) -> Iterator[_Person]:
    """The name that a line "By …" or "Bài, ảnh: …" gives."""
    given = prose.passage.paragraph
    match = _BYLINE.match(given)
    if match:
        words = name_at(prose, match.end())
        if len(words) > 1 and len(given) < 120:
            yield _Person(words[0].start, Span(words[0].start, words[-1].end))


def _by_name(prose: Prose, known: Iterable[str]) -> Iterator[_Person]:
    given = prose.passage.paragraph
    for name in sorted(known, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", given):
            yield _Person(match.start(), Span(*match.span()))


def _of_the_desk(prose: Prose) -> Iterator[_Person]:
    for name in prose.passage.names:
        if name.kind == "person":
            yield _Person(name.span.start, name.span)


@cache
def _ranks(bare: bool) -> re.Pattern[str]:
    vietnamese = [*RANKS_VIETNAMESE, *(map(unmarked, RANKS_VIETNAMESE) if bare else ())]
    listed = [_abbreviated(rank) for rank in sorted(RANKS, key=len, reverse=True)]
    listed += [f"(?i:{rank})" for rank in sorted(vietnamese, key=len, reverse=True)]
    return re.compile(rf"(?<![\w-])(?P<rank>{'|'.join(listed)}){_BETWEEN_RANK_AND_NAME} (?=\S)")


def _abbreviated(rank: str) -> str:
    words = []
    for word in rank.split():
        pattern = re.escape(word)
        if rank.startswith(_MAY_BE_SMALL) or rank.endswith(_MAY_BE_SMALL):
            pattern = f"[{word[0]}{word[0].lower()}]{pattern[1:]}"
        words.append(pattern + (r"\.?" if len(word) <= 6 else ""))
    joined = r"[ -]?".join(words)
    return joined + (r"(?: (?:1st|2nd|3rd|First|Second|Third) Class)?" if "Petty" in rank else "")


@cache
def _posts(bare: bool) -> re.Pattern[str]:
    posts = [*POSTS, *POSTS_VIETNAMESE, *(map(unmarked, POSTS_VIETNAMESE) if bare else ())]
    small = [post[0].lower() + post[1:] for post in POSTS_VIETNAMESE if len(post) > 4]
    small += [post.lower() for post in POSTS if len(post) > 5]
    small += [unmarked(post) for post in small] if bare else []
    listed = "|".join(map(re.escape, sorted({*posts, *small}, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?P<post>{listed})\.?(?=[ ,])")
