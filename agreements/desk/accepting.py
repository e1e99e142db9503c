"""What is proposed, accepted: a record takes a value and is cited for it, or is begun whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.desk.citing import Cited, Differing, cite, cited_for, store
from agreements.desk.creating import save_under_free_slug
from agreements.desk.delegations import Held, name_delegate, person_named, side_of_record
from agreements.desk.drafting import citations_for, draft_force
from agreements.desk.passages import Selection
from agreements.desk.proposed import facts_for
from agreements.desk.values import Standing, fill, standing
from agreements.exceptions import DeskError
from agreements.history import Way
from agreements.models import Delegate, Engagement, Participant, Person, Series
from agreements.suggestions.facts import Fact
from agreements.suggestions.names import FoundForceName
from agreements.suggestions.proposals import Event, Proposal
from agreements.versions import claim


@transaction.atomic
def accept(
    record: Any,
    found: Proposal,
    name: str,
    selection: Selection,
    by: str,
    token: str,
    differing: Differing = Differing.ASKED,
) -> Cited:
    """Give a record's field what a proposal says, cited to exactly its words.

    A force that the desk lacks becomes a draft. Raises a Conflict, or a DeskError where the
    proposal says nothing of this field, or as `cite` does.
    """
    claim(record, token)
    fact = _fact(record, found, name, selection)
    if name == "participants" and fact.value[1] is None and found.type == "force":
        fact = _of_new_force(fact, found, selection, by)
    return cite(record, name, selection, by, token, [fact], differing)


def _fact(record: Any, found: Proposal, name: str, selection: Selection) -> Fact:
    facts = facts_for(record, found, selection.words)
    fact = next((each for each in facts if each.field == name), None)
    if fact is None:
        raise DeskError(_("These words do not read as a value of this field."))
    return fact


def _of_new_force(fact: Fact, found: Proposal, selection: Selection, by: str) -> Fact:
    told = found.value
    named = FoundForceName(
        found.span, "new-force", told["key"], told["country"], told["name"], told["kind"]
    )
    force = draft_force(named, selection, by)
    code, _slug, role = fact.value
    return Fact(fact.field, (code, force.slug, role), fact.span, fact.inferred, fact.note)


@transaction.atomic
def accept_number(
    record: Any,
    found: Proposal,
    series: Series | None,
    title: str,
    selection: Selection,
    by: str,
    token: str,
) -> Cited:
    """Give a record a number in a series, or in a new one that gets a title.

    A new series is a draft, cited from the same words. Raises as `accept` does.
    """
    claim(record, token)
    record = history.fresh(record)
    if not isinstance(record, Engagement):
        raise DeskError(_("This kind of record has no such field."))
    if record.series_id:
        raise DeskError(_("The record is in a series already."))
    record.series = series or _new_series(title, selection, by)
    record.save()
    done = accept(record, found, "ordinal", selection, by, token)
    if done.refused:
        raise DeskError(done.refused)
    return done


def _new_series(title: str, selection: Selection, by: str) -> Series:
    series = Series(title=" ".join(title.split()))
    series.full_clean(exclude=["slug"])
    save_under_free_slug(series, series.title)
    store(cited_for(series, "title", selection, selection.quote(), []))
    workflow.record_creation(series, by, Way.WORKBENCH)
    return series


@dataclass(frozen=True)
class Met:
    """Somebody who was named in a side's delegation, and whether that made a new person."""

    row: Delegate
    is_new: bool


@transaction.atomic
def accept_person(
    record: Any,
    found: Proposal,
    side: int,
    person: Person | None,
    selection: Selection,
    by: str,
    token: str,
) -> Met:
    """Name the person of a proposal in the delegation of a side, cited to its words.

    Without a `person` of the desk they become a new one. Raises as `accept` does.
    """
    claim(record, token)
    record = history.fresh(record)
    told = _fact(record, found, "delegates", selection).value
    row: Participant = side_of_record(record, side)
    chosen = person or (
        person_named(told["name"], selection.document.language, by) if told["name"] else None
    )
    held = Held(_cut("rank", told["rank"]), _cut("position", told["position"]))
    delegate = name_delegate(row, chosen, held)
    store(cited_for(record, "delegates", selection, selection.quote(found.span), []))
    workflow.record_edit(record, by, Way.WORKBENCH)
    return Met(delegate, person is None and chosen is not None)


def _cut(name: str, text: str) -> str:
    column: Any = Delegate._meta.get_field(name)
    return text[: column.max_length]


@dataclass
class EventCited:
    """What an event was cited for on a record: its facts, and those that it says differently."""

    record: Any
    cited: list[Fact] = field(default_factory=list)
    other: list[Fact] = field(default_factory=list)


@transaction.atomic
def cite_event(record: Any, event: Event, selection: Selection, by: str, token: str) -> EventCited:
    """Cite what a text tells of an event for a record of it that is on the desk already.

    Fields without a value take what the words say. Where the record says something else nothing is
    cited: that is for the analyst to judge, fact by fact. Raises a Conflict, or a DeskError where
    there is nothing to cite that was not cited before.
    """
    claim(record, token)
    record = history.fresh(record)
    if record.record_kind != event.kind:
        raise DeskError(_("This kind of record has no such field."))
    outcome = EventCited(record)
    agreeing: dict[str, list[Fact]] = defaultdict(list)
    for fact in event.facts:
        if _agrees(record, fact, by):
            agreeing[fact.field].append(fact)
        else:
            outcome.other.append(fact)
    for name, facts in agreeing.items():
        if _newly_cited(record, name, facts, selection):
            outcome.cited += facts
    if not outcome.cited:
        raise DeskError(_("These words are cited for this record already."))
    workflow.record_edit(record, by, Way.WORKBENCH)
    return outcome


def _agrees(record: Any, fact: Fact, by: str) -> bool:
    """Whether a record says what a fact says, now that it may take it over."""
    stands = standing(record, fact)
    if stands is Standing.OPEN:
        try:
            with transaction.atomic():
                fill(record, fact, by)
        except ValidationError:
            # Such as a number that another record of the series has.
            return False
    return stands is not Standing.OTHER


def _newly_cited(record: Any, name: str, facts: list[Fact], selection: Selection) -> bool:
    found = False
    for citation in citations_for(record, name, facts, selection):
        try:
            store(citation)
        except DeskError:
            continue
        found = True
    return found
