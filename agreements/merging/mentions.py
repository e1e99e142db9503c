"""What other records say of the loser of a merge: they come to name the winner instead."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from agreements.differences import label
from agreements.merging.moves import (
    Fate,
    Move,
    citation_words,
    link_words,
    move_delegates,
    one,
    side_words,
    to_itself,
    topic_words,
)
from agreements.models import (
    Citation,
    Document,
    Engagement,
    EngagementLink,
    EngagementTopic,
    Force,
    Participant,
    ReportedTotal,
    Versioned,
)


def mentions(loser: Any, winner: Any) -> Iterator[Move]:
    """Yield what becomes of each mention of the loser in other records."""
    return _MENTIONS[loser.record_kind](loser, winner)


def _force_mentions(loser: Force, winner: Force) -> Iterator[Move]:
    sides = Participant.objects.select_related("engagement", "country", "force")
    sides = sides.prefetch_related("delegates__person")
    mates = {(row.engagement_id, row.role): row for row in sides.filter(force=winner)}
    for side in sides.filter(force=loser):
        record, mate = side.engagement, mates.get((side.engagement_id, side.role))
        if mate is None:
            yield Move(record, one(side), side_words(side), values={"force_id": winner.pk})
        else:
            yield from move_delegates(record, side, mate, Fate.REMOVED)
            yield Move(
                record, one(side), side_words(side), Fate.REMOVED, why=_named_already(winner)
            )
    yield from _pointing(ReportedTotal, "force", loser, winner)
    yield from _pointing(Force, "parent", loser, winner)
    yield from _pointing(Force, "predecessor", loser, winner)


def _named_already(winner: object) -> str:
    return _("names “%(record)s” already") % {"record": winner}


def _topic_mentions(loser: Any, winner: Any) -> Iterator[Move]:
    rows = EngagementTopic.objects.select_related("engagement", "topic")
    held = set(rows.filter(topic=winner).values_list("engagement", flat=True))
    for row in rows.filter(topic=loser):
        if row.engagement_id in held:
            why = _named_already(winner)
            yield Move(row.engagement, one(row), topic_words(row), Fate.REMOVED, why=why)
        else:
            yield Move(row.engagement, one(row), topic_words(row), values={"topic_id": winner.pk})


def _series_mentions(loser: Any, winner: Any) -> Iterator[Move]:
    yield from _pointing(Engagement, "series", loser, winner)


def _document_mentions(loser: Document, winner: Document) -> Iterator[Move]:
    rows = Citation.objects.select_related("document", *Citation.TARGETS)
    targets = [f"{name}_id" for name in Citation.TARGETS]
    key = (*targets, "locator", "field", "stance")
    held = set(rows.filter(document=winner).values_list(*key))
    for row in rows.filter(document=loser):
        if tuple(getattr(row, name) for name in key) in held:
            why = _("cites “%(record)s” for it already") % {"record": winner}
            yield Move(row.target, one(row), citation_words(row), Fate.REMOVED, why=why)
        else:
            yield Move(row.target, one(row), citation_words(row), values={"document_id": winner.pk})
    yield from _pointing(ReportedTotal, "document", loser, winner)
    yield from _pointing(Document, "origin", loser, winner)


def _links_to(loser: Engagement, winner: Engagement) -> Iterator[Move]:
    rows = EngagementLink.objects.select_related("source", "target")
    held = set(rows.filter(target=winner.pk).values_list("source", "relation"))
    for row in rows.filter(target=loser.pk):
        record, what = row.source, link_words(row, row.target)
        if row.source_id == winner.pk:
            yield Move(record, one(row), what, Fate.REMOVED, why=to_itself())
        elif (row.source_id, row.relation) in held:
            yield Move(record, one(row), what, Fate.REMOVED, why=_named_already(winner))
        else:
            yield Move(record, one(row), what, values={"target_id": winner.pk})


def _pointing(model: type[Versioned], name: str, loser: Any, winner: Any) -> Iterator[Move]:
    """Yield the records of a model that name the loser in a field of their own."""
    what = label(model, name)
    for row in model._default_manager.filter(**{name: loser}):
        if isinstance(row, type(winner)) and row.pk == winner.pk:
            yield Move(row, one(row), what, values={f"{name}_id": None}, why=to_itself())
        else:
            yield Move(row, one(row), what, values={f"{name}_id": winner.pk})


_MENTIONS: dict[str, Callable[[Any, Any], Iterator[Move]]] = {
    "force": _force_mentions,
    "topic": _topic_mentions,
    "series": _series_mentions,
    "document": _document_mentions,
    "agreement": _links_to,
    "meeting": _links_to,
    "exercise": _links_to,
}
