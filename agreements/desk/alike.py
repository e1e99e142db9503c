"""Records that may be of the same event as a draft, and what is cited for it moved to one."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.desk.drafting import may_discard
from agreements.exceptions import DeskError
from agreements.history import Way
from agreements.models import KINDS, Engagement
from agreements.versions import claim, lock

_SHOWN = 3


def perhaps_the_same(record: Engagement) -> list[Engagement]:
    """Return records of the same kind, with sides of the same countries, on days that overlap.

    What agrees on its number in a series comes first (rule R1 of the handbook). A record without
    bounds, or without two countries, is like none.
    """
    codes = {side.country_id for side in record.participants.all()}
    if record.date_earliest is None or record.date_latest is None or len(codes) < 2:
        return []
    rows = Engagement.objects.filter(kind=record.kind).exclude(pk=record.pk)
    rows = rows.filter(date_earliest__lte=record.date_latest, date_latest__gte=record.date_earliest)
    among = Count("participants__country", filter=Q(participants__country__in=codes), distinct=True)
    found = list(rows.annotate(among=among).filter(among=len(codes))[:_SHOWN])
    return sorted(found, key=lambda each: each.ordinal is None or each.ordinal != record.ordinal)


@transaction.atomic
def hand_over(draft: Any, key: int, by: str, token: str) -> Any:
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
    workflow.delete(history.fresh(draft), by, Way.WORKBENCH)
    workflow.record_edit(other, by, Way.WORKBENCH)
    return other


def _evidence(citation: Any) -> tuple[Any, ...]:
    return citation.document_id, citation.field, citation.locator, citation.quote
