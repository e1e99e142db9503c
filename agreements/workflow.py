"""The steps of review: draft, in review, approved, published, withdrawn.

Forms, actions, commands and imports all come through here; saving alone never changes what is
public. Whoever approves must not be who edited last, unless ALLOW_SELF_APPROVAL is on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from agreements import ledger, quality
from agreements.exceptions import QualityError, WorkflowError
from agreements.history import (
    Step,
    Way,
    fresh,
    note,
    note_deleted,
    note_edits,
    note_published,
    note_reviews,
    note_steps,
    unnoted,
)
from agreements.likeness import refresh_soon
from agreements.memory import let_go_by_part
from agreements.models import Engagement, Person, Publication, Reviewable, Versioned
from agreements.naming import key_of
from agreements.records import REVIEWABLE, load_whole
from agreements.representations.published import NotPublished
from agreements.roles import same_person
from agreements.versions import table_of

State = Reviewable.ReviewState
REASON_LENGTH = 2000
# Of many records, so many are written together.
_A_TIME = 500
# Up to so many records that wait, each is compared with what was noted of it before it goes out;
# it takes as long as publishing them.
_LOOKED_AT = 5_000
# Is told how many records of how many are done.
Progress = Callable[[int, int], None]
AFTER_APPROVAL = (State.APPROVED, State.PUBLISHED)


def no_progress(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def _rows(record: Versioned):
    return table_of(record)._base_manager.filter(pk=record.pk)


def _set(record: Reviewable, **values: object) -> None:
    """Make a step, unless the record is no longer the one that was looked at."""
    _swap(record, {"version": record.version, "review_state": record.review_state}, values)


def _swap(record: Versioned, seen: dict[str, object], values: dict[str, object]) -> None:
    if not _rows(record).filter(**seen).update(**values):
        raise _changed_meanwhile(record)
    for name, value in values.items():
        setattr(record, name, value)


def _set_together(records: Sequence[Reviewable], **values: object) -> None:
    """Make a step with several records, unless one is no longer the one that was looked at."""
    seen: dict[tuple[Any, int, str], list[Reviewable]] = {}
    for record in records:
        key = (table_of(record), record.version, record.review_state)
        seen.setdefault(key, []).append(record)
    for (table, version, state), some in seen.items():
        rows = table._base_manager.filter(pk__among=[record.pk for record in some])
        as_seen = rows.filter(version=version, review_state=state)
        if as_seen.update(**values) == len(some):
            continue
        moved = {record.pk for record in some} - set(
            rows.filter(version=version, **values).values_list("pk", flat=True)
        )
        raise _changed_meanwhile(next(record for record in some if record.pk in moved))
    for record in records:
        for name, value in values.items():
            setattr(record, name, value)


def _changed_meanwhile(record: Versioned) -> WorkflowError:
    return WorkflowError(
        _("%(record)s was changed meanwhile; look at it again.") % {"record": record}
    )


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


def require_reason(reason: str) -> str:
    """Return a reason without spaces around it; raise a WorkflowError where it is none."""
    text = reason.strip()
    if not text:
        raise WorkflowError(_("Give the reason: it stays with the record."))
    if len(text) > REASON_LENGTH:
        raise WorkflowError(
            _("Give the reason in at most %(length)d characters.") % {"length": REASON_LENGTH}
        )
    return text


def require_two(record: object, editor: str, approver: str) -> None:
    """Hold the rule of four eyes: who lets a record into the ledger is not who edited it last.

    Raises a WorkflowError. ALLOW_SELF_APPROVAL relaxes it for a lone analyst.
    """
    if not approver.strip():
        raise WorkflowError(_("%(record)s: say who approves it.") % {"record": record})
    if not editor.strip():
        raise WorkflowError(
            _("%(record)s: nobody is noted as its editor; edit or submit it first.")
            % {"record": record}
        )
    if same_person(approver, editor) and not settings.ALLOW_SELF_APPROVAL:
        raise WorkflowError(
            _("%(record)s: %(user)s edited it last, so somebody else must approve it.")
            % {"record": record, "user": approver}
        )


def _require_noted(records: Iterable[Versioned]) -> None:
    """Hold that rule for what was changed past this module, as in a shell: nobody is its editor."""
    for record in unnoted(records):
        raise WorkflowError(
            _(
                "%(record)s was changed since it was submitted, and nobody knows by whom. Return "
                "it to draft and submit it again: who submits it answers for it."
            )
            % {"record": record}
        )


def _mark_edited(record: Versioned, by: str) -> None:
    values: dict[str, object] = {"edited_by": by, "version": record.version + 1}
    if isinstance(record, Reviewable):
        values |= {"review_state": State.DRAFT, "approved_by": ""}
    _swap(record, {"version": record.version}, values)


@transaction.atomic
def record_edit(
    record: Versioned, by: str, way: str = Way.COMMAND, reason: str = "", step: str = Step.EDITED
) -> None:
    """Note that somebody changed a record or anything that is published with it.

    A person is published with every record that names them, so those change too. Raises a
    WorkflowError where the record has moved on from the version at hand.
    """
    _mark_edited(record, by)
    note(record, step, by, way, reason)
    refresh_soon([record])
    if isinstance(record, Person):
        naming = Engagement.objects.filter(participants__delegates__person=record).distinct()
        for engagement in naming.exclude(review_state=State.DRAFT):
            because = _("%(person)s, who is named here, was changed.") % {"person": record}
            record_edit(engagement, by, way, because)


@transaction.atomic
def record_edits(records: Iterable[Reviewable], by: str, way: str, reason: str) -> None:
    """Note that somebody changed several records in one go, each as `record_edit` does."""
    edited = list(records)
    for record in edited:
        _mark_edited(record, by)
    note_edits(edited, by, way, reason)
    refresh_soon(edited)


@transaction.atomic
def record_creation(record: Versioned, by: str, way: str = Way.COMMAND, reason: str = "") -> None:
    """Note that somebody wrote a record that is new on the desk."""
    _swap(record, {"version": record.version}, {"edited_by": by})
    note(record, Step.CREATED, by, way, reason)
    refresh_soon([record])


@transaction.atomic
def record_creations(records: Iterable[Versioned], by: str, way: str, reason: str) -> None:
    """Note that somebody wrote several new records in one go, each as `record_creation` does."""
    created = list(records)
    for table in {table_of(record) for record in created}:
        keys = [record.pk for record in created if table_of(record) is table]
        for start in range(0, len(keys), _A_TIME):
            rows = table._base_manager.filter(pk__in=keys[start : start + _A_TIME])
            rows.update(edited_by=by)
    note_edits(created, by, way, reason, Step.CREATED)
    refresh_soon(created)


@transaction.atomic
def delete(record: Versioned, by: str, way: str = Way.COMMAND, reason: str = "") -> None:
    """Delete a record that was never published, with all that belongs to it."""
    if isinstance(record, Reviewable) and ledger.ever_published(record):
        raise WorkflowError(
            _("%(record)s was published before; withdraw it instead.") % {"record": record}
        )
    note_deleted(record, by, way, reason)
    try:
        record.delete()
    except ProtectedError as error:
        names = ", ".join(sorted({str(each) for each in error.protected_objects})[:5])
        raise WorkflowError(
            _("%(record)s is named by others: %(names)s. Change those first.")
            % {"record": record, "names": names}
        ) from error


@transaction.atomic
def submit(record: Reviewable, by: str, way: str = Way.COMMAND) -> None:
    """Hand a draft to review."""
    _require(record, State.DRAFT)
    quality.check(record)
    # Whoever submits what nobody is noted for answers for it.
    editor = record.edited_by or by
    if unnoted([fresh(record)]):
        editor = by
        note(record, Step.EDITED, by, way, _("It had been changed, and nobody knows by whom."))
    _set(record, review_state=State.IN_REVIEW, edited_by=editor)
    note(record, Step.SUBMITTED, by, way)


@transaction.atomic
def approve(record: Reviewable, by: str, way: str = Way.COMMAND) -> None:
    """Approve a record in review. Raises WorkflowError where the approver edited it last."""
    _require(record, State.IN_REVIEW)
    require_two(record, record.edited_by, by)
    _require_noted([fresh(record)])
    quality.check(record)
    _set(record, review_state=State.APPROVED, approved_by=by)
    note(record, Step.APPROVED, by, way)


@transaction.atomic
def pass_review(
    reviewed: Sequence[tuple[Reviewable, str, str]], way: str = Way.COMMAND
) -> list[QualityError]:
    """Submit drafts and approve them, together: each with who submits it and who approves it.

    Returns the faults of those that lack something, which stay drafts.
    """
    for record, by, approver in reviewed:
        _require(record, State.DRAFT)
        require_two(record, record.edited_by or by, approver)
    lacking = {
        id(error.record): error for error in quality.faults_of(row for row, _, _ in reviewed)
    }
    passing = [each for each in reviewed if id(each[0]) not in lacking]
    by_people: dict[tuple[str, str], list[Reviewable]] = {}
    for record, by, approver in passing:
        by_people.setdefault((record.edited_by or by, approver), []).append(record)
    for (editor, approver), records in by_people.items():
        _set_together(records, review_state=State.APPROVED, edited_by=editor, approved_by=approver)
    note_reviews(passing, way)
    return list(lacking.values())


@transaction.atomic
def record_verification(record: Reviewable, by: str = "", way: str = Way.COMMAND) -> bool:
    """Note that quotations of a record were found in its documents, or are there no longer.

    That is a finding of the program, not an edit: a published record waits to be published again
    with it, and its approval stands. Returns whether it does.
    """
    published = record.review_state == State.PUBLISHED
    if published:
        _set(record, review_state=State.APPROVED)
    note(record, Step.VERIFIED, by, way)
    return published


@transaction.atomic
def return_to_draft(record: Reviewable, by: str, reason: str, way: str = Way.COMMAND) -> None:
    """Send a record in review, or an approved one, back to its analyst, with the reason."""
    text = require_reason(reason)
    _require(record, State.IN_REVIEW, State.APPROVED)
    _set(record, review_state=State.DRAFT, approved_by="")
    note(record, Step.RETURNED, by, way, text)


@transaction.atomic
def publish(
    records: Iterable[Reviewable], at: datetime | None = None, way: str = Way.COMMAND
) -> list[Publication]:
    """Publish approved records together; return the ledger's new rows.

    All or none: raises WorkflowError or QualityError naming the record that cannot be.
    """
    batch = ledger.in_order({key_of(each): each for each in records}.values())
    with ledger.Publishing(ledger.titles_of(batch), at) as publishing:
        written = (
            row for some in ledger.parts(batch) for row in _publish_noted(some, publishing, way)
        )
        return ledger.publications(written)


@transaction.atomic
def publish_approved(
    at: datetime | None = None, way: str = Way.COMMAND, progress: Progress = no_progress
) -> Counter[str]:
    """Publish every approved record, as `publish` does; return how many of each kind were written.

    They are read and written some at a time, so that any number of them can be published.
    """
    waiting = approved()
    total, done = sum(len(keys) for _, keys in waiting), 0
    linked = Engagement.objects.filter(review_state=State.APPROVED).order_by()
    titles = {
        (kind, slug): title
        for kind, slug, title in linked.values_list("kind", "slug", "title").iterator()
    }
    written = Counter[str]()
    with ledger.Publishing(titles, at) as publishing, let_go_by_part() as let_go:
        for kind, keys in waiting:
            batch = load_whole(REVIEWABLE[kind], keys)
            put_out = _publish_noted if total <= _LOOKED_AT else _publish
            written[kind] += len(put_out(batch, publishing, way))
            let_go(batch)
            del batch
            done += len(keys)
            progress(done, total)
    return written


def _publish_noted(
    batch: Sequence[Reviewable], publishing: ledger.Publishing, way: str
) -> list[tuple[Any, ...]]:
    _require_noted(batch)
    return _publish(batch, publishing, way)


def _publish(
    batch: Sequence[Reviewable], publishing: ledger.Publishing, way: str
) -> list[tuple[Any, ...]]:
    for record in batch:
        _require(record, State.APPROVED)
        require_two(record, record.edited_by, record.approved_by)
    quality.check_together(batch)
    try:
        rows = publishing.append(batch)
    except NotPublished as error:
        raise WorkflowError(str(error)) from error
    _set_together(batch, review_state=State.PUBLISHED)
    note_steps(batch, Step.PUBLISHED, way)
    return rows


@transaction.atomic
def carry_name(
    kind: str, key: str, by: str = "", way: str = Way.COMMAND, progress: Progress = no_progress
) -> Counter[str]:
    """Publish again, together, every published record that names one by what it was called before.

    They say what they were published with, but for what they show of that one, and go out under
    its approval; edits on the desk stay there. Returns how many of each kind were written. Raises
    a LedgerError where the one named is not published.
    """
    written, done = Counter[str](), 0
    with ledger.Publishing({}) as publishing, let_go_by_part() as let_go:
        named = ledger.standing(kind, key)
        require_two(named, named.author, named.approver)
        numbers = ledger.naming(kind, key)
        for some in ledger.parts(numbers):
            keys = [ledger.key_written(row) for row in publishing.rename(some, named)]
            note_published(keys, by or named.approver, way, ledger.reason_of_renaming(named))
            written.update(each for each, _ in keys)
            let_go()
            done += len(some)
            progress(done, len(numbers))
    return written


@transaction.atomic
def withdraw(
    record: Reviewable,
    by: str,
    reason: str,
    successor: Reviewable | None = None,
    way: str = Way.COMMAND,
) -> Publication:
    """Withdraw a published record, or merge it into another one of its kind, with a reason.

    Who edited it last cannot withdraw it either.
    """
    text = require_reason(reason)
    ledger.standing(record.record_kind, record.record_key)
    require_two(record, record.edited_by, by)
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
        author=record.edited_by,
        approver=by,
        reason=text,
        successor=successor.record_key if successor else "",
    )
    # Somebody's decision, so that no reading or fixture takes it back: the version tells.
    _set(record, review_state=State.WITHDRAWN, version=record.version + 1)
    refresh_soon([record])
    if successor is None:
        note(record, Step.WITHDRAWN, by, way, text)
    else:
        told = _("Merged into %(record)s: %(reason)s") % {"record": successor, "reason": text}
        note(record, Step.MERGED, by, way, told[:REASON_LENGTH])
    return row


def dependents_of(record: Reviewable, most: int = 6) -> list[str]:
    """Return published records whose public form names this one as a force, topic, …

    At least `most` of them, where there are so many.
    """
    kind, key = record.record_kind, record.record_key
    current = Publication.objects.current().published().order_by("sequence")
    rows: list[Publication] = []
    if kind in ("country", "force", "topic", "document"):
        rows += current.filter(facets__facet=kind, facets__value=key).distinct()[:most]
    if kind == "series":
        rows += current.filter(series=key)[:most]
    if kind in _NAMED_ALSO:
        mentions = current.filter(body__contains=f'"{key}"').exclude(kind=kind, slug=key)
        rows += (row for row in mentions.iterator() if _NAMED_ALSO[kind](row.body_data, key))
    return list(dict.fromkeys(f"{row.kind}/{row.slug}" for row in rows))


def _is_above(body: dict, key: str) -> bool:
    above = (body.get(name) for name in ("parent", "predecessor", "origin"))
    return any(each["slug"] == key for each in above if each)


def _is_place(body: dict, key: str) -> bool:
    return bool(body.get("location")) and body["location"]["country"] == key


# Where else than in its facets a record names one of these kinds.
_NAMED_ALSO = {"force": _is_above, "document": _is_above, "country": _is_place}


def approved() -> list[tuple[str, list[int]]]:
    """Return the approved records that wait to be published: a kind and the numbers of some.

    They are in the order of publication.
    """
    return [
        (kind, list(keys))
        for kind in ledger.KIND_ORDER
        for keys in ledger.parts(_approved_of(kind))
    ]


def _approved_of(kind: str) -> list[int]:
    model = REVIEWABLE[kind]
    rows = model._default_manager.filter(review_state=State.APPROVED).order_by()
    depths = ledger.depths_of(kind)
    keys = rows.values_list(model.NATURAL_KEY[0], "pk")
    return [pk for _, _, pk in sorted((depths.get(pk, 1), key, pk) for key, pk in keys)]
