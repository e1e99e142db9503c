"""The record that is worked on, as suggestions meet it: what it says, and what it could take."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from agreements import history
from agreements.admin.workbench.fields import field_label
from agreements.admin.workbench.suggested_items import Offer
from agreements.admin.workbench.wordings import Wordings
from agreements.desk.cited import CitedText, key_of
from agreements.desk.drafting import series_of
from agreements.desk.values import Standing, standing
from agreements.models import Engagement, Participant, Person
from agreements.suggestions.facts import Fact
from agreements.suggestions.proposals import Proposal
from agreements.suggestions.spans import Span
from agreements.text import fold
from agreements.versions import token

# English whatever the language of the page, since titles are.
_RUNS = {"agreement": "Agreements", "meeting": "Meetings", "exercise": "Activities"}


class RecordInHand:
    """A record with what is asked of it for each suggestion; each answer is looked up once."""

    def __init__(self, record: Any, cited: CitedText, wordings: Wordings):
        self.record: Any = history.fresh(record)
        self.key = key_of(self.record)
        self.token = token(self.record)
        self._wordings = wordings
        self._standings: dict[tuple[str, str], Standing] = {}
        rows: list[Any] = [each.quotation for each in cited.passages]
        self._cited_fields = {row.field for row in rows if key_of(row.target) == self.key}

    def offer(self, fact: Fact, found: Proposal, over: list[Any]) -> Offer:
        """Return what a fact can fill; `over` are the passages that take in words of it."""
        model, name = type(self.record), fact.field
        stands = self._standing(fact, found)
        mine = [each for each in over if key_of(each.target) == self.key]
        return Offer(
            name,
            field_label(model, name),
            self._wordings.of_fact(model, fact) if found.type != "person" else "",
            stands,
            self._wordings.of_record(self.record, name) if stands is Standing.OTHER else "",
            any(each.quotation.field == name for each in mine),
            stands is Standing.SAME and name in self._cited_fields,
            self._role(fact) if name == "participants" else "",
        )

    def _role(self, fact: Fact) -> str:
        """What a side is added as: a force takes the place of its country that was named alone."""
        code, _slug, role = fact.value
        alone = (side.role for side in self.sides if not side.force and side.country.code == code)
        return str(Participant.Role(next(alone, role)).label)

    def _standing(self, fact: Fact, found: Proposal) -> Standing:
        if fact.field == "delegates":
            return self._standing_of_person(found)
        if fact.field == "participants":
            code, slug, _role = fact.value
            is_force = found.type == "force"
            named = slug in self._forces if is_force else code in self._countries
            return Standing.SAME if named else Standing.OPEN
        same = (fact.field, str(fact.value))
        if same not in self._standings:
            self._standings[same] = standing(self.record, fact)
        return self._standings[same]

    def _standing_of_person(self, found: Proposal) -> Standing:
        named = {
            row.person_id
            for side in self.sides
            for row in side.delegates.all()
            if row.person_id is not None
        }
        is_named = any(person.pk in named for person in self.people(found))
        return Standing.SAME if is_named else Standing.OPEN

    @cached_property
    def sides(self) -> list[Participant]:
        is_event = isinstance(self.record, Engagement)
        return list(self.record.participants.all()) if is_event else []

    @cached_property
    def _countries(self) -> set[str]:
        return {side.country.code for side in self.sides}

    @cached_property
    def _forces(self) -> set[str]:
        return {side.force.slug for side in self.sides if side.force}

    def people(self, found: Proposal) -> list[Person]:
        """Return the people of the desk who may be meant."""
        known, name = found.value["person"], fold(found.value["name"])
        return [
            person
            for person, names in self._everybody
            if (person.slug == known if known else name and name in names)
        ]

    @cached_property
    def _everybody(self) -> list[tuple[Person, set[str]]]:
        """Everybody on the desk, with their names folded."""
        return [
            (each, {fold(each.name), *(fold(name.text) for name in each.names.all())})
            for each in Person.objects.prefetch_related("names")
        ]

    def side_of(self, found: Proposal, every: list[Proposal]) -> int | None:
        """Return the side that somebody is likeliest of: that named nearest, else the only one."""
        near = [each for each in every if each.number == found.number]
        near.sort(key=lambda each: _distance(each.span, found.span))
        for each in near:
            for side in self.sides:
                if each.type == "force" and side.force and each.value["slug"] == side.force.slug:
                    return side.pk
                if each.type in ("force", "country") and _country(each) == side.country.code:
                    return side.pk
        return self.sides[0].pk if len(self.sides) == 1 else None

    @property
    def needs_series(self) -> bool:
        """Whether a number can be taken only together with a series."""
        return isinstance(self.record, Engagement) and self.record.series_id is None

    @cached_property
    def series_choices(self) -> list[Any]:
        """The series in which its sides met before, where it is in none."""
        if not self.needs_series:
            return []
        named = {
            (side.country.code, side.force.slug if side.force else None) for side in self.sides
        }
        return series_of(self.record.record_kind, named)

    @property
    def series_title(self) -> str:
        """What a new series of records such as this one might be called."""
        sides = " and ".join(str(side.force or side.country) for side in self.sides)
        return f"{_RUNS[self.record.record_kind]} of {sides}" if sides else ""


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _country(found: Proposal) -> str:
    return str(found.value["country"] if found.type == "force" else found.value)
