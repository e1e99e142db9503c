"""A record with what its rules look at: the passages cited for it, and the texts they are from."""

from collections.abc import Collection, Iterable, Iterator, Mapping
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
from agreements.records import belongings
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
        return any(belongings(row, "delegates") for row in belongings(record, "participants"))
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
        self._split: dict[int, list[str]] = {}
        self.citations: list[Citation] = (
            list(belongings(record, "citations"))
            if isinstance(record, (Engagement, Force, Series))
            else []
        )

    @property
    def facts(self) -> Iterator[str]:
        """The fields with which the record asserts what must rest on a document."""
        for model, names in FACTS.items():
            if isinstance(self.record, model):
                yield from (name for name in names if asserts(self.record, name))

    @cached_property
    def _support(self) -> dict[str, list[Citation]]:
        found: dict[str, list[Citation]] = {}
        for row in self.citations:
            if row.stance == Citation.Stance.SUPPORTS:
                found.setdefault(row.field, []).append(row)
        return found

    def support_of(self, name: str) -> list[Citation]:
        """Return the citations that support a field."""
        return self._support.get(name, [])

    @cached_property
    def quotations(self) -> list[Quotation]:
        """The passages that quote anything, each once, for however many fields it is cited."""
        rows: list[Quotation] = list(self.citations)
        if isinstance(self.record, ReportedTotal):
            rows.append(self.record)
        quoted = {(row.document_id, row.locator, row.quote): row for row in rows if row.quote}
        return list(quoted.values())

    @cached_property
    def read(self) -> set[int]:
        """The keys of the documents that are quoted, and whose texts may be held."""
        return {row.document_id for row in self.quotations if row.document.sha256}

    @cached_property
    def texts(self) -> dict[int, str]:
        """The held texts of the documents that are quoted, by the documents' keys."""
        held = held_texts(self.read) if self._given is None else self._given
        return {key: text for key, text in held.items() if key in self.read}

    def _paragraphs(self, document: int) -> list[str]:
        if document not in self._split:
            self._split[document] = paragraphs(self.texts.get(document, ""))
        return self._split[document]

    def places_of(self, quotation: Quotation) -> Iterator[tuple[str, Span]]:
        """Yield (paragraph, span) for each place of its text where a quotation stands.

        Of one that is in the paragraph which its locator numbers, that place alone.
        """
        wanted, number = normalised(quotation.quote), paragraph_number(quotation.locator)
        every = self._paragraphs(quotation.document_id)
        named = every[number - 1 : number] if number else []
        read = named if any(wanted in each for each in named) else every
        for paragraph in read:
            start = paragraph.find(wanted)
            if start >= 0:
                yield paragraph, Span(start, start + len(wanted))


def held_texts(documents: Collection[int]) -> dict[int, str]:
    """Return the texts that are held of documents, by the documents' keys."""
    if not documents:
        return {}
    held = DocumentText.objects.filter(document__in=documents)
    return dict(held.values_list("document_id", "text"))


def dossiers_of(records: Iterable[Reviewable]) -> list[Dossier]:
    """Return the dossiers of several records, which read and split each text once."""
    found = [Dossier(record) for record in records]
    texts = held_texts({key for each in found for key in each.read})
    split: dict[int, list[str]] = {}
    for each in found:
        each._given, each._split = texts, split
    return found
