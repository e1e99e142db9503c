"""What a selection of a paragraph says of a record: field values with the words that bear them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from agreements.dates import PartialDate
from agreements.models import Exercise
from agreements.suggestions import readers
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.participants import ELSEWHERE, Side, sides_in, sides_named
from agreements.suggestions.passage import Passage
from agreements.suggestions.places import Place
from agreements.suggestions.readers import Reader, Reading
from agreements.suggestions.spans import Span
from agreements.suggestions.titles import proposed_title

__all__ = ["Fact", "fact_for", "facts_in", "facts_of", "proposed_title"]


@dataclass(frozen=True)
class Fact:
    """What words say of one public field of a record.

    ``value`` is what a form takes: the value of a choice, EDTF text, an int or text; a bool for
    ``binding``; (alpha-2 code, force slug or None, role) for ``participants``; (name, alpha-2 code
    or "") for ``location``; a slug for ``topics``. ``note`` says in our own words, in English that
    is marked for translation, why it is inferred.
    """

    field: str
    value: Any
    span: Span
    inferred: bool = False
    note: str = ""


class _Reach(Enum):
    """How far from a selection a field's words are looked for."""

    SELECTION = 1
    SENTENCE = 2
    PARAGRAPH = 3


_Fields = dict[str, tuple[Reader, _Reach]]

_OF_ALL: _Fields = {
    "date": (readers.date, _Reach.PARAGRAPH),
    "location": (readers.location, _Reach.PARAGRAPH),
    "ordinal": (readers.ordinal, _Reach.SENTENCE),
}
_SINGLE: dict[str, _Fields] = {
    "agreement": {
        "status": (readers.agreement_status, _Reach.PARAGRAPH),
        **_OF_ALL,
        "instrument": (readers.instrument, _Reach.PARAGRAPH),
        "title_as_given": (readers.title_as_given, _Reach.SENTENCE),
        "binding": (readers.binding, _Reach.PARAGRAPH),
        "ambit": (readers.ambit, _Reach.SENTENCE),
    },
    "meeting": {
        "status": (readers.meeting_status, _Reach.PARAGRAPH),
        **_OF_ALL,
        "level": (readers.level, _Reach.SENTENCE),
        "modality": (readers.modality, _Reach.PARAGRAPH),
    },
    "exercise": {
        "status": (readers.exercise_status, _Reach.PARAGRAPH),
        **_OF_ALL,
        "activity": (readers.activity, _Reach.PARAGRAPH),
        "count_stated": (readers.count_stated, _Reach.SELECTION),
        "area": (readers.area, _Reach.SENTENCE),
    },
}
_DATES = ("date", "entered_into_force", "terminated", "established")
# At these the one at home is the host.
_HOSTED = (Exercise.Activity.SHIP_VISIT, Exercise.Activity.UNIT_VISIT)


def facts_of(
    kind: str,
    paragraph: str,
    selection: Span,
    gazetteer: Gazetteer,
    published: PartialDate | None = None,
    language: str = "",
) -> list[Fact]:
    """Return what a selection says of a record of a kind, in the order of the form.

    A fact that the selection lacks is looked for in its sentences and then in the rest of the
    paragraph; what stands in another sentence is marked as inferred. There is at most one fact
    for each field but ``participants`` and ``topics``. ``kind`` is "agreement", "meeting" or
    "exercise"; another raises KeyError.
    """
    return facts_in(kind, Passage(paragraph, selection, gazetteer, published, language))


def facts_in(kind: str, passage: Passage) -> list[Fact]:
    """Return what the selection of a passage says of a record, as `facts_of` does."""
    facts = [
        Fact(field, reading.value, reading.span, reading.inferred, reading.note)
        for field, (reader, reach) in _SINGLE[kind].items()
        if (reading := _nearest(passage, reader, reach))
    ]
    facts += _participants(passage, facts, kind)
    facts += _topics(passage, passage.selection)
    return facts


def fact_for(
    kind: str,
    field: str,
    paragraph: str,
    selection: Span,
    gazetteer: Gazetteer,
    published: PartialDate | None = None,
    language: str = "",
) -> Fact | None:
    """Return how a selection itself reads for one field of a record of a kind.

    None where it does not read as one, and for fields that are told in our own words. ``kind`` may
    also be "force", for its ``established`` and ``country``.
    """
    passage = Passage(paragraph, selection, gazetteer, published, language)
    if field == "participants":
        sides = sides_named(passage, selection)
        return _of_side(sides[0]) if sides else None
    if field == "topics":
        return next(_topics(passage, selection), None)
    if field == "country":
        found = passage.names_in(selection, "country")
        return Fact(field, found[0].key, found[0].span) if found else None
    if field in _DATES:
        reading = readers.date(passage, selection)
    else:
        reader = _SINGLE.get(kind, {}).get(field)
        reading = reader[0](passage, selection) if reader else None
    if reading is None or not reading.span.overlaps(selection):
        return None
    return Fact(field, reading.value, reading.span, reading.inferred, reading.note)


def _nearest(passage: Passage, reader: Reader, reach: _Reach) -> Reading | None:
    """Read a field from the selection, else from its sentences, else from the paragraph."""
    if reading := reader(passage, passage.selection):
        return reading
    if reach is not _Reach.SELECTION and (reading := reader(passage, passage.sentences)):
        return reading
    if reach is _Reach.PARAGRAPH and (reading := reader(passage, passage.whole)):
        return Reading(reading.value, reading.span, True, reading.note or ELSEWHERE)
    return None


def _participants(passage: Passage, facts: list[Fact], kind: str) -> Iterator[Fact]:
    values = {fact.field: fact.value for fact in facts}
    place = _place_of(passage, facts)
    hosted = kind == "meeting" or values.get("activity") in _HOSTED
    for side in sides_in(passage, place, hosted):
        yield _of_side(side)


def _place_of(passage: Passage, facts: list[Fact]) -> Place | None:
    for fact in facts:
        if fact.field == "location":
            name, country = fact.value
            return Place(name, country, fact.span)
    return None


def _of_side(side: Side) -> Fact:
    value = (side.country, side.force, side.role)
    return Fact("participants", value, side.span, side.inferred, side.note)


def _topics(passage: Passage, scope: Span) -> Iterator[Fact]:
    seen = set()
    for name in passage.names_in(scope, "topic"):
        if name.key not in seen:
            seen.add(name.key)
            yield Fact("topics", name.key, name.span)
