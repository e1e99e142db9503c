"""What an approver reads: each value that would change, beside the passages that it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from agreements import history, quality, workflow
from agreements.admin.passages import Evidence, evidence_of, texts_of
from agreements.desk.passages import HeldText
from agreements.differences import Difference, differences, label
from agreements.exceptions import AgreementsError, WorkflowError
from agreements.models import Change, Reviewable
from agreements.models.evidence import CITABLE_FIELDS
from agreements.naming import unpublished_named_by
from agreements.proposal import Proposed
from agreements.records import KINDS_OF_RECORD

State = Reviewable.ReviewState
# In which a record waits for an approver.
AWAITING = frozenset({State.IN_REVIEW, State.APPROVED})


@dataclass
class Row:
    """A field of the public record: what becomes of it, and what supports or disputes it.

    What is not `citable`, such as a slug, needs no passage.
    """

    difference: Difference
    evidence: list[Evidence]
    citable: bool


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
    def is_awaiting(self) -> bool:
        """Whether it is for an approver to decide on."""
        return self.record.review_state in AWAITING

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
    texts = texts_of(records)
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
    evidence = evidence_of(record, held)
    for each in changed:
        if each.name == "citations":
            review.citations = each.rows
        else:
            review.changed.append(_row(record, each, evidence))
    kept = {name: value for name, value in after.items() if name not in {*names, "citations"}}
    for each in differences(kind, None, kept):
        review.unchanged.append(_row(record, each.unchanged(), evidence))
    _show_stray_evidence(review, evidence)


def _row(record: Reviewable, difference: Difference, evidence: dict[str, list[Evidence]]) -> Row:
    citable = difference.name in CITABLE_FIELDS.get(record.record_kind, ())
    return Row(difference, evidence.get(difference.name, []), citable)


def _show_stray_evidence(review: Review, evidence: dict[str, list[Evidence]]) -> None:
    """Give a row of its own to what is cited for a field that says nothing."""
    shown = {row.difference.name for row in (*review.changed, *review.unchanged)}
    model = KINDS_OF_RECORD[review.record.record_kind]
    for name in evidence:
        if name not in shown:
            empty = Difference(name, label(model, name), "unchanged")
            review.unchanged.append(_row(review.record, empty, evidence))


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


def hindrance(record: Reviewable, by: str) -> str:
    """Return why somebody cannot approve a record, or let it end; "" where they can."""
    try:
        workflow.require_two(record, record.edited_by, by)
    except WorkflowError as error:
        return str(error)
    return ""
