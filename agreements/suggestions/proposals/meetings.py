"""Meetings with their number in a run: "the eighth high-level meeting", "hội nghị lần thứ 10"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from agreements.suggestions import numerals, vocabulary
from agreements.suggestions.proposals.phrases import end_with_subject
from agreements.suggestions.proposals.proposal import Proposal
from agreements.suggestions.proposals.prose import Pattern, Prose, unmarked
from agreements.suggestions.spans import Span

_ORDINAL = rf"(?:\d{{1,3}}\s?(?:st|nd|rd|th)|{numerals.alternatives(numerals.ENGLISH_ORDINALS)})"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_ROMAN |= {"x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16}
_ROMAN |= {"xvii": 17, "xviii": 18, "xix": 19, "xx": 20}
_DIGITS_VI = rf"(?:\d{{1,3}}|{'|'.join(sorted(_ROMAN, key=len, reverse=True))})"
_NUMBER_VI = rf"(?:\d{{1,3}}|{numerals.alternatives(numerals.VIETNAMESE_ORDINALS)}"
_NUMBER_VI += rf"|{_DIGITS_VI})"

# What is called a meeting, and what else has an ordinal.
_MEETING = (
    r"(?:rounds? of (?:[\w-]+ ){0,5}?(?:talks|consultations|negotiations|dialogues?)"
    r"|meetings?|conferences?|talks|dialogues?|rounds?|sessions?|consultations?|summits?|forums?"
    r"|fora|symposium|seminar|discussions?|congress|assembly|retreat"
    r"|official visits?|working visits?|state visits?|exchange of views|phone calls?)"
)
_ACTIVITY = (
    r"(?:exercises?|drills?|patrols?|trainings?|courses?|workshops?|deployments?"
    r"|port (?:call|visit)s?|ship visits?|cruises?|maneuvers?|manoeuvres?|exchanges?|passex)"
)
_NOT_NUMBERED = r"(?:anniversary|century|birthday|fleet|regions?|districts?|division|army|day|floor"
_NOT_NUMBERED += r"|largest|biggest|quarter|half|time|squadron|flotilla|brigade|battalion|year)"
_NOT_IN_BETWEEN = r"(?:the|of|in|at|on|with|held|was|is|that|to|by)"
_ENGLISH = Pattern(
    rf"(?<![\w.,-])(?P<number>{_ORDINAL})[ -]"
    rf"(?:(?!(?:{_NOT_NUMBERED}|{_ACTIVITY}|{_NOT_IN_BETWEEN})\b)[\w'./&-]+ ){{0,8}}?"
    rf"(?!{_NOT_NUMBERED}\b){_MEETING}(?!\w)"
)
# A title may have these in it: "the 20th Heads of Coast Guard Agencies Meeting".
_TITLED = Pattern(
    rf"(?<![\w.,-])(?P<number>{_ORDINAL}) (?!{_NOT_NUMBERED}\b)"
    rf"(?:[\w'./&-]+ ){{1,10}}?{_MEETING}(?!\w)"
)
_SMALL_IN_TITLES = frozenset("of on and the for in".split())
_OF_ITS_KIND = Pattern(
    rf"(?<![\w.,-])(?P<number>{_ORDINAL})"
    r" (?:such meeting|of its kind|of the kind|in the series|iteration|edition)(?!\w)"
)
_ANY_MEETING = Pattern(rf"(?<!\w){_MEETING}(?!\w)")
_ANY_ACTIVITY = Pattern(rf"(?<!\w){_ACTIVITY}(?!\w)")
_NOUN_VI = (
    r"(?:hội nghị|hội đàm|cuộc họp|cuộc gặp(?: gỡ)?|cuộc hội đàm|cuộc trao đổi|đối thoại"
    r"|cuộc đối thoại|phiên họp|kỳ họp|khóa họp|phiên đối thoại|vòng (?:đàm phán|tham vấn|trao đổi)"
    r"|đàm phán|diễn đàn|hội thảo|tham vấn|cuộc điện đàm|điện đàm|tọa đàm|chuyến thăm(?! tàu)"
    r"|gặp gỡ|cuộc làm việc|họp|giao ban|hội đồng|ủy ban)"
)
_VIETNAMESE = Pattern(
    rf"(?<!\w){_NOUN_VI}(?:(?! lần thứ| thứ \d)[ ][\w/&.-]+|[ ][-,] ?\w+| \([\w\s-]+\)){{0,18}}?"
    rf" (?:lần thứ (?P<number>{_NUMBER_VI})|(?:lần|thứ|kỳ) (?P<digits>{_DIGITS_VI}))(?!\w|[/.]\d)"
)
_BARE_VI = Pattern(rf"(?<!\w)lần thứ (?P<number>{_NUMBER_VI})(?!\w|[/.]\d)")
_ANY_MEETING_VI = Pattern(rf"(?<!\w){_NOUN_VI}(?!\w)")
_ACTIVITY_VI = Pattern(
    r"(?<!\w)(?:tuần tra|diễn tập|luyện tập|huấn luyện|giao lưu|thăm tàu|tập huấn|cập cảng)(?!\w)"
)
_BREAK = re.compile(r"[.;:]\s")


def meetings(prose: Prose, number: int) -> Iterator[Proposal]:
    """Yield the meetings of a paragraph that have an ordinal."""
    found: dict[Span, int] = {}
    for span, ordinal in _english(prose):
        if not any(span.overlaps(other) for other in found):
            found[span] = ordinal
    if prose.vietnamese:
        for span, ordinal in _vietnamese(prose):
            if not any(span.overlaps(other) for other in found):
                found[span] = ordinal
    for span, ordinal in found.items():
        yield Proposal("meeting", number, span, _value(prose, span, ordinal))


def _english(prose: Prose) -> Iterator[tuple[Span, int]]:
    for pattern in (_ENGLISH, _TITLED, _OF_ITS_KIND):
        for match in pattern.finditer(prose):
            ordinal = ordinal_of(match["number"], numerals.ENGLISH_ORDINALS)
            span = prose.span(match.start(), _end(prose, match))
            if pattern is _TITLED and not _is_title(prose, match):
                continue
            if pattern is _OF_ITS_KIND and not _tells_of_meeting(
                prose, span, _ANY_MEETING, _ANY_ACTIVITY
            ):
                continue
            if ordinal:
                yield span, ordinal


def _is_title(prose: Prose, match: re.Match[str]) -> bool:
    """Whether all words after the number but the small ones are in capitals."""
    words = [each for each in prose.after(match.end("number")) if each.end <= match.end()]
    return all(prose.is_capital(word.start) or word.text in _SMALL_IN_TITLES for word in words)


def _vietnamese(prose: Prose) -> Iterator[tuple[Span, int]]:
    for match in _VIETNAMESE.finditer(prose):
        ordinal = ordinal_of(match["number"] or match["digits"], numerals.VIETNAMESE_ORDINALS)
        if ordinal and not _BREAK.search(match[0]):
            yield prose.span(*match.span()), ordinal
    for match in _BARE_VI.finditer(prose):
        span = prose.span(*match.span())
        ordinal = ordinal_of(match["number"], numerals.VIETNAMESE_ORDINALS)
        if ordinal and _tells_of_meeting(prose, span, _ANY_MEETING_VI, _ACTIVITY_VI):
            yield span, ordinal


def _end(prose: Prose, match: re.Match[str]) -> int:
    """Where an English phrase ends: a title in capitals has what it is on."""
    last = match.start() + match[0].rindex(" ") + 1
    return end_with_subject(prose, match.end()) if prose.is_capital(last) else match.end()


def _tells_of_meeting(prose: Prose, span: Span, meeting: Pattern, activity: Pattern) -> bool:
    """Whether the sentence around a number by itself tells of a meeting, and of no activity."""
    sentence = prose.sentence_around(span)

    def told(pattern: Pattern) -> bool:
        return any(sentence.contains(prose.span(*m.span())) for m in pattern.finditer(prose))

    return told(meeting) and not told(activity)


def ordinal_of(words: str, table: dict[str, int]) -> int | None:
    """Return the number that an ordinal in digits, words or Roman numerals stands for."""
    plain = re.sub(r"(?<=\d)\s?(?:st|nd|rd|th)\Z", "", words)
    if plain in _ROMAN:
        return _ROMAN[plain]
    return numerals.number(plain, table) or _BARE_NUMBERS.get(plain)


_BARE_NUMBERS = {unmarked(word): value for word, value in numerals.VIETNAMESE_ORDINALS.items()}


def _value(prose: Prose, span: Span, ordinal: int) -> dict[str, object]:
    level = prose.passage.cue(vocabulary.LEVEL, span)
    modality = prose.passage.cue(vocabulary.MODALITY, prose.sentence_around(span))
    return {
        "ordinal": ordinal,
        "level": level[0] if level else "",
        "modality": modality[0] if modality and not _is_name(prose, modality[1]) else "",
    }


def _is_name(prose: Prose, span: Span) -> bool:
    """Whether "Online" is the name of a paper."""
    return span.of(prose.passage.paragraph) == "Online"


_MARK = re.compile(r"[.;:,]")
_BETWEEN = re.compile(r"[.,;:]|\b(?:of|the|and|in|at|on|to)\b")
_ANY_ORDINAL = Pattern(
    rf"(?<![\w.,-])(?:(?P<en>{_ORDINAL})|lần thứ (?P<vi>{_NUMBER_VI})"
    rf"|lần (?P<digits>{_DIGITS_VI}))(?!\w|[/.]\d)"
)


class Ordinals:
    """The ordinals of a paragraph: "the 27th joint patrol", "tuần tra lần thứ 27"."""

    def __init__(self, prose: Prose):
        self._given = prose.passage.paragraph
        found = ((prose.span(*match.span()), match) for match in _ANY_ORDINAL.finditer(prose))
        self._found = sorted(found, key=lambda each: each[0])

    def of(self, activity: Span) -> int | None:
        """Return the ordinal that an activity has, before it or in Vietnamese after it."""
        at = bisect_left(self._found, activity, key=lambda each: each[0])
        for place, match in reversed(self._found[max(0, at - 1) : at]):
            near = place.end <= activity.start <= place.end + 40
            if near and match["en"] and not _BETWEEN.search(self._given, place.end, activity.start):
                return ordinal_of(match["en"], numerals.ENGLISH_ORDINALS)
        for place, match in self._found[at : at + 1]:
            number = match["vi"] or match["digits"]
            near = activity.end <= place.start <= activity.end + 80
            if near and number and not _MARK.search(self._given, activity.end, place.start):
                return ordinal_of(number, numerals.VIETNAMESE_ORDINALS)
        return None
