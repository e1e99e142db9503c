"""What an approver reads: each value that would change, beside the passages that it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from agreements import history, quality, workflow
from agreements.admin.addresses import desk_address
from agreements.desk.cited import Passage
from agreements.desk.cited import key_of as workbench_key
from agreements.desk.passages import HeldText, Segment, segments
from agreements.differences import Difference, differences, label
from agreements.exceptions import AgreementsError, WorkflowError
from agreements.models import Change, Citation, DocumentText, ReportedTotal, Reviewable
from agreements.models.evidence import CITABLE_FIELDS
from agreements.naming import unpublished_named_by
from agreements.proposal import Proposed
from agreements.records import KINDS_OF_RECORD
from agreements.suggestions.spans import Span

State = Reviewable.ReviewState
_LONG = 900
_AROUND = 350


@dataclass(frozen=True)
class Evidence:
    """A passage, with the paragraph that it stands in where the text of its document is held.

    `address` is where it can be read: in that text, else on the page of the document.
    """

    passage: Citation | ReportedTotal
    segments: list[Segment]
    address: str

    @property
    def is_citation(self) -> bool:
        return isinstance(self.passage, Citation)


@dataclass
class Row:
    """A field of the public record: what becomes of it, and what supports or disputes it."""

    difference: Difference
    evidence: list[Evidence] = field(default_factory=list)


@dataclass
class Review:
    """A record as its approver sees it: `changed` and `unchanged` rows, and what else to weigh."""

    record: Reviewable
    is_new: bool
    changed: list[Row] = field(default_factory=list)
    unchanged: list[Row] = field(default_factory=list)
    # The passages that came, went or changed, whatever field they are for.
    citations: list[Difference] = field(default_factory=list)
    lacks: list[quality.Finding] = field(default_factory=list)
    advice: list[quality.Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # Why it cannot be shown as the public would read it.
    fault: str = ""
    # Why who reads it cannot approve it.
    hindrance: str = ""

    @property
    def kind_name(self) -> str:
        return str(KINDS_OF_RECORD[self.record.record_kind]._meta.verbose_name)


def reviews(chosen: Iterable[Reviewable], by: str) -> tuple[list[Review], list[Review]]:
    """Return the reviews of some records, and of those that would be published along with them.

    `by` is who reads them. The number of queries does not grow with what the records name or cite.
    """
    given = list(chosen)
    records = [*given, *unpublished_named_by(given)]
    proposed = Proposed(records)
    texts = _texts(records)
    held = {document: HeldText(text) for document, text in texts.items()}
    changes = _since_publication(records)
    found = []
    for each in records:
        findings = list(quality.findings_of(each, texts))
        review = Review(
            each,
            is_new=proposed.before(each) is None,
            lacks=[finding for finding in findings if finding.blocking],
            advice=[finding for finding in findings if not finding.blocking],
            changes=changes[each.record_kind, each.pk],
            hindrance=hindrance(each, by),
        )
        _compare(review, proposed, held)
        found.append(review)
    return found[: len(given)], found[len(given) :]


def _compare(review: Review, proposed: Proposed, held: dict[int, HeldText]) -> None:
    """Fill in what of a record changes and what stays, each with its passages."""
    record = review.record
    try:
        after = proposed.after(record)
    except AgreementsError as error:
        review.fault = str(error)
        return
    kind = record.record_kind
    changed = differences(kind, proposed.before(record), after)
    names = {each.name for each in changed}
    evidence = _evidence(record, held)
    for each in changed:
        if each.name == "citations":
            review.citations = each.rows
        else:
            review.changed.append(Row(each, evidence.get(each.name, [])))
    kept = {name: value for name, value in after.items() if name not in {*names, "citations"}}
    for each in differences(kind, None, kept):
        review.unchanged.append(Row(each.unchanged(), evidence.get(each.name, [])))
    _show_stray_evidence(review, evidence)


def _show_stray_evidence(review: Review, evidence: dict[str, list[Evidence]]) -> None:
    """Give a row of its own to what is cited for a field that says nothing."""
    shown = {row.difference.name for row in (*review.changed, *review.unchanged)}
    model = KINDS_OF_RECORD[review.record.record_kind]
    for name, passages in evidence.items():
        if name not in shown:
            empty = Difference(name, label(model, name), "unchanged")
            review.unchanged.append(Row(empty, passages))


def _since_publication(records: list[Reviewable]) -> dict[tuple[str, Any], list[Change]]:
    """Return what happened to records since they were published last, by kind and number."""
    found: dict[tuple[str, Any], list[Change]] = {
        (each.record_kind, each.pk): [] for each in records
    }
    ended = set()
    for change in history.changes_of_all(records).defer("state"):
        key = (change.kind, change.record_id)
        if change.step == Change.Step.PUBLISHED:
            ended.add(key)
        elif key not in ended:
            found[key].append(change)
    return found


def _passages(record: Any) -> list[Citation | ReportedTotal]:
    if isinstance(record, ReportedTotal):
        return [record]
    return list(record.citations.all()) if record.record_kind in CITABLE_FIELDS else []


def _texts(records: Iterable[Reviewable]) -> dict[int, str]:
    """Return the held texts of the documents that records cite, by the documents' keys."""
    cited = {each.document_id for record in records for each in _passages(record)}
    held = DocumentText.objects.filter(document__in=cited)
    return dict(held.values_list("document_id", "text"))


def _evidence(record: Any, texts: dict[int, HeldText]) -> dict[str, list[Evidence]]:
    """Return what a record is supported or disputed by, by the field of its public form."""
    found: dict[str, list[Evidence]] = {}
    for each in _passages(record):
        name = each.field if isinstance(each, Citation) else "count"
        # Delegates are shown with the participants that they belong to.
        name = "participants" if name == "delegates" else name
        held = texts.get(each.document_id)
        shown = Evidence(each, _segments(each, held), _address(each, record, held is not None))
        found.setdefault(name, []).append(shown)
    return found


def _address(passage: Citation | ReportedTotal, record: Reviewable, is_held: bool) -> str:
    if not is_held:
        return desk_address("document", passage.document_id)
    text = desk_address("document", passage.document_id, "text")
    opened = f"?record={workbench_key(record)}" if isinstance(passage, Citation) else ""
    return f"{text}{opened}#{Passage(passage, None).name}"


def _segments(passage: Citation | ReportedTotal, held: HeldText | None) -> list[Segment]:
    """Return the paragraph of a passage, its words marked; of a long one what is around them."""
    place = held.place(passage) if held else None
    if held is None or place is None:
        return []
    text, span = held.paragraph(place.number), place.span
    if not passage.quote:
        return segments(text[:_LONG], {})
    if len(text) <= _LONG:
        return segments(text, {"quote": span})
    start, end = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
    shown = segments(text[start:end], {"quote": Span(span.start - start, span.end - start)})
    cut = Segment("…", (), ())
    return [*[cut] * (start > 0), *shown, *[cut] * (end < len(text))]


def hindrance(record: Reviewable, by: str) -> str:
    """Return why somebody cannot approve a record, or let it end; "" where they can."""
    try:
        workflow.require_two(record, record.edited_by, by)
    except WorkflowError as error:
        return str(error)
    return ""
