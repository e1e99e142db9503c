"""Every kind of record on the desk, and how one is loaded with all that belongs to it."""

from typing import Any

from django.db.models import QuerySet

from agreements.models import (
    Agreement,
    Country,
    Document,
    Engagement,
    Exercise,
    Force,
    Meeting,
    Person,
    ReportedTotal,
    Reviewable,
    Series,
    Topic,
    Versioned,
)

# By its name in the history and in the ledger.
KINDS_OF_RECORD: dict[str, type[Versioned]] = {
    model.RECORD_KIND: model
    for model in (
        Country,
        Topic,
        Person,
        Force,
        Series,
        Document,
        Agreement,
        Meeting,
        Exercise,
        ReportedTotal,
    )
}
REVIEWABLE: dict[str, type[Reviewable]] = {
    kind: model for kind, model in KINDS_OF_RECORD.items() if issubclass(model, Reviewable)
}
_PREFETCH: dict[type[Versioned], tuple[str, ...]] = {
    Country: (),
    Topic: ("labels",),
    Person: ("names",),
    Force: ("names", "citations__document__origin", "parent", "predecessor", "country"),
    Series: ("citations__document__origin",),
    Document: ("origin",),
    ReportedTotal: ("countries", "force", "document"),
}
_ENGAGEMENT_PREFETCH = (
    "participants__country",
    "participants__force",
    "participants__delegates__person__names",
    "engagement_topics__topic",
    "links__target",
    "citations__document__origin",
    "series",
    "location_country",
)


def whole(model: type[Versioned]) -> QuerySet[Any]:
    """Return a model's rows with everything loaded that belongs to them."""
    related = _ENGAGEMENT_PREFETCH if issubclass(model, Engagement) else _PREFETCH[model]
    return model._default_manager.prefetch_related(*related)
