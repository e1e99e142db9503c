"""Words of a document cited for a field of a record, and what they say laid beside its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.desk.offers import Reader
from agreements.desk.passages import HeldText, Selection, locator
from agreements.desk.sides import row_of
from agreements.desk.values import DATES, Standing, fill, standing
from agreements.exceptions import DeskError
from agreements.history import Way
from agreements.models import Citation, DocumentText, Engagement
from agreements.models.evidence import CITABLE_FIELDS
from agreements.suggestions.facts import Fact
from agreements.versions import claim


class Differing(StrEnum):
    """What becomes of words that say something else than the record."""

    ASKED = ""
    USED = "use"
    DISPUTED = "dispute"


@dataclass
class Cited:
    """A citation that was just stored, and what became of what its words say.

    `filled` are the facts that the record took over, `other` those that it says differently, and
    `refused` why one could not be taken over.
    """

    record: Any
    citation: Citation
    filled: list[Fact] = field(default_factory=list)
    other: list[Fact] = field(default_factory=list)
    refused: str = ""


@transaction.atomic
def cite(
    record: Any,
    name: str,
    selection: Selection,
    by: str,
    token: str,
    facts: list[Fact] | None = None,
    differing: Differing = Differing.ASKED,
) -> Cited:
    """Cite selected words for a field of a record.

    A field without a value takes what the words say: `facts`, or else what they read as by
    themselves. One with another value keeps it, and the citation gets theirs as its value as
    stated, unless `differing` says to use it. Raises a Conflict, or a DeskError where these words
    are cited for the field already or the record has no such field.
    """
    claim(record, token)
    record = history.fresh(record)
    if name not in CITABLE_FIELDS[record.record_kind]:
        raise DeskError(_("This kind of record has no such field."))
    if facts is None:
        facts = Reader(selection).facts_for(record.record_kind, name)
    quote = selection.quote(facts[0].span if len(facts) == 1 else None)
    outcome = Cited(record, cited_for(record, name, selection, quote, facts))
    for fact in facts:
        _compare(outcome, fact, by, differing)
    outcome.citation.stated_value = _stated(selection, name, facts, outcome.other)
    if outcome.other and differing is Differing.DISPUTED:
        outcome.citation.stance = Citation.Stance.DISPUTES
    store(outcome.citation)
    workflow.record_edit(record, by, Way.WORKBENCH)
    return outcome


def _compare(outcome: Cited, fact: Fact, by: str, differing: Differing) -> None:
    stands = standing(outcome.record, fact)
    if stands is Standing.OTHER and differing is not Differing.USED:
        outcome.other.append(fact)
    elif stands is not Standing.SAME:
        try:
            fill(outcome.record, fact, by)
        except ValidationError as error:
            outcome.refused = " ".join(error.messages)
        else:
            outcome.filled.append(fact)


def cited_for(
    record: Any, name: str, selection: Selection, quote: str, facts: list[Fact]
) -> Citation:
    """Return a citation of a record, not stored yet.

    It is inferred where a fact is, for the reasons that the facts give.
    """
    target = "engagement" if isinstance(record, Engagement) else record.record_kind
    document = selection.document
    reasons = dict.fromkeys(fact.note for fact in facts if fact.inferred)
    return Citation(
        **{f"{target}_id": record.pk},
        document=document,
        field=name,
        locator=selection.locator,
        quote=quote,
        verified_against=document.sha256 or "",
        inferred=bool(reasons),
        note=" ".join(reasons),
    )


def store(citation: Citation) -> None:
    """Store a new citation; raise a DeskError where its words are cited for the field already."""
    same = Citation.objects.filter(
        **{name: getattr(citation, name) for name in (*Citation.TARGETS, "document", "field")},
        locator=citation.locator,
        quote=citation.quote,
    )
    if same.exists():
        raise DeskError(_("These words are cited for this field already."))
    citation.full_clean()
    citation.save()


def _stated(selection: Selection, name: str, facts: list[Fact], other: list[Fact]) -> str:
    """Return the value as stated: for dates always, else where the record has another one."""
    if not facts or not (other or name in DATES):
        return ""
    return facts[0].span.of(selection.paragraph)[:_LONGEST_VALUE]


_LONGEST_VALUE = Citation._meta.get_field("stated_value").max_length or 0


@transaction.atomic
def use_value(
    record: Any,
    name: str,
    selection: Selection,
    by: str,
    token: str,
    facts: list[Fact] | None = None,
) -> Fact:
    """Give a record what the selected words say of a field, in place of its value; return that.

    `facts` as in `cite`.
    """
    claim(record, token)
    record = history.fresh(record)
    if facts is None:
        facts = Reader(selection).facts_for(record.record_kind, name)
    if not facts:
        raise DeskError(_("These words do not read as a value of this field."))
    fill(record, facts[0], by)
    workflow.record_edit(record, by, Way.WORKBENCH)
    return facts[0]


@transaction.atomic
def dispute(record: Any, key: int, by: str, token: str) -> Citation:
    """Say that a citation disputes the value of its field."""
    claim(record, token)
    citation = row_of(record.citations, key)
    citation.stance = Citation.Stance.DISPUTES
    citation.save()
    workflow.record_edit(record, by, Way.WORKBENCH)
    return citation


@transaction.atomic
def remove(record: Any, key: int, by: str, token: str) -> None:
    """Take a citation away from a record."""
    claim(record, token)
    row_of(record.citations, key).delete()
    workflow.record_edit(record, by, Way.WORKBENCH)


@transaction.atomic
def move(record: Any, quotation: Any, by: str, token: str) -> int:
    """Cite quoted words where they stand in the text now; return the number of that paragraph.

    Raises a DeskError where they stand in none.
    """
    claim(record, token)
    held = DocumentText.objects.filter(document=quotation.document).first()
    place = HeldText(held.text).elsewhere(quotation) if held else None
    if place is None:
        raise DeskError(_("The words are not in the text any more."))
    quotation.locator = locator(place.number)
    quotation.verified_against = quotation.document.sha256 or ""
    quotation.save()
    workflow.record_edit(record, by, Way.WORKBENCH)
    return place.number
