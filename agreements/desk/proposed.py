"""What is proposed to record of a text, worked out anew from it whenever it is asked for.

What somebody accepts is named by its place and by what they saw of it, and found again here: no
value is ever taken from whoever asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from agreements.desk.passages import HeldText, Selection
from agreements.exceptions import DeskError
from agreements.models import Document, Engagement, Force, Participant
from agreements.suggestions.facts import Fact
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.proposals import Event, Proposal, ReadText, events_in

_DATES = {
    "agreement": ("date", "entered_into_force", "terminated"),
    "meeting": ("date",),
    "exercise": ("date",),
    "force": ("established",),
}
_COUNT_STATED = 100
_TITLE = 300


class ProposedText:
    """The text of a document with what it proposes: values, and records to begin."""

    def __init__(self, document: Document, text: str):
        self.document, self.text = document, text
        self.held = HeldText(text)
        self.gazetteer = Gazetteer()

    @cached_property
    def proposals(self) -> list[Proposal]:
        """Every value, in the order of the text."""
        return [each for paragraph in self._read.by_paragraph for each in paragraph]

    @cached_property
    def events(self) -> list[Event]:
        """Every record that could be begun, in the order of the text."""
        return events_in(self._read)

    @cached_property
    def _read(self) -> ReadText:
        given = self.document
        return ReadText(self.text, self.gazetteer, given.published, given.language)

    def words(self, found: Proposal | Event) -> str:
        """Return the words that something is proposed from."""
        return found.span.of(self.held.paragraph(found.number))

    def proposal(self, kind: str, selection: Selection, reading: str) -> Proposal:
        """Return what some words propose; raise a DeskError where that is not what was seen."""
        return _same(self.proposals, "type", kind, selection, reading)

    def event(self, kind: str, selection: Selection, reading: str) -> Event:
        """Return the event that some words tell of; raise a DeskError as `proposal` does."""
        return _same(self.events, "kind", kind, selection, reading)


def _same(
    every: Iterable[Any], attribute: str, kind: str, selection: Selection, reading: str
) -> Any:
    for each in every:
        is_there = (each.number, each.span) == (selection.number, selection.span)
        if is_there and getattr(each, attribute) == kind and reading_of(each) == reading:
            return each
    raise DeskError(_("These words are read differently now: look at the suggestions again."))


def reading_of(found: Proposal | Event) -> str:
    """Return a short text that changes with whatever something says that is proposed."""
    if isinstance(found, Event):
        facts = [(fact.field, fact.value, fact.span.start, fact.inferred) for fact in found.facts]
        said: Any = [found.kind, facts]
    else:
        said = [found.type, found.value, found.inferred]
    told = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def facts_for(record: Any, found: Proposal, words: str) -> list[Fact]:
    """Return what a proposal says of a record, the likeliest field first.

    A force that the desk lacks has no slug in its fact; a person gives a fact of `delegates`
    whose value is that of the proposal.
    """
    return [
        Fact(field, value, found.span, found.inferred, found.note)
        for field, value in _values(record, found, words)
    ]


def _values(record: Any, found: Proposal, words: str) -> list[tuple[str, Any]]:
    kind, value = record.record_kind, found.value
    if found.type == "date":
        return [(field, value) for field in _DATES.get(kind, ())]
    if kind == Force.RECORD_KIND:
        return [("country", value)] if found.type == "country" else []
    if not isinstance(record, Engagement):
        return []
    if found.type == "country":
        return [("participants", (value, None, usual_role(record)))]
    if found.type == "force":
        return [("participants", (value["country"], value["slug"], usual_role(record)))]
    if found.type == "person":
        return [("delegates", value)]
    return _of_kind(kind, found, words)


def _of_kind(kind: str, found: Proposal, words: str) -> list[tuple[str, Any]]:
    value = found.value
    if (kind, found.type) == ("agreement", "instrument"):
        named = [("title_as_given", value["title"][:_TITLE])] if value["title"] else []
        return [("instrument", value["instrument"]), *named]
    if (kind, found.type) == ("exercise", "count"):
        return [("count_stated", words[:_COUNT_STATED])]
    if kind != found.type:
        return []
    fields = {"meeting": ("ordinal", "level", "modality"), "exercise": ("activity", "ordinal")}
    return [(field, value[field]) for field in fields[kind] if value[field]]


def usual_role(record: Engagement) -> str:
    """Return the role that a side is added in, unless another one is chosen."""
    rows = [row.role for row in record.participants.all()]
    return rows[-1] if rows else str(Participant.Role.PARTY)
