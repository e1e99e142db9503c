"""The steps of review: draft, in review, approved, published, withdrawn.

Forms, actions, commands and imports all come through here; saving alone never changes what is
public. Whoever approves must not be who edited last, unless ALLOW_SELF_APPROVAL is on.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

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
REASON_LENGTH = 2000

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


def _rows(record: Reviewable):
    # The columns of review belong to one table, also for the kinds of engagement.
    table = Engagement if isinstance(record, Engagement) else type(record)
    return table._base_manager.filter(pk=record.pk)


def _set(record: Reviewable, **values: object) -> None:
    """Make a step, unless the record is no longer the one that was looked at."""
    seen = _rows(record).filter(version=record.version, review_state=record.review_state)
    if not seen.update(**values):
        raise WorkflowError(
            _("%(record)s was changed meanwhile; look at it again.") % {"record": record}
        )
    for name, value in values.items():
        setattr(record, name, value)


def _require(record: Reviewable, *states: str) -> None:
    if record.review_state not in states:
        raise WorkflowError(
            _("%(record)s is %(state)s; this step needs it to be %(needed)s.")
            % {
                "record": record,
                "state": record.get_review_state_display(),
                "needed": _(" or ").join(str(State(state).label) for state in states),
            }
        )


def record_edit(record: Reviewable, by: str) -> None:
    """Note that somebody changed a record or anything that is published with it."""
    _rows(record).update(
        review_state=State.DRAFT, edited_by=by, approved_by="", version=F("version") + 1
    )
    record.refresh_from_db(fields=["review_state", "edited_by", "approved_by", "version"])


def submit(record: Reviewable) -> None:
    """Hand a draft to review."""
    _require(record, State.DRAFT)
    quality.check(record)
    _set(record, review_state=State.IN_REVIEW)


def approve(record: Reviewable, by: str) -> None:
    """Approve a record in review. Raises WorkflowError where the approver edited it last."""
    _require(record, State.IN_REVIEW)
    if not by.strip():
        raise WorkflowError(_("%(record)s: say who approves it.") % {"record": record})
    if by == record.edited_by and not settings.ALLOW_SELF_APPROVAL:
        raise WorkflowError(
            _("%(record)s: %(user)s edited it last, so somebody else must approve it.")
            % {"record": record, "user": by}
        )
    quality.check(record)
    _set(record, review_state=State.APPROVED, approved_by=by)


def record_verification(record: Reviewable) -> bool:
    """Note that quotations of a record were found in its documents, or are there no longer.

    That is a finding of the program, not an edit: a published record waits to be published again
    with it, and its approval stands. Returns whether it does.
    """
    published = record.review_state == State.PUBLISHED
    if published:
        _set(record, review_state=State.APPROVED)
    return published


def return_to_draft(record: Reviewable) -> None:
    """Send a record in review, or an approved one, back to its analyst."""
    _require(record, State.IN_REVIEW, State.APPROVED)
    _set(record, review_state=State.DRAFT, approved_by="")


@transaction.atomic
def publish(records: Iterable[Reviewable], at: datetime | None = None) -> list[Publication]:
    """Publish approved records together; return the ledger's new rows.

    All or none: raises WorkflowError or QualityError naming the record that cannot be.
    """
    batch = list({(each.record_kind, each.record_key): each for each in records}.values())
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
        raise WorkflowError(_("Give the reason: readers of the record's address are told it."))
    if len(reason.strip()) > REASON_LENGTH:
        raise WorkflowError(
            _("Give the reason in at most %(length)d characters.") % {"length": REASON_LENGTH}
        )
    if successor and successor.record_kind != record.record_kind:
        raise WorkflowError(
            _("%(record)s can be merged into a record of its own kind only.") % {"record": record}
        )
    dependents = dependents_of(record)
    if dependents:
        raise WorkflowError(
            _(
                "%(record)s is named by published records: %(names)s. "
                "Withdraw or change those first."
            )
            % {"record": record, "names": ", ".join(dependents[:5])}
        )
    row = ledger.append_tombstone(
        record.record_kind,
        record.record_key,
        author=record.edited_by or by,
        approver=by,
        reason=reason.strip(),
        successor=successor.record_key if successor else "",
    )
    # Somebody's decision, so that no reading or fixture takes it back: the version tells.
    _set(record, review_state=State.WITHDRAWN, version=record.version + 1)
    return row


def dependents_of(record: Reviewable) -> list[str]:
    """Return the published records whose public form names this one as a force, topic, …"""
    kind, key = record.record_kind, record.record_key
    current = Publication.objects.current().published().order_by("sequence")
    rows: list[Publication] = []
    if kind in ("country", "force", "topic", "document"):
        rows += current.filter(facets__facet=kind, facets__value=key).distinct()[:6]
    if kind == "series":
        rows += current.filter(series=key)[:6]
    if kind in _NAMED_ALSO:
        mentions = current.filter(body__contains=f'"{key}"').exclude(kind=kind, slug=key)
        rows += (row for row in mentions.iterator() if _NAMED_ALSO[kind](json.loads(row.body), key))
    return list(dict.fromkeys(f"{row.kind}/{row.slug}" for row in rows))


def _is_above(body: dict, key: str) -> bool:
    above = (body.get(name) for name in ("parent", "predecessor", "origin"))
    return any(each["slug"] == key for each in above if each)


def _is_place(body: dict, key: str) -> bool:
    return bool(body.get("location")) and body["location"]["country"] == key


# Where else than in its facets a record names one of these kinds.
_NAMED_ALSO = {"force": _is_above, "document": _is_above, "country": _is_place}


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
