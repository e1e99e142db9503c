"""A paragraph with a selection in it, read once for all the fields of a record."""

from __future__ import annotations

import copy
import re
from functools import cached_property

from agreements.dates import PartialDate
from agreements.suggestions.anchor import Anchor
from agreements.suggestions.areas import areas_in
from agreements.suggestions.country_names import countries_in
from agreements.suggestions.dates import FoundDate, find_dates
from agreements.suggestions.folded import Folded, is_vietnamese
from agreements.suggestions.names import FoundName, Gazetteer
from agreements.suggestions.sentences import sentences
from agreements.suggestions.spans import Span
from agreements.suggestions.vocabulary import Cues
from agreements.suggestions.words import Word, words_of


class Passage:
    """What a paragraph and a selection of it hold; everything is found at most once."""

    def __init__(
        self,
        paragraph: str,
        selection: Span,
        gazetteer: Gazetteer,
        published: PartialDate | None,
        language: str,
        before: FoundDate | None = None,
    ):
        """``before`` is the last date that the document names before the paragraph."""
        self.paragraph = paragraph
        self._before = before
        self.published = published
        self.anchor = Anchor.of(published)
        self.language = language
        self.gazetteer = gazetteer
        self.whole = Span(0, len(paragraph))
        self._select(selection)

    def selecting(self, selection: Span) -> Passage:
        """Return the same paragraph with another selection; what was found in it is kept."""
        other = copy.copy(self)
        other._select(selection)
        return other

    def _select(self, selection: Span) -> None:
        self.selection = selection
        touched = [each for each in sentences(self.paragraph) if each.overlaps(selection)]
        self.sentences = Span(touched[0].start, touched[-1].end) if touched else selection

    @cached_property
    def folded(self) -> Folded:
        return Folded(self.paragraph)

    @cached_property
    def words(self) -> list[Word]:
        return words_of(self.paragraph)

    @cached_property
    def names(self) -> list[FoundName]:
        return self.gazetteer.find(self.paragraph, self.language)

    @cached_property
    def dates(self) -> list[FoundDate]:
        return find_dates(self.paragraph, self.published, self.language, self._before)

    @cached_property
    def areas(self) -> list[Span]:
        return areas_in(self.paragraph, self.words)

    @cached_property
    def adjectives(self) -> set[Span]:
        """Where adjectives of countries stand: "Vietnamese" is a country, but never a place."""
        vietnamese = is_vietnamese(self.paragraph, self.language)
        found = countries_in(self.paragraph, self.words, vietnamese)
        return {country.span for country in found if country.adjective}

    def names_in(self, scope: Span, *kinds: str) -> list[FoundName]:
        """The names of some kinds that a scope touches, in order."""
        return [each for each in self.names if each.kind in kinds and each.span.overlaps(scope)]

    def cue(self, cues: Cues, scope: Span, last: bool = False) -> tuple[str, Span] | None:
        """The choice that the first (or last) words in a scope stand for, and where they stand."""
        found = [
            (-span.start if last else span.start, -span.end, value, span)
            for value, pattern in cues
            for match in pattern.finditer(self.folded.text)
            if (span := self.folded.span(*match.span())).overlaps(scope)
        ]
        if not found:
            return None
        *_, value, span = min(found, key=lambda each: each[:2])
        return value, span

    def match(self, pattern: re.Pattern[str], scope: Span) -> re.Match[str] | None:
        """The first match over the folded text that a scope touches."""
        for match in pattern.finditer(self.folded.text):
            if self.folded.span(*match.span()).overlaps(scope):
                return match
        return None
