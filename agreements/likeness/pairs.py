"""Pairs of records that may be of the same event, kept until somebody has judged them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.likeness.candidate import Likely
from agreements.likeness.desk import standing
from agreements.likeness.finding import MOST, likely_same_of
from agreements.models import Engagement, PossibleDuplicate, Versioned

REASON_LENGTH: int = PossibleDuplicate._meta.get_field("reason").max_length or 0
# Records by number in one query; for more, all pairs are read.
_FEW = 500
_BATCH = 500
Key = tuple[int, int]


class _Waiting(threading.local):
    """The numbers of the records that changed in this thread's transaction."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()


_waiting = _Waiting()


def open_pairs() -> QuerySet[PossibleDuplicate]:
    """Return the pairs that nobody has judged, the nearest first."""
    return PossibleDuplicate.objects.filter(told_apart_by="")


def told_apart() -> QuerySet[PossibleDuplicate]:
    """Return the pairs that somebody said are not the same, the latest first."""
    return PossibleDuplicate.objects.exclude(told_apart_by="").order_by("-told_apart_at", "-id")


def refresh_soon(records: Iterable[Versioned]) -> None:
    """Bring the pairs of records up to date once the transaction that changed them is over.

    All records of a transaction are looked at together. By then it holds none of them, so that
    two people who change two like records never wait for each other. What fails of it is logged
    and fails nobody's change; `manage.py find_duplicates` makes up for it.
    """
    numbers = {record.pk for record in records if isinstance(record, Engagement)}
    if numbers:
        _waiting.numbers |= numbers
        transaction.on_commit(_refresh_waiting, robust=True)


def _refresh_waiting() -> None:
    # The first of a transaction's calls takes them all. What was rolled back does no harm.
    numbers, _waiting.numbers = _waiting.numbers, set()
    if numbers:
        refresh(numbers)


def refresh(numbers: Iterable[int]) -> None:
    """Bring the pairs of the records of some numbers up to date.

    Pairs that are not alike any more vanish; those that were told apart stay as they are.
    """
    changed = set(numbers)
    try:
        _keep(changed, _found(changed))
    except (IntegrityError, OperationalError):
        # A record went while it was compared, or two looked at the same pairs at once.
        _keep(changed, _found(changed))


def refresh_all() -> None:
    """Bring all pairs up to date."""
    paired = PossibleDuplicate.objects.order_by().values_list("first", "second")
    withdrawn = {number for pair in paired for number in pair}
    refresh(withdrawn.union(standing().values_list("pk", flat=True)))


def tell_apart(first: int, second: int, by: str, reason: str = "") -> bool:
    """Note that somebody said of two records that they are not the same, proposed or not.

    Returns False where somebody had said so before, or there are no two such records.
    """
    one, other = sorted((first, second))
    if Engagement.objects.filter(pk__in={one, other}).count() < 2:
        return False
    PossibleDuplicate.objects.bulk_create(
        [PossibleDuplicate(first_id=one, second_id=other, nearness=0)], ignore_conflicts=True
    )
    said = {"told_apart_by": by, "told_apart_at": timezone.now(), "reason": reason[:REASON_LENGTH]}
    return bool(open_pairs().filter(first=one, second=other).update(**said))


def bring_back(pair: PossibleDuplicate) -> None:
    """Take back that two records are not the same: they are proposed again while they are alike."""
    said = {"told_apart_by": "", "told_apart_at": None, "reason": ""}
    PossibleDuplicate.objects.filter(pk=pair.pk).update(**said)
    refresh({pair.first_id, pair.second_id})


def _found(changed: Collection[int]) -> dict[Key, tuple[Likely, bool]]:
    """Return what is alike by pairs, and whether it is among the nearest of either record."""
    found: dict[Key, tuple[Likely, bool]] = {}
    for number, likely in likely_same_of(changed).items():
        for place, other in enumerate(likely):
            key = (min(number, other.pk), max(number, other.pk))
            nearest = place < MOST or (key in found and found[key][1])
            found[key] = (_as_of_first(number, other), nearest)
    return found


def _as_of_first(number: int, likely: Likely) -> Likely:
    """Return what is alike as the earlier record of a pair has it: its date stands first."""
    dates = likely.because.get("dates", [])
    if number > likely.pk and dates:
        return replace(likely, because={**likely.because, "dates": dates[::-1]})
    return likely


@transaction.atomic
def _keep(changed: Collection[int], found: dict[Key, tuple[Likely, bool]]) -> None:
    kept = {(pair.first_id, pair.second_id): pair for pair in _kept(changed)}
    gone = [pair.pk for key, pair in kept.items() if key not in found and not pair.told_apart_by]
    for start in range(0, len(gone), _BATCH):
        open_pairs().filter(pk__in=gone[start : start + _BATCH]).delete()
    PossibleDuplicate.objects.bulk_create(
        [
            PossibleDuplicate(
                first_id=key[0], second_id=key[1], because=each.because, nearness=each.nearness
            )
            for key, (each, nearest) in sorted(found.items(), key=lambda row: row[0])
            if (key in kept or nearest) and not _is_as(kept.get(key), each)
        ],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["because", "nearness"],
    )


def _kept(changed: Collection[int]) -> list[PossibleDuplicate]:
    if len(changed) <= _FEW:
        ours = Q(first__in=changed) | Q(second__in=changed)
        return list(PossibleDuplicate.objects.filter(ours).order_by())
    every = PossibleDuplicate.objects.order_by()
    return [pair for pair in every if pair.first_id in changed or pair.second_id in changed]


def _is_as(pair: PossibleDuplicate | None, likely: Likely) -> bool:
    if pair is None:
        return False
    return (pair.nearness, pair.because) == (likely.nearness, likely.because)
