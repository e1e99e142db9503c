"""The steps of review: draft, in review, approved, published, withdrawn.

Forms, actions, commands and imports all come through here; saving alone never changes what is
public. Whoever approves must not be who edited last, unless ALLOW_SELF_APPROVAL is on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from agreements import ledger, quality
from agreements.exceptions import WorkflowError
from agreements.models import (
    Agreement,
    Country,
    Document,
    Engagement,
    Exercise,
    Force,
    Meeting,
    Publication,
    ReportedTotal,
    Reviewable,
    Series,
    Topic,
)
from agreements.representations.published import NotPublished

State = Reviewable.ReviewState

REVIEWABLE: dict[str, type[Reviewable]] = {
    model.RECORD_KIND: model
    for model in (
        Country,
        Topic,
        Force,
        Series,
        Document,
        Agreement,
        Meeting,
        Exercise,
        ReportedTotal,
    )
}


def _set(record: Reviewable, **values: object) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    # The columns of review belong to one table, also for the kinds of engagement.
    type(record)._base_manager.filter(pk=record.pk).update(**values)


def _require(record: Reviewable, *states: str) -> None:
    if record.review_state not in states:
        raise WorkflowError(
            f"{record} is {record.get_review_state_display()}; "
            f"this step needs it to be {' or '.join(str(State(s).label) for s in states)}."
        )


def record_edit(record: Reviewable, by: str) -> None:
    """Note that somebody changed a record or anything that is published with it."""
    _set(record, review_state=State.DRAFT, edited_by=by, approved_by="")
    type(record)._base_manager.filter(pk=record.pk).update(version=F("version") + 1)
    record.refresh_from_db(fields=["version"])


def submit(record: Reviewable) -> None:
    """Hand a draft to review."""
    _require(record, State.DRAFT)
    quality.check(record)
    _set(record, review_state=State.IN_REVIEW)


def approve(record: Reviewable, by: str) -> None:
    """Approve a record in review. Raises WorkflowError where the approver edited it last."""
    _require(record, State.IN_REVIEW)
    if by == record.edited_by and not settings.ALLOW_SELF_APPROVAL:
        raise WorkflowError(f"{record}: {by} edited it last, so somebody else must approve it.")
    quality.check(record)
    _set(record, review_state=State.APPROVED, approved_by=by)


def record_verification(record: Reviewable) -> None:
    """Note that quotations of a record were found in its documents, or are there no longer.

    That is a finding of the program, not an edit: a published record waits to be published again
    with it, and its approval stands.
    """
    if record.review_state == State.PUBLISHED:
        _set(record, review_state=State.APPROVED)


def return_to_draft(record: Reviewable) -> None:
    """Send a record in review, or an approved one, back to its analyst."""
    _require(record, State.IN_REVIEW, State.APPROVED)
    _set(record, review_state=State.DRAFT, approved_by="")


@transaction.atomic
def publish(records: Iterable[Reviewable], at: datetime | None = None) -> list[Publication]:
    """Publish approved records together; return the ledger's new rows.

    All or none: raises WorkflowError or QualityError naming the record that cannot be.
    """
    batch: Sequence[Reviewable] = list(records)
    for record in batch:
        _require(record, State.APPROVED)
        quality.check(record)
    try:
        rows = ledger.append_records(batch, at)
    except NotPublished as error:
        raise WorkflowError(str(error)) from error
    for record in batch:
        _set(record, review_state=State.PUBLISHED)
    return rows


@transaction.atomic
def withdraw(
    record: Reviewable, by: str, reason: str, successor: Reviewable | None = None
) -> Publication:
    """Withdraw a published record, or merge it into another one of its kind, with a reason."""
    if not reason.strip():
        raise WorkflowError("Give the reason: readers of the record's address are told it.")
    dependents = dependents_of(record)
    if dependents:
        raise WorkflowError(
            f"{record} is named by published records: {', '.join(dependents[:5])}. "
            "Withdraw or change those first."
        )
    row = ledger.append_tombstone(
        record.record_kind,
        record.record_key,
        author=record.edited_by or by,
        approver=by,
        reason=reason.strip(),
        successor=successor.record_key if successor else "",
    )
    _set(record, review_state=State.WITHDRAWN)
    return row


def dependents_of(record: Reviewable) -> list[str]:
    """Return the published records whose public form names this one as a force, topic, …"""
    current = Publication.objects.current().published()
    facet = {"country": "country", "force": "force", "topic": "topic", "document": "document"}
    if record.record_kind in facet:
        rows = current.filter(
            facets__facet=facet[record.record_kind], facets__value=record.record_key
        )
    elif record.record_kind == "series":
        rows = current.filter(series=record.record_key)
    else:
        return []
    return [f"{row.kind}/{row.slug}" for row in rows.distinct().order_by("sequence")[:6]]


def approved() -> list[Reviewable]:
    """Return every approved record that waits to be published."""
    return [
        record
        for kind in ledger.KIND_ORDER
        for record in for_publication(REVIEWABLE[kind]).filter(review_state=State.APPROVED)
    ]


_PREFETCH = {
    Country: (),
    Topic: ("labels",),
    Force: ("names", "citations__document", "parent", "predecessor", "country"),
    Series: ("citations__document",),
    Document: ("origin",),
    ReportedTotal: ("countries", "force", "document"),
}
_ENGAGEMENT_PREFETCH = (
    "participants__country",
    "participants__force",
    "participants__delegates__person__names",
    "engagement_topics__topic",
    "links__target",
    "citations__document",
    "series",
    "location_country",
)


def for_publication(model: type[Reviewable]):
    """Return a model's rows with everything loaded that its public form shows."""
    related = _ENGAGEMENT_PREFETCH if issubclass(model, Engagement) else _PREFETCH[model]
    return model._default_manager.prefetch_related(*related)
