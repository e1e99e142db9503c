"""Citations as queues find them: of records that are not withdrawn, marked with their kind."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from agreements.models import KINDS, Citation, Engagement, Force, Reviewable, Series
from agreements.queues.queue import Link
from agreements.queues.tables import KIND, WITHDRAWN, named

_PUBLISHED = Reviewable.ReviewState.PUBLISHED
# What a citation can be evidence for, by the name of its column.
TARGETS: dict[str, Any] = {"engagement": Engagement, "force": Force, "series": Series}
# 0 for what belongs to a published record, which readers rely on, and 1 for the rest.
AFTER_PUBLIC = "row_after_public"


def citations(kinds: Collection[str], words: str) -> QuerySet[Citation]:
    """Return the citations of records of some kinds that say, or are for, some words."""
    elsewhere = Case(When(force__isnull=False, then=Value("force")), default=Value("series"))
    kind = Coalesce("engagement__kind", elsewhere, output_field=CharField())
    rows = Citation.objects.annotate(**{KIND: kind, AFTER_PUBLIC: after_public(*TARGETS)})
    for target in TARGETS:
        rows = rows.exclude(**{f"{target}__review_state": WITHDRAWN})
    if words:
        said = Q(quote__icontains=words) | Q(document__title__icontains=words)
        for target, model in TARGETS.items():
            said |= named(model, words, f"{target}__")
        rows = rows.filter(said)
    return rows.filter(**{f"{KIND}__in": kinds})


def after_public(*targets: str) -> Case:
    """Return whether rows belong to a published record; without a target, they are records."""
    names = [f"{target}__review_state" for target in targets] or ["review_state"]
    return Case(*(When(**{name: _PUBLISHED, "then": Value(0)}) for name in names), default=Value(1))


def passage_of(quotation: Any) -> Link:
    """Return where a quotation is read: in the held text, its record beside it, or the document.

    Its document is to be loaded with what is held of it.
    """
    if not hasattr(quotation.document, "held_text"):
        return Link("document", quotation.document_id)
    if not isinstance(quotation, Citation):
        return Link("document", quotation.document_id, "text", "", f"total-{quotation.pk}")
    record = quotation.target
    opened = f"record={record.record_kind}-{record.pk}" if record.record_kind in KINDS else ""
    return Link("document", quotation.document_id, "text", opened, f"citation-{quotation.pk}")
