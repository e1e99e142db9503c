"""How each field of a record is read from the words of a passage."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from agreements.dates import PartialDate
from agreements.suggestions import numerals, vocabulary
from agreements.suggestions.dates import FoundDate
from agreements.suggestions.passage import Passage
from agreements.suggestions.places import place_in
from agreements.suggestions.spans import Span

PAST_TENSE = gettext_noop("The passage tells of it in the past tense.")
DATE_IS_PAST = gettext_noop("Its date is before that of publication.")
DATE_IS_AHEAD = gettext_noop("Its date is after that of publication.")
LEVEL_FROM_POSTS = gettext_noop("The level is inferred from the posts of those who took part.")


@dataclass(frozen=True)
class Reading:
    """What words say of a field: its value as the form takes it, and where they stand."""

    value: Any
    span: Span
    inferred: bool = False
    note: str = ""


Reader = Callable[[Passage, Span], Reading | None]


def _by_cues(cues: vocabulary.Cues) -> Reader:
    def read(passage: Passage, scope: Span) -> Reading | None:
        found = passage.cue(cues, scope)
        return Reading(*found) if found else None

    return read


def meeting_status(passage: Passage, scope: Span) -> Reading | None:
    return _activity_status(passage, scope, vocabulary.ACTIVITY_STATUS)


def exercise_status(passage: Passage, scope: Span) -> Reading | None:
    cues = vocabulary.ACTIVITY_STATUS + vocabulary.ACTIVITY_STATUS_OF_EXERCISE
    return _activity_status(passage, scope, cues)


def _activity_status(passage: Passage, scope: Span, cues: vocabulary.Cues) -> Reading | None:
    """The status that words of a scope say, or in its sentence those before it or else after it.

    ("The sides plan to … and to hold the tenth meeting in Tokyo.") Where none do, what a mere verb
    says, or what tense and date let infer.
    """
    for called_off in (scope, passage.sentences):
        if found := passage.cue(vocabulary.CALLED_OFF, called_off):
            return Reading(*found)
    before = Span(passage.sentences.start, scope.start)
    if found := (
        passage.cue(cues, scope)
        or passage.cue(cues, before, last=True)
        or passage.cue(cues, passage.sentences)
        or passage.cue(vocabulary.ACTIVITY_STATUS_BY_MERE_VERB, scope)
    ):
        return Reading(*found)
    return _status_by_tense(passage, scope) or _status_by_date(passage, scope)


def _status_by_tense(passage: Passage, scope: Span) -> Reading | None:
    past = passage.match(vocabulary.PAST, scope)
    if past is None:
        return None
    return Reading("held", passage.folded.span(*past.span()), True, PAST_TENSE)


def _status_by_date(passage: Passage, scope: Span) -> Reading | None:
    found = _date_in(passage, scope)
    if found is None or passage.anchor is None:
        return None
    date = PartialDate(found.edtf)
    if date.latest and date.latest < passage.anchor.earliest:
        return Reading("held", found.span, True, DATE_IS_PAST)
    if date.earliest and date.earliest > passage.anchor.latest:
        return Reading("planned", found.span, True, DATE_IS_AHEAD)
    return None


def date(passage: Passage, scope: Span) -> Reading | None:
    """The first of the most exact dates; "since 2015" is an interval without an end."""
    found = _date_in(passage, scope)
    if found is None:
        return None
    edtf = found.edtf
    before = passage.paragraph[: found.span.start].lower()
    if vocabulary.SINCE.search(before) and "/" not in edtf and PartialDate(edtf).bounded:
        edtf += "/.."
    return Reading(edtf, found.span, found.inferred, found.why)


def _date_in(passage: Passage, scope: Span) -> FoundDate | None:
    found = [each for each in passage.dates if each.span.overlaps(scope)]
    told_from = _end_of_dateline(passage.paragraph)
    return max(
        found,
        key=lambda each: (
            each.span.start >= told_from,
            each.edtf.partition("/")[0].count("-"),
        ),
        default=None,
    )


# "MANILA, May 17, 2024 (PNA) –": when it was written, not when it was.
_DATELINE = re.compile(r"(?:[A-ZĐ(][\w.'’()/]*,?\s|\d[\w,/]*\s|\|\s|ngày\s){1,12}[–—-]{1,2}\s")


def _end_of_dateline(paragraph: str) -> int:
    match = _DATELINE.match(paragraph)
    return match.end() if match else 0


def location(passage: Passage, scope: Span) -> Reading | None:
    place = place_in(passage, scope)
    return Reading((place.name, place.country), place.span) if place else None


_NUMBER = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{numerals.alternatives(numerals.ENGLISH_ORDINALS)})"
_NUMBER_VI = rf"(?:\d{{1,3}}|{numerals.alternatives(numerals.VIETNAMESE_ORDINALS)})"
_ORDINAL = re.compile(
    rf"(?<![\w.,])(?P<en>{_NUMBER})\s+(?!{vocabulary.NOT_NUMBERED}\b)"
    rf"(?:(?!{vocabulary.NOT_NUMBERED}\b)[\w'-]+\s+){{0,6}}?{vocabulary.NUMBERED}(?!\w)"
    rf"|(?<!\w)lần\s+(?:thứ\s+)?(?P<vi>{_NUMBER_VI})(?!\w)"
)


def ordinal(passage: Passage, scope: Span) -> Reading | None:
    """The number of a meeting or activity in its run: 8 for "eighth" and "lần thứ tám"."""
    for match in _ORDINAL.finditer(passage.folded.text):
        span = passage.folded.span(match.start(), match.end("en") if match["en"] else match.end())
        if not span.overlaps(scope):
            continue
        word = re.sub(r"(?<=\d)(?:st|nd|rd|th)", "", match["en"] or match["vi"])
        words = numerals.ENGLISH_ORDINALS if match["en"] else numerals.VIETNAMESE_ORDINALS
        number = numerals.number(word, words)
        if number:
            return Reading(number, span)
    return None


def level(passage: Passage, scope: Span) -> Reading | None:
    """The level as said, or else that of the highest post that is named."""
    if found := passage.cue(vocabulary.LEVEL, scope):
        return Reading(*found)
    for cue in vocabulary.POSTS:
        if found := passage.cue([cue], scope):
            return Reading(*found, True, LEVEL_FROM_POSTS)
    return None


_COUNT = re.compile(
    rf"(?<![\w.,/-])(?:\d{{1,3}}|{vocabulary.VAGUE}|{numerals.alternatives(numerals.ENGLISH)})"
    r"\s+(?:search\s+and\s+rescue\s+|(?!(?:of|on|in|to|from|and|with|at)\b)[\w-]+\s+){0,3}"
    rf"{vocabulary.COUNTED_ENGLISH}(?!\w)"
    rf"|(?<![\w.,/-])(?:\d{{1,3}}|{vocabulary.VAGUE}|{numerals.alternatives(numerals.VIETNAMESE)})"
    rf"\s+{vocabulary.COUNTED_VIETNAMESE}(?!\w)"
)


def count_stated(passage: Passage, scope: Span) -> Reading | None:
    """How many, as stated: "eight patrol ships", "hai tàu"; never one."""
    for match in _COUNT.finditer(passage.folded.text):
        span = passage.folded.span(*match.span())
        if span.overlaps(scope) and match[0].split()[0] not in ("one", "1", "một"):
            return Reading(span.of(passage.paragraph), span)
    return None


def area(passage: Passage, scope: Span) -> Reading | None:
    for span in passage.areas:
        if span.overlaps(scope):
            return Reading(span.of(passage.paragraph), span)
    return None


_TITLED = re.compile(
    r"(?:[A-Z][\w'’-]*\s+(?:(?:of|on|and|for|the)\s+)?){0,12}"
    r"(?:Agreement|Memorandum|Protocol|Treaty|Arrangement|Declaration|Statement|Letter of Intent"
    r"|Accord|Pact|MoU|MOU)"
    r"(?:\s+(?:(?:of|on|and|for|the|concerning|between)\s+){0,3}[A-Z][\w'’-]*){0,20}"
    r"|(?:Bản ghi nhớ|Biên bản ghi nhớ|Hiệp định|Hiệp ước|Thỏa thuận|Thoả thuận|Nghị định thư"
    r"|Ý định thư|Tuyên bố chung)(?:\s+(?!giữa|được|đã|sẽ|do|ký|vào|tại|ngày|của)[\w-]+){0,20}"
)
_QUOTED = re.compile(r"[“\"]([^“”\"]{3,200})[”\"]")


def title_as_given(passage: Passage, scope: Span) -> Reading | None:
    """The title that the words give an instrument: a quoted one, or one in capitals."""
    for match in _QUOTED.finditer(passage.paragraph):
        span = Span(*match.span(1))
        if span.overlaps(scope) and passage.cue(vocabulary.INSTRUMENT, span):
            return Reading(span.of(passage.paragraph), span)
    for match in _TITLED.finditer(passage.paragraph):
        span = Span(*match.span())
        if span.overlaps(scope) and " " in match[0]:
            return Reading(match[0], span)
    return None


def binding(passage: Passage, scope: Span) -> Reading | None:
    found = passage.cue(vocabulary.BINDING, scope)
    return Reading(found[0] == "yes", found[1]) if found else None


instrument = _by_cues(vocabulary.INSTRUMENT)
agreement_status = _by_cues(vocabulary.AGREEMENT_STATUS)
ambit = _by_cues(vocabulary.AMBIT)
modality = _by_cues(vocabulary.MODALITY)
activity = _by_cues(vocabulary.ACTIVITY)
