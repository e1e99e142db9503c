"""What selected words say of a record: the fields that they can fill, and with what."""

from __future__ import annotations

import re
from functools import cached_property

from agreements.countries import country_table
from agreements.desk.passages import Selection
from agreements.desk.values import OWN_WORDS
from agreements.models import KINDS, Agreement, Force
from agreements.suggestions.facts import Fact, fact_for, facts_of, proposed_title
from agreements.suggestions.names import FoundForceName, Gazetteer

_SEVERAL = ("participants", "topics")
_IN_FORCE = re.compile(r"\b(?:into|in) (?:force|effect)\b|\bhiệu lực\b", re.IGNORECASE)
# Acronyms are introduced early, and no article is longer.
_READ = 60_000
_OF_FORCES = ("established", "country")


class Reader:
    """Reads one selection for any record, by the names that the desk holds."""

    def __init__(self, selection: Selection):
        self.selection = selection

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """What is known by name, in the light of the whole text."""
        return Gazetteer().for_text(self.selection.text[:_READ], self._language)

    @property
    def _language(self) -> str:
        return self.selection.document.language

    def facts(self, kind: str) -> list[Fact]:
        """Return what the selection, its sentence and its paragraph say of a record."""
        given = self.selection
        published = given.document.published
        return facts_of(
            kind, given.paragraph, given.span, self.gazetteer, published, self._language
        )

    def offered(self, kind: str) -> list[Fact]:
        """Return what the selected words themselves say: of each field once, but of each side."""
        if kind in KINDS:
            own = self.selection.span
            facts = [each for each in self.facts(kind) if each.span.overlaps(own)]
            return [*self._in_force(kind), *facts]
        if kind == Force.RECORD_KIND:
            return [fact for field in _OF_FORCES if (fact := self._fact(kind, field))]
        return []

    def _in_force(self, kind: str) -> list[Fact]:
        """Read a date as that of entry into force, where the words say so."""
        if kind != Agreement.RECORD_KIND or not _IN_FORCE.search(self.selection.words):
            return []
        fact = self._fact(kind, "entered_into_force")
        return [fact] if fact else []

    def facts_for(self, kind: str, field: str) -> list[Fact]:
        """Return how the selected words read for one field; several for one of many rows."""
        if field in OWN_WORDS:
            return []
        if field in _SEVERAL:
            return [fact for fact in self.offered(kind) if fact.field == field]
        fact = self._fact(kind, field)
        return [fact] if fact else []

    def _fact(self, kind: str, field: str) -> Fact | None:
        given = self.selection
        published = given.document.published
        return fact_for(
            kind, field, given.paragraph, given.span, self.gazetteer, published, self._language
        )

    def title(self, kind: str, facts: list[Fact]) -> str:
        """Return a title for a new record, in our own words."""
        return proposed_title(kind, facts, self.gazetteer.force_names)

    def new_forces(self) -> list[FoundForceName]:
        """Return the forces that the paragraph names and the desk lacks, each once."""
        names = self.gazetteer.find(self.selection.paragraph, self._language)
        found = {each.key: each for each in names if isinstance(each, FoundForceName)}
        return [each for each in found.values() if each.country in country_table()]
