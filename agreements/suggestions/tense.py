"""Whether what is told around a date is past or to come, by the words of its sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum

from agreements.suggestions.folded import Folded
from agreements.suggestions.sentences import sentences
from agreements.suggestions.spans import Span


class Tense(Enum):
    PAST = "past"
    AHEAD = "ahead"
    UNTOLD = "untold"


# Just after a day or month: which of the years is meant.
_AFTERWARDS = re.compile(r"\s+(?:tới|sắp tới|tới đây|toi|sap toi)\b")
_BEFORE = re.compile(r"\s+(?:vừa qua|vừa rồi|vua qua|vua roi)\b")
_JUST_BEFORE = re.compile(r"\b(?:hồi|kể từ|since)\s+\Z")
_PLANS = (
    r"will|would|shall|plans? to|planned (?:for|to|on)|planning to|is planned|are planned"
    r"|scheduled|expected|upcoming|forthcoming|slated|due to|due (?:in|on)|set (?:to|for)"
    r"|aims? to|intends? to|hopes? to"
    r"|(?:agreed|decided|pledged|vowed|propos(?:ed|es)) (?:to|on holding)|to be (?:\w+ ){0,2}?\w+ed"
    r"|to be (?:held|led)|is to|are to|sẽ|dự kiến|sắp|kế hoạch|se|du kien|sap|ke hoach"
)
_PAST = (
    r"(?!united|based|armed|need|indeed|unmanned|red|seed|speed|proceed|exceed|succeed|hundred)"
    r"[a-z]{2,}ed|was|were|had|held|met|took|began|came|went|made|gave|saw|said|told|left|sent|led"
    r"|paid|became|ran|won|built|wrote|sailed|since|đã|vừa|từng|kể từ|da|vua|ke tu"
)
_CUE = re.compile(rf"\b(?:(?P<plan>{_PLANS})|(?P<past>{_PAST}))\b")
# Who said so when tells nothing of a date that stands before it.
_SAID = re.compile(r"(?:said|told|added|announced|reported|stated|confirmed|noted)\b")
# A participle after these tells of what will be.
_WILL_BE = re.compile(r"\b(?:will|would|shall|to|sẽ)(?: \w+){0,4} \Z")


class Tenses:
    """The tenses of a text's sentences, each read when first asked for."""

    def __init__(self, folded: Folded):
        self._folded = folded
        self._sentences: list[Span] | None = None
        self._cues: dict[Span, list[tuple[int, Tense]]] = {}

    def around(self, span: Span) -> Tense:
        """Return the tense of what is told before a place in its sentence, or else after it."""
        given = self._folded.given.lower()
        if _AFTERWARDS.match(given, span.end):
            return Tense.AHEAD
        if _BEFORE.match(given, span.end):
            return Tense.PAST
        if _JUST_BEFORE.search(given, max(0, span.start - 10), span.start):
            return Tense.PAST
        sentence = self.sentence(span)
        cues = self._read(sentence) if sentence else []
        before = [tense for at, tense in cues if at < span.start]
        after = [tense for at, tense in cues if at >= span.end and not _SAID.match(given, at)]
        return before[-1] if before else after[0] if after else Tense.UNTOLD

    def sentence(self, span: Span) -> Span | None:
        """Return the sentence in which a place begins."""
        index = self.number(span)
        return self._sentences[index] if self._sentences and index >= 0 else None

    def number(self, span: Span) -> int:
        """Return the number of the sentence in which a place begins, from 0."""
        if self._sentences is None:
            self._sentences = sentences(self._folded.given)
        return bisect_right(self._sentences, span.start, key=lambda each: each.start) - 1

    def _read(self, sentence: Span) -> list[tuple[int, Tense]]:
        if sentence not in self._cues:
            text = sentence.of(self._folded.given).lower()
            self._cues[sentence] = [
                (sentence.start + match.start(), _tense(text, match))
                for match in _CUE.finditer(text)
            ]
        return self._cues[sentence]


def _tense(text: str, cue: re.Match[str]) -> Tense:
    if cue["plan"]:
        return Tense.AHEAD
    begins = text[max(0, cue.start() - 50) : cue.start()]
    return Tense.AHEAD if _WILL_BE.search(begins) else Tense.PAST
