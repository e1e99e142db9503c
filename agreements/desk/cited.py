"""What is cited from a document: its records, their passages, and where these stand in its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from agreements.desk.passages import HeldText, Place, Quotation, Segment, by_paragraph, segments
from agreements.differences import label
from agreements.models import (
    Citation,
    Document,
    DocumentText,
    ReportedTotal,
)
from agreements.records import KINDS_OF_RECORD


@dataclass(frozen=True)
class Passage:
    """A quotation, and where it stands in the text that the document has now.

    `elsewhere` is where its words were found instead, if not where it says.
    """

    quotation: Quotation
    place: Place | None
    elsewhere: Place | None = None

    @property
    def name(self) -> str:
        """Its name among the passages of a document, such as `citation-12`."""
        return f"{'citation' if self._is_citation else 'total'}-{self.quotation.pk}"

    @property
    def target(self) -> Any:
        """The record that it is evidence for."""
        return self.quotation.target if isinstance(self.quotation, Citation) else self.quotation

    @property
    def field_name(self) -> str:
        """What the field is called that it is evidence for."""
        if not isinstance(self.quotation, Citation):
            return str(ReportedTotal._meta.get_field("count").verbose_name)
        return label(KINDS_OF_RECORD[self.target.record_kind], self.quotation.field)

    @property
    def hint(self) -> str:
        """What it is cited for, in a few words."""
        return f"{self.target}: {self.field_name}"

    @property
    def _is_citation(self) -> bool:
        return isinstance(self.quotation, Citation)


@dataclass
class CitedRecord:
    """A record, with its passages from one document in the order of the text."""

    record: Any
    passages: list[Passage] = field(default_factory=list)

    @property
    def key(self) -> str:
        return key_of(self.record)

    @property
    def kind_name(self) -> str:
        """What its kind is called."""
        return str(KINDS_OF_RECORD[self.record.record_kind]._meta.verbose_name)


def key_of(record: Any) -> str:
    """Return a record's name on the workbench, such as `meeting-12`."""
    return f"{record.record_kind}-{record.pk}"


class CitedText:
    """The text of a document with all that is cited from it. Three queries, whatever its size.

    With `text`, it is looked up in that one instead of the text that is held.
    """

    def __init__(self, document: Document, text: str | None = None):
        self.document = document
        if text is None:
            held = DocumentText.objects.filter(document=document).first()
            text = held.text if held else None
        self.text = text
        self.held = HeldText(text) if text is not None else None
        citations = document.citations.select_related("engagement", "force", "series")
        self.passages = [self._passage(row) for row in citations]
        self.totals = [self._passage(row) for row in document.totals.all()]
        self.every = {each.name: each for each in (*self.passages, *self.totals)}
        self._spans = by_paragraph(
            (name, each.place) for name, each in self.every.items() if each.place
        )

    def _passage(self, quotation: Quotation) -> Passage:
        # Saves a query for each: it is this document that they are from.
        quotation.document = self.document
        place = self.held.place(quotation) if self.held else None
        elsewhere = self.held.elsewhere(quotation) if self.held and place is None else None
        return Passage(quotation, place, elsewhere)

    def records(self) -> list[CitedRecord]:
        """Return the records that the document is cited for, in the order of the text."""
        found: dict[str, CitedRecord] = {}
        for passage in sorted(self.passages, key=_in_the_text):
            record = passage.target
            found.setdefault(key_of(record), CitedRecord(record)).passages.append(passage)
        return list(found.values())

    def paragraphs(self) -> Iterator[tuple[int, list[Segment]]]:
        """Yield the number of each paragraph and its segments."""
        for number, text in enumerate(self.held.paragraphs if self.held else (), 1):
            yield number, segments(text, self._spans.get(number, {}))

    def marked(self) -> Iterator[tuple[int, list[Segment]]]:
        """Yield those paragraphs from which anything is cited."""
        for number, spans in sorted(self._spans.items()):
            assert self.held is not None
            yield number, segments(self.held.paragraphs[number - 1], spans)

    def lost(self) -> list[Passage]:
        """Return the passages whose words are not where they say: those to verify again."""
        return [each for each in self.every.values() if self.held and each.place is None]


def _in_the_text(passage: Passage) -> tuple[int, int, int]:
    place = passage.place or passage.elsewhere
    if place is None:
        return (0, 0, passage.quotation.pk)
    return (place.number, place.span.start, passage.quotation.pk)
