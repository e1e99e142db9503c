"""The list of suggestions for a text: what may be read out of it, and what can be done with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from agreements.admin.workbench.fields import field_label
from agreements.admin.workbench.panel import BEGUN_HERE, may
from agreements.admin.workbench.record_in_hand import RecordInHand
from agreements.admin.workbench.suggested_items import (
    EVENTS,
    FILLED,
    TYPE_NAMES,
    EventItem,
    Item,
)
from agreements.admin.workbench.wordings import Wordings
from agreements.desk.alike import Perhaps
from agreements.desk.cited import CitedText, Passage, key_of
from agreements.desk.passages import Selection
from agreements.desk.proposed import ProposedText, facts_for
from agreements.desk.recorded import cited_as, perhaps_recorded
from agreements.records import KINDS_OF_RECORD
from agreements.suggestions.facts import Fact
from agreements.suggestions.proposals import TYPES, Event, Proposal
from agreements.versions import token


class Suggestions:
    """All that is suggested for a text to one user, with a record that is worked on or none.

    `hand` is that record, None where there is none or the user may not change it.
    """

    def __init__(self, cited: CitedText, user: Any, record: Any = None):
        self.cited, self.user, self.document = cited, user, cited.document
        self.proposed = ProposedText(cited.document, cited.text or "")
        self.wordings = Wordings(self.proposed.gazetteer.force_names)
        self.key = key_of(record) if record is not None else ""
        self.record = record
        may_change = record is not None and may(user, "change", record.record_kind)
        self.hand = RecordInHand(record, cited, self.wordings) if may_change else None

    @property
    def kinds_begun(self) -> set[str]:
        return {kind for kind in BEGUN_HERE if may(self.user, "add", kind)}

    @property
    def may_add_total(self) -> bool:
        return may(self.user, "add", "total")

    @cached_property
    def counts(self) -> list[tuple[str, Any, int]]:
        """Type, its name and how many there are of it, of those that there are."""
        number = Counter(item.found.type for item in self.items)
        number[EVENTS] = len(self.events)
        return [(each, TYPE_NAMES[each], number[each]) for each in (EVENTS, *TYPES) if number[each]]

    @property
    def total(self) -> int:
        return len(self.items) + len(self.events)

    @cached_property
    def paragraphs(self) -> list[tuple[int, list[Item]]]:
        """The numbers of the paragraphs, each with what is read out of it."""
        found: dict[int, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.found.number, []).append(item)
        return list(found.items())

    @cached_property
    def items(self) -> list[Item]:
        """Every value, in the order of the text."""
        seen: set[tuple[str, str]] = set()
        return [self._item(found, seen) for found in self.proposed.proposals]

    def _item(self, found: Proposal, seen: set[tuple[str, str]]) -> Item:
        words = self.proposed.words(found)
        value, code, is_new = self.wordings.of_proposal(found)
        item = Item(found, words, value or words, self._selection(found), code, is_new)
        same = (found.type, code or item.value)
        item.again = same in seen
        seen.add(same)
        over = self._cited_over(found)
        others = (str(each.target) for each in over if key_of(each.target) != self.key)
        item.cited_for = list(dict.fromkeys(others))
        if self.hand:
            facts = facts_for(self.hand.record, found, words)
            item.offers = [self.hand.offer(fact, found, over) for fact in facts]
            if found.type == "person":
                item.people = self.hand.people(found)
                item.side = self.hand.side_of(found, self.proposed.proposals)
        return item

    def _selection(self, found: Proposal | Event) -> Selection:
        paragraph = self.proposed.held.paragraph(found.number)
        return Selection(self.document, self.proposed.text, found.number, paragraph, found.span)

    def _cited_over(self, found: Proposal) -> list[Passage]:
        """The passages that take in words of a suggestion, for a field that it could fill."""
        return [
            passage
            for passage in self._passages[found.number]
            if passage.place
            and passage.place.span.overlaps(found.span)
            and getattr(passage.quotation, "field", "") in FILLED[found.type]
        ]

    @cached_property
    def _passages(self) -> dict[int, list[Passage]]:
        """The passages with words of their own, by paragraph."""
        found = defaultdict(list)
        for passage in self.cited.every.values():
            if passage.place and passage.quotation.quote:
                found[passage.place.number].append(passage)
        return found

    @cached_property
    def events(self) -> list[EventItem]:
        """Every record that could be begun, in the order of the text."""
        told = self.proposed.events
        alike = perhaps_recorded(told, self.proposed.gazetteer.force_names)
        return [self._event(event, each) for event, each in zip(told, alike, strict=True)]

    def _event(self, event: Event, alike: list[Perhaps]) -> EventItem:
        item = EventItem(
            event,
            self.proposed.words(event),
            self.wordings.title(event),
            self._selection(event),
            list(self._values(event)),
            cited_as(event, self.cited),
        )
        if not item.cited_as and may(self.user, "change", event.kind):
            item.alike = list(self._alike(event, alike))
        return item

    def _alike(self, event: Event, alike: list[Perhaps]) -> Iterator[tuple[Any, str, str, str]]:
        """Yield the record that is open, which may be so, and those that may be of an event."""
        record = self.record if self.key.startswith(f"{event.kind}-") else None
        if record is not None:
            yield record, self.key, token(record), ""
        for each in alike:
            if each.record != record:
                yield each.record, key_of(each.record), token(each.record), each.why

    def _values(self, event: Event) -> Iterator[tuple[str, str, bool, str]]:
        model = KINDS_OF_RECORD[event.kind]
        facts: dict[str, list[Fact]] = defaultdict(list)
        for fact in event.facts:
            facts[fact.field].append(fact)
        for name, found in facts.items():
            texts = (self.wordings.of_fact(model, fact) for fact in found)
            notes = dict.fromkeys(fact.note for fact in found if fact.inferred)
            why = " ".join(filter(None, map(self.wordings.note, notes)))
            yield field_label(model, name), ", ".join(texts), bool(notes), why
