"""Records that may be of the same event as a draft, and what is cited for it moved to one."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.desk.drafting import may_discard
from agreements.exceptions import DeskError
from agreements.history import Way
from agreements.likeness import Nearest, explained, likely_same_of, told_apart
from agreements.models import KINDS, Engagement
from agreements.versions import claim, lock

_SHOWN = 3


@dataclass(frozen=True)
class Perhaps:
    """A record that may be of the same event as another, and why, in a line."""

    record: Engagement
    why: str


def perhaps_the_same(record: Engagement) -> list[Perhaps]:
    """Return the records that may be of the same event as one, the nearest first (rule R1).

    Those that somebody told apart from it are left out. Beside a draft more are worth a look than
    are proposed for merging: much of a draft is not known yet.
    """
    likely = likely_same_of([record.pk], Nearest.WORTH_A_LOOK).get(record.pk, [])
    if not likely:
        return []
    pairs = told_apart().filter(Q(first=record.pk) | Q(second=record.pk))
    apart = {number for pair in pairs for number in (pair.first_id, pair.second_id)}
    shown = [each for each in likely if each.pk not in apart][:_SHOWN]
    records = Engagement.objects.in_bulk([each.pk for each in shown])
    return [
        Perhaps(records[each.pk], explained(each.because)) for each in shown if each.pk in records
    ]


@transaction.atomic
def hand_over(draft: Any, key: int, by: str, token: str, way: str = Way.WORKBENCH) -> Any:
    """Move what is cited for a draft to another record of its kind, and delete the draft.

    Returns that record. Its values stay; what it is cited for already with the same words is not
    cited twice. Raises a DeskError where the draft is not one's own, or there is no such record.
    """
    claim(draft, token)
    draft = history.fresh(draft)
    other = KINDS[draft.record_kind].objects.filter(pk=key).exclude(pk=draft.pk).first()
    if other is None or not may_discard(draft, by):
        raise DeskError(_("Only a draft that you edited last, and never published, can go."))
    other = lock(other) and history.fresh(other)
    cited = {_evidence(row) for row in other.citations.all()}
    for citation in draft.citations.all():
        if _evidence(citation) not in cited:
            citation.engagement = other
            citation.save()
    workflow.delete(history.fresh(draft), by, way)
    workflow.record_edit(other, by, way)
    return other


def _evidence(citation: Any) -> tuple[Any, ...]:
    return citation.document_id, citation.field, citation.locator, citation.quote
