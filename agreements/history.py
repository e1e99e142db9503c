"""The history of the desk: every change of a record, with what the record was after it.

Whatever changes a record notes it here, in the transaction of the change: forms, actions and the
workbench by way of the workflow, readings and fixtures as they load.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from agreements.bulk import insert
from agreements.models import Change, Reviewable, Versioned
from agreements.records import KINDS_OF_RECORD, load_whole, whole
from agreements.snapshots import Snapshot, snapshot

# What a change says, as `_values` gives it.
_COLUMNS = ("kind", "record_id", "key", "version", "step", "way", "by", "reason", "state")
# Of many records, so many are looked up together.
_A_TIME = 500
Step = Change.Step
Way = Change.Way
# These leave the record itself as it was.
_STEPS_OF_REVIEW = {
    Step.SUBMITTED,
    Step.APPROVED,
    Step.RETURNED,
    Step.PUBLISHED,
    Step.WITHDRAWN,
}


def fresh(record: Versioned) -> Any:
    """Return a record as the database has it now, whole, as its kind."""
    return whole(KINDS_OF_RECORD[record.record_kind]).get(pk=record.pk)


def note(record: Versioned, step: str, by: str, way: str, reason: str = "") -> Change:
    """Note a change of a record that was just made."""
    state = None if step in _STEPS_OF_REVIEW else snapshot(fresh(record))
    change = _change(record, step, by, way, reason, state)
    change.save(force_insert=True)
    return change


def note_edits(
    records: Iterable[Versioned], by: str, way: str, reason: str, step: str = Step.EDITED
) -> None:
    """Note an edit of each of several records, or that they were created, looked up together."""
    keys: dict[str, list[Any]] = {}
    for record in records:
        keys.setdefault(record.record_kind, []).append(record.pk)
    for kind, known in keys.items():
        for start in range(0, len(known), _A_TIME):
            rows = load_whole(KINDS_OF_RECORD[kind], known[start : start + _A_TIME])
            _insert(_values(row, step, by, way, reason, snapshot(row)) for row in rows)


def note_loaded(records: Iterable[Versioned], way: str, reason: str = "") -> None:
    """Note what a load left of records, as written by whoever edited them last.

    Records come whole. Those that are as they were last noted are left out.
    """
    loaded = list(records)
    last = _last_states(loaded)
    changes = []
    for record in loaded:
        state = snapshot(record)
        if state != last.get((record.record_kind, record.pk)):
            changes.append(_values(record, Step.LOADED, record.edited_by, way, reason, state))
    _insert(changes)


def note_steps(records: Iterable[Reviewable], step: str, way: str) -> None:
    """Note a step of review that was taken with records together, by those who approved them."""
    _insert(_values(record, step, record.approved_by, way, "", None) for record in records)


def note_reviews(reviewed: Iterable[tuple[Reviewable, str, str]], way: str) -> None:
    """Note that records were submitted and approved together, each with by whom."""
    _insert(
        _values(record, step, by, way, "", None)
        for record, *people in reviewed
        for step, by in zip((Step.SUBMITTED, Step.APPROVED), people, strict=True)
    )


def note_published(keys: Iterable[tuple[str, str]], by: str, way: str, reason: str) -> None:
    """Note of records, by kind and key, that they were published again as they had been."""
    of_kind: dict[str, list[str]] = {}
    for kind, key in keys:
        of_kind.setdefault(kind, []).append(key)
    for kind, some in of_kind.items():
        model = KINDS_OF_RECORD[kind]
        name = model.NATURAL_KEY[0]
        held = model._default_manager.filter(**{f"{name}__among": some}).order_by()
        _insert(
            (kind, pk, key, version, Step.PUBLISHED, way, by, reason, None)
            for pk, key, version in held.values_list("pk", name, "version")
        )


def note_deleted(record: Versioned, by: str, way: str, reason: str = "") -> Change:
    """Note that a record is about to be deleted, with what it is until then."""
    change = _change(record, Step.DELETED, by, way, reason, snapshot(fresh(record)))
    change.save(force_insert=True)
    return change


def changes_of(record: Versioned) -> QuerySet[Change]:
    """Return every change of a record, the newest first."""
    return Change.objects.filter(kind=record.record_kind, record_id=record.pk).order_by("-id")


def changes_of_all(records: Iterable[Versioned]) -> QuerySet[Change]:
    """Return every change of several records, the newest first."""
    keys: dict[str, list[int]] = {}
    for record in records:
        keys.setdefault(record.record_kind, []).append(record.pk)
    wanted = Q(pk__in=())
    for kind, numbers in keys.items():
        wanted |= Q(kind=kind, record_id__in=numbers)
    return Change.objects.filter(wanted).order_by("-id")


def state_of_version(record: Versioned, version: int) -> Snapshot | None:
    """Return what a record was when it had a version; None where that was never noted."""
    noted = changes_of(record).filter(version__lte=version, state__isnull=False).first()
    return noted.state if noted else None


def unnoted(records: Iterable[Versioned]) -> list[Versioned]:
    """Return the records that are not as they were last noted: who changed them nobody knows.

    Records come whole. What came with a later version of the program, in columns that were not
    there when a record was noted, is no change of it; neither is what was never noted.
    """
    held = list(records)
    last = _last_states(held)
    noted = [(record, last.get((record.record_kind, record.pk))) for record in held]
    return [row for row, state in noted if state is not None and not _agree(state, snapshot(row))]


def _agree(noted: Any, now: Any) -> bool:
    if isinstance(noted, dict) and isinstance(now, dict):
        return all(_agree(noted[name], now[name]) for name in noted.keys() & now.keys())
    if isinstance(noted, list) and isinstance(now, list):
        return len(noted) == len(now) and all(map(_agree, noted, now))
    return bool(noted == now)


def _insert(changes: Iterable[tuple[Any, ...]]) -> None:
    now = timezone.now()
    insert(Change, (*_COLUMNS, "at"), ((*values, now) for values in changes))


def _last_states(records: list[Versioned]) -> dict[tuple[str, Any], Snapshot]:
    """Return the last noted state of each record, by kind and number."""
    found: dict[tuple[str, Any], Snapshot] = {}
    for kind in {record.record_kind for record in records}:
        keys = [record.pk for record in records if record.record_kind == kind]
        noted = Change.objects.filter(kind=kind, record_id__in=keys, state__isnull=False)
        newest = noted.values("record_id").annotate(last=Max("id")).values("last")
        for change in Change.objects.filter(pk__in=newest):
            found[kind, change.record_id] = change.state
    return found


def _values(
    record: Versioned, step: str, by: str, way: str, reason: str, state: Snapshot | None
) -> tuple[Any, ...]:
    return (
        *(record.record_kind, record.pk, record.record_key, record.version),
        *(step, way, by, reason, state),
    )


def _change(
    record: Versioned, step: str, by: str, way: str, reason: str, state: Snapshot | None
) -> Change:
    values = _values(record, step, by, way, reason, state)
    return Change(**dict(zip(_COLUMNS, values, strict=True)))
