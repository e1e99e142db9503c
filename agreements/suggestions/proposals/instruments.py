"""Instruments that a text names: treaties, memoranda, statements and what else sides agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.suggestions.proposals.phrases import (
    end_with_subject,
    end_with_subject_vietnamese,
    start_with_modifiers,
)
from agreements.suggestions.proposals.places_taken import PlacesTaken
from agreements.suggestions.proposals.proposal import Proposal
from agreements.suggestions.proposals.prose import Pattern, Prose
from agreements.suggestions.spans import Span

_BRACKET = r"""(?: \("?[\w]{2,6}"?\))?"""

# The first that matches at a place counts.
_ENGLISH: list[tuple[str, Pattern]] = [
    (value, Pattern(rf"(?<![\w-])(?:{pattern})(?![\w-]){_BRACKET}"))
    for value, pattern in (
        ("letter-of-intent", r"letters? of intent(?:ion)?|statement of intent|loi"),
        (
            "memorandum-of-understanding",
            r"memorand(?:um|a|ums)(?: of (?:understanding|co-?operation|agreement|arrangement"
            r"|collaboration|intent))?|mous?|mocs?|moas?",
        ),
        ("hotline-arrangement", r"hotlines?(?: (?:agreements?|arrangements?|regulations?))?"),
        ("hotline-arrangement", r"direct (?:communications?|telephone) (?:line|link)s?"),
        (
            "joint-statement",
            r"joint (?:vision )?(?:press )?(?:statement|declaration|communiqu[eé])s?"
            r"|joint vision statement|(?:declaration|statement) of (?:intent|principles)",
        ),
        ("protocol", r"protocols?"),
        ("treaty", r"treat(?:y|ies)(?: of (?:the )?\w+(?:(?: (?:de|la|del|of|the))* \w+)?)?"),
        (
            "partnership",
            r"(?:extensive |comprehensive |strategic |enhanced ){1,3}partnership(?! agreement)",
        ),
        (
            "other",
            r"exchange of (?:notes|letters)|codes? of conduct|terms of reference|action plan"
            r"|standard operating procedures?|sops?|plan of action|roadmap|road map|work plan"
            r"|cooperation plan|code for unplanned encounters at sea|cues"
            r"|rules of (?:behaviou?r|engagement)|records? of discussions?|agreed minutes"
            r"|regulations? on coordination",
        ),
        ("agreement", r"(?:framework|letters? of) agreements?|agreements?|accords?|pacts?"),
        ("agreement", r"arrangements?"),
    )
]
_ACRONYMS = frozenset("loi mou mous moc mocs moa moas sop sops cues".split())
_LOOSE = frozenset("agreement accord pact arrangement protocol".split())
_DETERMINERS = frozenset(
    "a an the this that its their such each new existing every any bilateral both similar "
    "following under another".split()
)
_NEEDS_A_KIND = re.compile(
    r"(?:\b(?:co-?operat\w+|coordination|technical|working|administrative|implement\w+|hotline"
    r"|sharing|information|exchange|security|defen[cs]e|bilateral|trilateral|boarding|law)\b)"
)
_NO_INSTRUMENT = re.compile(
    r"\b(?:safety|health|medical|covid-19|standard|communications?|diplomatic|state|quarantine"
    r"|travel|seating|sleeping|peace|emergency|boarding|firing|full|general|broad|mutual"
    r"|ceasefire|internet)\b"
)
_MERE_AGREEING = frozenset(
    "in by of full mutual broad general without any no common reach reached reaching come "
    "came unanimous complete".split()
)
_REACHED = re.compile(r"\b(?:reach(?:ed|es|ing)?|came to|come to) (?:an?|the) (?:\w+ )?\Z")
_LEADS_TO_ACTION = re.compile(r" (?:to|that|by|in principle)\b")
_SIGNING = re.compile(r"\b(?:sign|ink|conclud|ratif|initial)\w*\b")
_FOUNDING = Pattern(
    r"establish\w*|elevat\w+|upgrad\w+|forg\w+|sign\w*|became|thiết lập|nâng|xác lập|trở thành"
)
_ANNIVERSARY = Pattern(r"anniversary|kỷ niệm")

_VIETNAMESE: list[tuple[str, Pattern]] = [
    (value, Pattern(rf"(?<!\w)(?:{pattern})(?!\w){_BRACKET}"))
    for value, pattern in (
        (
            "hotline-arrangement",
            r"(?:bản )?(?:thỏa thuận|quy chế|biên bản|bản ghi nhớ|nghị định thư)"
            r"(?: \w+){0,6}? đường dây nóng|đường dây nóng|đường dây liên lạc trực tiếp",
        ),
        (
            "letter-of-intent",
            r"(?:bản )?(?:thư )?ý định thư|thư (?:bày tỏ |ngỏ )?ý định|bản ý định|tuyên bố ý định",
        ),
        ("memorandum-of-understanding", r"(?:biên )?bản ghi nhớ|biên bản hợp tác"),
        ("protocol", r"nghị định thư"),
        (
            "joint-statement",
            r"(?:bản )?tuyên bố (?:tầm nhìn )?chung|thông cáo (?:báo chí )?chung"
            r"|tuyên bố tầm nhìn|tuyên bố chung",
        ),
        ("treaty", r"hiệp ước"),
        ("agreement", r"hiệp định(?: khung)?"),
        ("partnership", r"đối tác (?:hợp tác )?(?:chiến lược|toàn diện)(?: toàn diện| sâu rộng)*"),
        (
            "other",
            r"(?:bộ )?quy tắc ứng xử|quy chế(?: phối hợp| hợp tác| hoạt động)?|quy trình phối hợp"
            r"|(?:bản )?kế hoạch (?:hành động|hợp tác)|chương trình hành động|lộ trình hợp tác"
            r"|công hàm trao đổi|trao đổi công hàm|bộ quy tắc",
        ),
        ("agreement", r"(?:bản |văn bản |các )?thỏa thuận(?: khung)?|thỏa ước"),
    )
]
_NOUN_AFTER = Pattern(r" (?:hợp tác|khung|song phương|quốc phòng|về|phân định|cấp|này|kỹ thuật)\b")
_NOUN_BEFORE = Pattern(
    r"(?:\bký(?: kết)?|\bbản|\bcác|\bnhững|\bmột|\bthực hiện|\btriển khai|\bhiệp định,|\btheo"
    r"|\bhai|\d) \Z"
)
_SIGNED_VIETNAMESE = Pattern(r"\bký(?: kết)?(?: \w+)?,? \Z")
# Such a hotline is for readers.
_NUMBER_AFTER = re.compile(r"(?: ?:|,? ?(?:at|số|theo số|tel)?:? ?\+?\(?\d)")
_QUOTED = re.compile(r"[“\"]([^“”\"]{3,200})[”\"]")


def instruments(prose: Prose, number: int) -> Iterator[Proposal]:
    """Yield the instruments that a paragraph names, each with what it is on."""
    taken = PlacesTaken()
    for value, start, end in _heads(prose):
        span = _in_quotes(prose, prose.span(start, end)) or prose.span(start, end)
        if taken.take(span):
            title = span.of(prose.passage.paragraph) if _is_title(prose, span) else ""
            yield Proposal("instrument", number, span, {"instrument": value, "title": title})


def _heads(prose: Prose) -> Iterator[tuple[str, int, int]]:
    """Yield (choice, start, end) for each noun phrase, the surest kinds first."""
    for value, pattern in _VIETNAMESE if prose.vietnamese else ():
        for match in pattern.finditer(prose):
            if _is_noun_vietnamese(prose, value, match):
                alone = value == "hotline-arrangement"
                end = match.end() if alone else end_with_subject_vietnamese(prose, match.end())
                yield value, match.start(), end
    for value, pattern in _ENGLISH:
        for match in pattern.finditer(prose):
            start = start_with_modifiers(prose, match.start())
            if _is_instrument(prose, value, start, match):
                yield value, start, end_with_subject(prose, match.end())


def _is_instrument(prose: Prose, value: str, start: int, match: re.Match[str]) -> bool:
    word = re.sub(r" \(.*", "", match[0])
    if word in _ACRONYMS:
        return prose.is_capital(match.start()) and not prose.given(*match.span()).istitle()
    if value == "hotline-arrangement":
        return _NUMBER_AFTER.match(prose.text, match.end()) is None
    if value == "partnership":
        return _is_founded(prose, match)
    head = word.removesuffix("s")
    if head not in _LOOSE:
        return True
    return _is_more_than_agreeing(prose, head, start, match)


def _is_founded(prose: Prose, match: re.Match[str]) -> bool:
    """Whether a partnership is made in the sentence, and not only mentioned or remembered."""
    sentence = prose.sentence_around(prose.span(*match.span()))

    def told(pattern: Pattern) -> bool:
        return any(sentence.contains(prose.span(*m.span())) for m in pattern.finditer(prose))

    return told(_FOUNDING) and not told(_ANNIVERSARY)


def _is_more_than_agreeing(prose: Prose, head: str, start: int, match: re.Match[str]) -> bool:
    """Whether "agreement" and the like is an instrument, and not that sides agreed."""
    modifiers = prose.text[start : match.start()]
    if prose.is_capital(match.start()) and start < match.start():
        return True
    if _NO_INSTRUMENT.search(modifiers):
        return False
    before = next(prose.before(start), None)
    word = before.text if before else ""
    if head == "arrangement":
        titled = prose.is_capital(match.start()) and prose.text.startswith(" on ", match.end())
        return titled or _NEEDS_A_KIND.search(modifiers) is not None
    if modifiers or match[0].endswith("s"):
        return head != "protocol" or not match[0].endswith("s")
    leading = prose.text[max(0, start - 40) : start]
    if head != "protocol" and _LEADS_TO_ACTION.match(prose.text, match.end()):
        return _SIGNING.search(leading) is not None and not _REACHED.search(leading)
    if word in _MERE_AGREEING and not prose.is_capital(match.start()):
        return False
    return word in _DETERMINERS or word.endswith("'s") or prose.is_capital(match.start())


def _is_noun_vietnamese(prose: Prose, value: str, match: re.Match[str]) -> bool:
    """Whether "thỏa thuận" is the noun, and a partnership one that is made."""
    if value == "partnership":
        return _is_founded(prose, match)
    if value == "hotline-arrangement":
        return _NUMBER_AFTER.match(prose.text, match.end()) is None
    if value == "other":
        signed = _SIGNED_VIETNAMESE.search(prose, max(0, match.start() - 20), match.start())
        return prose.is_capital(match.start()) or signed is not None
    if not match[0].startswith(("thỏa", "thoa")):
        return True
    return (
        prose.is_capital(match.start())
        or _NOUN_AFTER.match(prose, match.end()) is not None
        or _NOUN_BEFORE.search(prose, max(0, match.start() - 14), match.start()) is not None
    )


def _in_quotes(prose: Prose, span: Span) -> Span | None:
    """The quoted title that a noun stands in."""
    given = prose.passage.paragraph
    begins = max(given.rfind("“", 0, span.start + 1), given.rfind('"', 0, span.start + 1))
    match = _QUOTED.match(given, begins) if begins >= 0 else None
    if match is None or match.end(1) <= span.start or not match[1][:1].isupper():
        return None
    fits = len(match[1].split()) <= 25 and match[1][-1] not in ".,"
    return Span(*match.span(1)) if fits else None


def _is_title(prose: Prose, span: Span) -> bool:
    """Whether the words are a title: in capitals, and more than the noun."""
    words = span.of(prose.passage.paragraph).split()
    capitals = [word for word in words if word[0].isupper()]
    return len(words) > 1 and words[0][0].isupper() and (prose.vietnamese or len(capitals) > 1)
