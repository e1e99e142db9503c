"""Words in the text of a document: selected to be cited, or cited already.

Paragraphs are counted and normalised as quotations are compared (`agreements.text`), so an offset
counts characters of a normalised paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, zip_longest

from django.utils.translation import gettext as _

from agreements.exceptions import DeskError
from agreements.models import Citation, Document, DocumentText, ReportedTotal
from agreements.models.evidence import QUOTE_WORDS
from agreements.suggestions.quotation import fragment, is_whole_sentence, sentences
from agreements.suggestions.spans import Span
from agreements.text import normalised, paragraph_number, paragraphs, word_count

Quotation = Citation | ReportedTotal
# As many words as tell a value from others like it, so that a quotation can be read by itself.
PHRASE_WORDS = 6
_LONGEST_QUOTE = Citation._meta.get_field("quote").max_length or 0
_PUNCTUATION = re.compile(r"[,;:()“”\"–—]|\s-\s")
_WORD = re.compile(r"\w+")


def locator(number: int) -> str:
    """Return the locator of a paragraph, counted from 1."""
    return f"paragraph {number}"


@dataclass(frozen=True)
class Place:
    """Where words stand in a text: in which paragraph, from 1, and from where to where in it."""

    number: int
    span: Span


class HeldText:
    """The text of a document, paragraph by paragraph, in which quotations are looked up."""

    def __init__(self, text: str):
        self.paragraphs = paragraphs(text)

    def paragraph(self, number: int) -> str:
        """Return a paragraph by its number; raise a DeskError where there is none."""
        if not 1 <= number <= len(self.paragraphs):
            raise DeskError(
                _("The text has %(count)d paragraphs.") % {"count": len(self.paragraphs)}
            )
        return self.paragraphs[number - 1]

    def place(self, quotation: Quotation) -> Place | None:
        """Return where a quotation stands, if it does where it says.

        Without quoted words that is the whole paragraph. A locator of another form names no
        paragraph, so that the words may stand in any.
        """
        number = paragraph_number(quotation.locator)
        if number is None:
            return self.elsewhere(quotation)
        if number > len(self.paragraphs):
            return None
        paragraph = self.paragraphs[number - 1]
        if not quotation.quote:
            return Place(number, Span(0, len(paragraph)))
        return _within(paragraph, number, normalised(quotation.quote))

    def elsewhere(self, quotation: Quotation) -> Place | None:
        """Return the first place in which the quoted words stand, if there is any."""
        wanted = normalised(quotation.quote)
        places = (_within(each, n, wanted) for n, each in enumerate(self.paragraphs, 1))
        return next(filter(None, places), None) if wanted else None


def _within(paragraph: str, number: int, wanted: str) -> Place | None:
    start = paragraph.find(wanted)
    return Place(number, Span(start, start + len(wanted))) if start >= 0 else None


@dataclass(frozen=True)
class Selection:
    """Words that an analyst selected in the text of a document, within one paragraph."""

    document: Document
    text: str
    number: int
    paragraph: str
    span: Span

    @property
    def locator(self) -> str:
        return locator(self.number)

    @property
    def words(self) -> str:
        """The words as they were selected."""
        return self.span.of(self.paragraph)

    def quote(self, keep: Span | None = None) -> str:
        """Return what may be quoted: at most 20 words, and never a whole sentence.

        `keep` is what bears the value, and is left in.
        """
        return self._quotable(self.span, keep)

    def around(self, bearing: Span) -> str:
        """Return a quotation of the words that bear a value, with some of those beside them."""
        span = bearing
        for wider in _widening(self.paragraph, bearing, _clause_of(self.paragraph, bearing)):
            if word_count(span.of(self.paragraph)) >= PHRASE_WORDS:
                break
            span = wider
        return self._quotable(span, bearing)

    def _quotable(self, span: Span, keep: Span | None) -> str:
        found = _findable(self.paragraph, fragment(self.paragraph, span, keep), keep)
        words = found.of(self.paragraph)
        if len(words) > _LONGEST_QUOTE:
            raise DeskError(
                _("Select fewer words: a quotation has at most %(length)d characters.")
                % {"length": _LONGEST_QUOTE}
            )
        return words

    @property
    def shortened(self) -> bool:
        """Whether only a part of the selection may be quoted."""
        return word_count(self.words) > QUOTE_WORDS or is_whole_sentence(self.paragraph, self.span)


def _findable(paragraph: str, span: Span, keep: Span | None) -> Span:
    """Return a span widened until its words do not stand in the paragraph before it as well.

    A quotation is found again by its words alone, and the first place counts.
    """
    for wider in (span, *islice(_widening(paragraph, span, Span(0, len(paragraph))), QUOTE_WORDS)):
        quotable = fragment(paragraph, wider, keep or span)
        if paragraph.find(quotable.of(paragraph)) == quotable.start:
            return quotable
    return span


def _widening(paragraph: str, span: Span, within: Span) -> Iterator[Span]:
    """Yield a span with one word more at a time, by turns after it and before it."""
    words = [Span(*match.span()) for match in _WORD.finditer(paragraph)]
    after = (word for word in words if word.start >= span.end and within.contains(word))
    before = (word for word in reversed(words) if word.end <= span.start and within.contains(word))
    for following, preceding in zip_longest(after, before):
        if following:
            span = Span(span.start, following.end)
            yield span
        if preceding:
            span = Span(preceding.start, span.end)
            yield span


def _clause_of(paragraph: str, span: Span) -> Span:
    """Return the part of a sentence, between marks of punctuation, that a span stands in."""
    marks = [match.span() for match in _PUNCTUATION.finditer(paragraph)]
    bounds = [Span(0, len(paragraph)), *sentences(paragraph)]
    around = [each for each in bounds if each.contains(span)][-1]
    start = max((end for _, end in marks if end <= span.start), default=0)
    end = min((begin for begin, _ in marks if begin >= span.end), default=len(paragraph))
    return Span(max(start, around.start), min(end, around.end))


def selection(document: Document, number: int, start: int, end: int) -> Selection:
    """Return what was selected, without the white space around it.

    Raises a DeskError where no text is held, or the paragraph has no such words.
    """
    held = DocumentText.objects.filter(document=document).first()
    if held is None:
        raise DeskError(_("The text of this document is not held here: attach it first."))
    paragraph = HeldText(held.text).paragraph(number)
    if not 0 <= start < end <= len(paragraph) or not word_count(paragraph[start:end]):
        raise DeskError(_("Select some words of one paragraph."))
    chosen = paragraph[start:end]
    start += len(chosen) - len(chosen.lstrip())
    span = Span(start, start + len(chosen.strip()))
    return Selection(document, held.text, number, paragraph, span)


@dataclass(frozen=True)
class Segment:
    """Some words of a paragraph, and the numbers of the passages that all of them belong to."""

    text: str
    passages: tuple[str, ...]
    # Those that begin here, so that links to them lead here.
    beginning: tuple[str, ...]


def segments(paragraph: str, spans: Mapping[str, Span]) -> list[Segment]:
    """Return a paragraph cut wherever a passage begins or ends, passages being named by `spans`."""
    cuts = {0, len(paragraph)}
    for span in spans.values():
        cuts |= {span.start, span.end}
    edges = sorted(cuts)
    return list(_cut(paragraph, edges, spans))


def _cut(paragraph: str, edges: list[int], spans: Mapping[str, Span]) -> Iterator[Segment]:
    for start, end in zip(edges, edges[1:], strict=False):
        here = Span(start, end)
        over = [name for name, span in spans.items() if span.contains(here)]
        beginning = [name for name in over if spans[name].start == start]
        yield Segment(here.of(paragraph), tuple(over), tuple(beginning))


def by_paragraph(places: Iterable[tuple[str, Place]]) -> dict[int, dict[str, Span]]:
    """Return the spans of named places, by the numbers of their paragraphs."""
    found: dict[int, dict[str, Span]] = {}
    for name, place in places:
        found.setdefault(place.number, {})[name] = place.span
    return found
