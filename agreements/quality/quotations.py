"""Whether quotations are short, exact, and all that is taken from the texts."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from agreements.models import Citation, Engagement, Meeting, ReportedTotal, Reviewable, Series
from agreements.models.evidence import QUOTE_WORDS
from agreements.quality.dossier import Dossier, Quotation, passage
from agreements.suggestions.quotation import is_whole_sentence
from agreements.text import normalised, word_count

RUN = 12
_WORD = re.compile(r"\w+")
# What is written in our own words; a title as given is the document's.
_OWN_WORDS: dict[type[Reviewable], tuple[str, ...]] = {
    Engagement: ("title", "summary"),
    Meeting: ("outcomes",),
    Series: ("title", "summary"),
    ReportedTotal: ("title", "what", "note"),
}


def long_quotations(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Q1: a quotation is short."""
    for row in dossier.quotations:
        if word_count(row.quote) > QUOTE_WORDS:
            text = _("%(passage)s: quote at most %(words)d words.")
            yield _field(row), text % {"passage": passage(row), "words": QUOTE_WORDS}


def whole_sentences(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Q2: a quotation is a part of a sentence."""
    for row in dossier.quotations:
        if any(is_whole_sentence(*place) for place in dossier.places_of(row)):
            text = _("%(passage)s: it is a whole sentence; quote a part of it.")
            yield _field(row), text % {"passage": passage(row)}


def not_in_the_text(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Q3: a quotation is where it is said to be."""
    for row in dossier.quotations:
        if row.document_id in dossier.texts and not row.verified:
            text = _("%(passage)s: “%(quote)s” was not found there in the text.")
            yield _field(row), text % {"passage": passage(row), "quote": row.quote}


def borrowed_words(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Q4: what is in our own words shares no long run of words with the texts."""
    texts = [_spaced(_words(text)) for text in dossier.texts.values()]
    for name, label, written in _own_words(dossier):
        run = next(filter(None, (_shared_run(written, text) for text in texts)), "")
        if run:
            values = {"written": label, "run": run}
            yield name, _("%(written)s repeats the text: “%(run)s”.") % values


def _own_words(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """Yield (field, what to call it, text) for all that a record says in our own words."""
    for model, names in _OWN_WORDS.items():
        if isinstance(dossier.record, model):
            yield from ((name, name, getattr(dossier.record, name)) for name in names)
    notes = {row.note: row for row in dossier.citations if row.note}
    for note, row in notes.items():
        yield row.field, _("The note of %(passage)s") % {"passage": passage(row)}, note


def _shared_run(written: str, text: str) -> str:
    """Return the first run of RUN words that stands in a text too, "" where there is none."""
    words = _words(written)
    runs = (words[start : start + RUN] for start in range(len(words) - RUN + 1))
    return next((" ".join(run) for run in runs if _spaced(run) in text), "")


def _words(text: str) -> list[str]:
    return _WORD.findall(normalised(text).casefold())


def _spaced(words: list[str]) -> str:
    return f" {' '.join(words)} "


def _field(row: Quotation) -> str:
    return row.field if isinstance(row, Citation) else ""
