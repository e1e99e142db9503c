"""What may be quoted: a fragment of at most 20 words, never a whole sentence."""

import re

from agreements.models.evidence import QUOTE_WORDS, Citation
from agreements.suggestions.sentences import sentences
from agreements.suggestions.spans import Span

__all__ = ["fragment", "is_whole_sentence", "sentences"]

# As agreements.text.word_count counts them.
_WORD = re.compile(r"\w+")
_LONGEST = Citation._meta.get_field("quote").max_length or 0


def fragment(paragraph: str, span: Span, keep: Span | None = None) -> Span:
    """Return what may be quoted of a selection of a paragraph.

    A word that is selected in part is taken whole; space and punctuation around the words are
    left off. Of more than 20 words the first 20 stay, or, where these would miss ``keep`` (the
    words that bear the value), those that end with it. Where this takes in a whole sentence, only
    the part in one sentence stays, that with most words (and ``keep``), less its last word, or its
    first where the last is to be kept. A word by itself is never cut. An empty span stands for a
    selection without words.
    """
    words = _words(paragraph, span)
    if not words:
        return Span(span.start, span.start)
    kept = [word for word in words if keep is not None and word.overlaps(keep)]
    words = _at_most_quotable(words, kept)
    if is_whole_sentence(paragraph, _around(words)):
        words = _less_than_a_sentence(paragraph, words, kept)
    return _around(words)


def is_whole_sentence(paragraph: str, span: Span) -> bool:
    """Return whether a span takes in every word of a sentence that has more than one."""
    for sentence in sentences(paragraph):
        words = [Span(*match.span()) for match in _WORD.finditer(sentence.of(paragraph))]
        first, last = sentence.start + words[0].start, sentence.start + words[-1].end
        if len(words) > 1 and span.start <= first and last <= span.end:
            return True
    return False


def _words(paragraph: str, span: Span) -> list[Span]:
    """The words that a span touches, whole."""
    every = (Span(*match.span()) for match in _WORD.finditer(paragraph))
    return [word for word in every if word.overlaps(span)]


def _around(words: list[Span]) -> Span:
    return Span(words[0].start, words[-1].end)


def _at_most_quotable(words: list[Span], kept: list[Span]) -> list[Span]:
    last = words.index(kept[-1]) if kept else 0
    first = max(0, last + 1 - QUOTE_WORDS)
    words = words[first : first + QUOTE_WORDS]
    while len(words) > 1 and words[-1].end - words[0].start > _LONGEST:
        words = words[1:] if words[-1] in kept else words[:-1]
    return words


def _less_than_a_sentence(paragraph: str, words: list[Span], kept: list[Span]) -> list[Span]:
    parts = [
        [word for word in words if each.contains(word)]
        for each in sentences(paragraph)
        if each.overlaps(_around(words))
    ]
    part = max(parts, key=lambda each: (len(set(each).intersection(kept)), len(each)))
    if len(part) == 1 or not is_whole_sentence(paragraph, _around(part)):
        return part
    return part[1:] if part[-1] in kept else part[:-1]
