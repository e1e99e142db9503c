"""The passages that a record rests on, as its approver reads them: marked in their paragraphs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agreements.admin.addresses import desk_address
from agreements.desk.cited import Passage
from agreements.desk.cited import key_of as workbench_key
from agreements.desk.passages import HeldText, Place, Segment, segments
from agreements.models import Citation, DocumentText, ReportedTotal, Reviewable
from agreements.models.evidence import CITABLE_FIELDS
from agreements.suggestions.spans import Span

Quotation = Citation | ReportedTotal
# Of a paragraph that is longer, only what is around the quoted words is shown.
_LONG = 900
_AROUND = 350
_CUT = Segment("…", (), ())


@dataclass(frozen=True)
class Cited:
    """A passage, and the address at which it is read: in its text, else that of its document."""

    quotation: Quotation
    address: str

    @property
    def is_citation(self) -> bool:
        return isinstance(self.quotation, Citation)


@dataclass(frozen=True)
class Evidence:
    """The passages of one paragraph, and its words where the text of the document is held."""

    passages: list[Cited]
    segments: list[Segment]


def quotations_of(record: Any) -> list[Quotation]:
    """Return what is quoted for a record."""
    if isinstance(record, ReportedTotal):
        return [record]
    return list(record.citations.all()) if record.record_kind in CITABLE_FIELDS else []


def texts_of(records: Iterable[Reviewable]) -> dict[int, str]:
    """Return the held texts of the documents that records cite, by the documents' keys."""
    cited = {each.document_id for record in records for each in quotations_of(record)}
    held = DocumentText.objects.filter(document__in=cited)
    return dict(held.values_list("document_id", "text"))


def evidence_of(record: Reviewable, texts: dict[int, HeldText]) -> dict[str, list[Evidence]]:
    """Return what supports or disputes a record, by the field of its public form."""
    grouped: dict[tuple[str, Any], list[tuple[Quotation, Place | None]]] = {}
    for each in quotations_of(record):
        held = texts.get(each.document_id)
        place = held.place(each) if held else None
        # What has no place in a text stands by itself.
        where = (each.document_id, place.number) if place else each
        grouped.setdefault((_field(each), where), []).append((each, place))
    found: dict[str, list[Evidence]] = {}
    for (name, _where), rows in grouped.items():
        held = texts.get(rows[0][0].document_id)
        passages = [Cited(each, _address(each, record, held is not None)) for each, _place in rows]
        found.setdefault(name, []).append(Evidence(passages, _segments(rows, held)))
    return found


def _field(quotation: Quotation) -> str:
    if not isinstance(quotation, Citation):
        return "count"
    # Delegates are shown with the participants that they belong to.
    return "participants" if quotation.field == "delegates" else quotation.field


def _address(quotation: Quotation, record: Reviewable, is_held: bool) -> str:
    if not is_held:
        return desk_address("document", quotation.document_id)
    text = desk_address("document", quotation.document_id, "text")
    opened = f"?record={workbench_key(record)}" if isinstance(quotation, Citation) else ""
    return f"{text}{opened}#{Passage(quotation, None).name}"


def _segments(rows: list[tuple[Quotation, Place | None]], held: HeldText | None) -> list[Segment]:
    """Return the paragraph of some quotations, their words marked; nothing where it is not held."""
    place = rows[0][1]
    if held is None or place is None:
        return []
    text = held.paragraph(place.number)
    spans = [place.span for quotation, place in rows if place and quotation.quote]
    if not spans:
        return segments(text[:_LONG], {})
    start, end = 0, len(text)
    if len(text) > _LONG:
        start = max(0, min(span.start for span in spans) - _AROUND)
        end = min(len(text), max(span.end for span in spans) + _AROUND)
    shifted = {
        str(number): Span(span.start - start, span.end - start) for number, span in enumerate(spans)
    }
    shown = segments(text[start:end], shifted)
    return [*[_CUT] * (start > 0), *shown, *[_CUT] * (end < len(text))]
