"""What the loser of a merge consists of: what the winner lacks of it goes over to the winner."""

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from django.utils.translation import gettext as _

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
    DocumentText,
    Engagement,
    EngagementTopic,
    Force,
    ForceName,
    Participant,
    Series,
    TextShingle,
    Topic,
    TopicLabel,
)


def belongings(loser: Any, winner: Any) -> Iterator[Move]:
    """Yield what becomes of the rows of the loser. Both records come whole."""
    if isinstance(loser, Engagement):
        yield from _sides(loser, winner)
        yield from _rows(loser, winner, "engagement_topics", "engagement", _topic_key, topic_words)
        yield from _links_of(loser, winner)
        yield from _place_in_series(loser, winner)
        yield from _rows(loser, winner, "citations", "engagement", _citation_key, citation_words)
    elif isinstance(loser, Force | Series):
        if isinstance(loser, Force):
            yield from _names(loser, winner)
        parent = loser.record_kind
        yield from _rows(loser, winner, "citations", parent, _citation_key, citation_words)
    elif isinstance(loser, Topic):
        why = _("“%(record)s” has one in this language") % {"record": winner}
        yield from _rows(loser, winner, "labels", "topic", _label_key, _label, why)
    elif isinstance(loser, Document):
        yield from _text(loser, winner)


def _rows(
    loser: Any,
    winner: Any,
    name: str,
    parent: str,
    key: Callable[[Any], Hashable],
    words: Callable[[Any], str],
    why: str = "",
) -> Iterator[Move]:
    """Yield the rows of a relation: those that the winner lacks move to it."""
    held = {key(row) for row in getattr(winner, name).all()}
    for row in getattr(loser, name).all():
        if key(row) in held:
            because = why or _there_already(winner)
            yield Move(winner, one(row), words(row), Fate.LEFT, why=because)
        else:
            values = {f"{parent}_id": winner.pk}
            yield Move(winner, one(row), words(row), values=values)


def _there_already(winner: object) -> str:
    return _("“%(record)s” has it already") % {"record": winner}


def _citation_key(row: Citation) -> Hashable:
    return row.document_id, row.locator, row.field, row.stance


def _topic_key(row: EngagementTopic) -> Hashable:
    return row.topic_id


def _label(row: TopicLabel) -> str:
    return _("label “%(text)s” (%(language)s)") % {"text": row.text, "language": row.language}


def _label_key(row: TopicLabel) -> Hashable:
    return row.language


def _sides(loser: Any, winner: Any) -> Iterator[Move]:
    held = list(winner.participants.all())
    for side in loser.participants.all():
        mate = next((each for each in held if _covers(each, side)), None)
        if mate is None:
            yield Move(winner, one(side), side_words(side), values={"engagement_id": winner.pk})
            continue
        yield Move(winner, one(side), side_words(side), Fate.LEFT, why=_there_already(winner))
        yield from move_delegates(winner, side, mate, Fate.LEFT)


def _covers(mate: Participant, side: Participant) -> bool:
    """Whether a mate says of who took part at least what a side says, in whichever role."""
    return mate.country_id == side.country_id and side.force_id in (None, mate.force_id)


def _links_of(loser: Any, winner: Any) -> Iterator[Move]:
    held = {(row.relation, row.target_id) for row in winner.links.all()}
    for row in loser.links.all():
        what = link_words(row, row.target)
        if row.target_id == winner.pk:
            yield Move(winner, one(row), what, Fate.LEFT, why=to_itself())
        elif (row.relation, row.target_id) in held:
            yield Move(winner, one(row), what, Fate.LEFT, why=_there_already(winner))
        else:
            yield Move(winner, one(row), what, values={"source_id": winner.pk})


def _place_in_series(loser: Any, winner: Any) -> Iterator[Move]:
    """Yield the place in a series where the winner has none, or has the series and no number."""
    if loser.series is None or winner.series_id not in (None, loser.series_id):
        return
    place = {"series_id": loser.series_id, "ordinal": loser.ordinal}
    if winner.series_id is not None and (winner.ordinal or not loser.ordinal):
        return
    what = _("series “%(series)s”") % {"series": loser.series}
    if loser.ordinal:
        what = _("series “%(series)s”, number %(number)d") % {
            "series": loser.series,
            "number": loser.ordinal,
        }
    # A number stands once in its series, so that the loser gives it up first.
    yield Move(loser, one(loser), what, values={"series_id": None, "ordinal": None})
    yield Move(winner, one(winner), what, values=place)


def _names(loser: Force, winner: Force) -> Iterator[Move]:
    held = {(row.language, row.text) for row in winner.names.all()}
    for row in loser.names.all():
        what = _("name “%(text)s” (%(language)s)") % {"text": row.text, "language": row.language}
        if (row.language, row.text) in held:
            yield Move(winner, one(row), what, Fate.LEFT, why=_there_already(winner))
            continue
        values: dict[str, Any] = {"force_id": winner.pk}
        if row.kind == ForceName.Kind.OFFICIAL:
            values["kind"] = ForceName.Kind.ALIAS
            what = _("%(name)s, as an alias") % {"name": what}
        yield Move(winner, one(row), what, values=values)


def _text(loser: Document, winner: Document) -> Iterator[Move]:
    held = DocumentText._base_manager.filter(document=loser)
    if not held.exists():
        return
    what = _("its text")
    if winner.sha256:
        yield Move(winner, held, what, Fate.LEFT, why=_there_already(winner))
        return
    # The hash of a text stands once, so that the loser gives it up first.
    yield Move(loser, one(loser), what, values={"sha256": None})
    yield Move(winner, one(winner), what, values={"sha256": loser.sha256})
    shingles = TextShingle._base_manager.filter(held_text=loser.pk)
    yield Move(loser, held, what, values={"document_id": winner.pk})
    yield Move(loser, shingles, what, values={"held_text_id": winner.pk})
