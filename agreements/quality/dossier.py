"""A record with what its rules look at: the passages cited for it, and the texts they are from."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from agreements.models import (
    Agreement,
    Citation,
    Document,
    DocumentText,
    Engagement,
    Exercise,
    Force,
    Meeting,
    ReportedTotal,
    Reviewable,
    Series,
)
from agreements.suggestions.spans import Span
from agreements.text import normalised, paragraph_number, paragraphs

# Values that are the analyst's own arrangement need no passage; these are the documents' facts.
FACTS: dict[type[Reviewable], tuple[str, ...]] = {
    Engagement: ("status", "date", "ordinal", "participants", "delegates", "location"),
    Agreement: ("instrument", "title_as_given", "binding", "entered_into_force", "terminated"),
    Meeting: ("outcomes",),
    Exercise: ("activity", "count_stated", "vessels", "area"),
    Force: ("name", "established"),
}
Quotation = Citation | ReportedTotal


def asserts(record: Reviewable, name: str) -> bool:
    """Return whether a record says anything in a field of its public form."""
    if name == "location":
        return bool(record.location_name or record.location_country_id)  # type: ignore[attr-defined]
    if name == "participants":
        return True
    if name == "delegates":
        return any(row.delegates.all() for row in record.participants.all())  # type: ignore[attr-defined]
    value = getattr(record, name)
    return value is not None and value != ""


def origin_of(document: Document) -> Document:
    """Return the document that all its republications lead to; itself where it is no reprint."""
    seen = {document.pk}
    while document.origin is not None and document.origin_id not in seen:
        document = document.origin
        seen.add(document.pk)
    return document


def passage(row: Quotation) -> str:
    """Return what to call a passage in a message: “date, paragraph 6”."""
    return f"{row.field}, {row.locator}" if isinstance(row, Citation) else row.locator


class Dossier:
    """One record, read once for all rules.

    Of a record that was loaded whole, only the texts are another query, unless they are given.
    """

    def __init__(self, record: Reviewable, texts: Mapping[int, str] | None = None):
        self.record = record
        self._given = texts
        self.citations: list[Citation] = (
            list(record.citations.all()) if isinstance(record, (Engagement, Force, Series)) else []
        )

    @property
    def facts(self) -> Iterator[str]:
        """The fields with which the record asserts what must rest on a document."""
        for model, names in FACTS.items():
            if isinstance(self.record, model):
                yield from (name for name in names if asserts(self.record, name))

    def support_of(self, name: str) -> list[Citation]:
        """Return the citations that support a field."""
        supports = Citation.Stance.SUPPORTS
        return [row for row in self.citations if row.field == name and row.stance == supports]

    @cached_property
    def quotations(self) -> list[Quotation]:
        """The passages that quote anything, each once, for however many fields it is cited."""
        rows: list[Quotation] = list(self.citations)
        if isinstance(self.record, ReportedTotal):
            rows.append(self.record)
        quoted = {(row.document_id, row.locator, row.quote): row for row in rows if row.quote}
        return list(quoted.values())

    @cached_property
    def texts(self) -> dict[int, str]:
        """The held texts of the documents that are quoted, by the documents' keys."""
        read = {row.document_id for row in self.quotations if row.document.sha256}
        if self._given is not None:
            return {key: text for key, text in self._given.items() if key in read}
        if not read:
            return {}
        held = DocumentText.objects.filter(document__in=read)
        return dict(held.values_list("document_id", "text"))

    @cached_property
    def _paragraphs(self) -> dict[int, list[str]]:
        return {key: paragraphs(text) for key, text in self.texts.items()}

    def places_of(self, quotation: Quotation) -> Iterator[tuple[str, Span]]:
        """Yield (paragraph, span) for each place of its text where a quotation stands.

        Of one that is in the paragraph which its locator numbers, that place alone.
        """
        wanted, number = normalised(quotation.quote), paragraph_number(quotation.locator)
        every = self._paragraphs.get(quotation.document_id, [])
        named = every[number - 1 : number] if number else []
        read = named if any(wanted in each for each in named) else every
        for paragraph in read:
            start = paragraph.find(wanted)
            if start >= 0:
                yield paragraph, Span(start, start + len(wanted))
