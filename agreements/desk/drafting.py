"""A record begun from words of a document, with everything filled in that they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agreements import history, ledger, workflow
from agreements.desk.citing import cited_for
from agreements.desk.creating import country_of, save_under_free_slug
from agreements.desk.offers import Reader
from agreements.desk.passages import Selection
from agreements.desk.values import DATES, UNREAD, Standing, fill, standing
from agreements.exceptions import DeskError
from agreements.history import Way
from agreements.models import (
    KINDS,
    Citation,
    Force,
    ForceName,
    Participant,
    Reviewable,
    Series,
)
from agreements.models.evidence import QUOTE_WORDS
from agreements.suggestions.facts import Fact
from agreements.suggestions.names import FoundForceName
from agreements.suggestions.spans import Span
from agreements.text import word_count
from agreements.versions import claim

_CITED_FOR_A_FORCE = ("name", "names", "kind", "country")


@dataclass
class Begun:
    """A new draft, what was filled in, and the forces named there that the desk lacks."""

    record: Any
    filled: list[Fact] = field(default_factory=list)
    new_forces: list[FoundForceName] = field(default_factory=list)


@transaction.atomic
def begin(kind: str, selection: Selection, by: str, known: Iterable[Fact] | None = None) -> Begun:
    """Begin a record of a kind ("agreement", "meeting", "exercise") from selected words.

    Whatever they say of it, or else what is `known` of it, is filled in and cited, each value to
    the words that bear it. Countries that the desk lacks become drafts.
    """
    reader = Reader(selection)
    facts = reader.facts(kind) if known is None else list(known)
    title = reader.title(kind, facts)
    record = KINDS[kind](title=title, **UNREAD[kind])
    save_under_free_slug(record, title)
    begun = Begun(record, new_forces=reader.new_forces())
    _place_in_series(record, facts)
    filled: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if _fills(record, fact, by):
            filled[fact.field].append(fact)
    for name, found in filled.items():
        for citation in citations_for(record, name, found, selection):
            citation.save()
        begun.filled += found
    workflow.record_creation(record, by, Way.WORKBENCH)
    return begun


def _fills(record: Any, fact: Fact, by: str) -> bool:
    if standing(record, fact) is not Standing.OPEN:
        return False
    try:
        fill(record, fact, by)
    except ValidationError:
        # Such as a number that another record of the series has.
        return False
    return True


def citations_for(
    record: Any, name: str, facts: list[Fact], selection: Selection
) -> Iterator[Citation]:
    """Yield citations of the words that bear a field, not stored yet.

    Those of all its facts together where they are few.
    """
    whole = Span(min(each.span.start for each in facts), max(each.span.end for each in facts))
    together = word_count(whole.of(selection.paragraph)) <= QUOTE_WORDS
    groups = [(whole, facts)] if together else [(fact.span, [fact]) for fact in facts]
    for span, bearing in groups:
        citation = cited_for(record, name, selection, selection.around(span), bearing)
        if name in DATES:
            citation.stated_value = span.of(selection.paragraph)
        yield citation


def _place_in_series(record: Any, facts: list[Fact]) -> None:
    """Give a numbered record its series, where the sides have just one of this kind."""
    sides = {fact.value[:2] for fact in facts if fact.field == "participants"}
    if not sides or not any(fact.field == "ordinal" for fact in facts):
        return
    found = series_of(record.record_kind, sides)
    if len(found) == 1:
        record.series = found[0]
        record.save()


def series_of(kind: str, sides: set[tuple[str, str | None]]) -> list[Series]:
    """Return the series in which a record of a kind has just these sides: (code, force slug)."""
    rows = Participant.objects.filter(
        engagement__kind=kind, engagement__series__isnull=False
    ).values_list("engagement__series", "engagement", "country__code", "force__slug")
    members: dict[tuple[int, int], set[tuple[str, str | None]]] = defaultdict(set)
    for series, engagement, code, slug in rows:
        members[series, engagement].add((code, slug))
    found = {series for (series, _engagement), each in members.items() if each == sides}
    return list(Series.objects.filter(pk__in=found))


def may_discard(record: Any, by: str) -> bool:
    """Whether a record is a draft that was never public, and that somebody edited last."""
    is_draft = record.review_state == Reviewable.ReviewState.DRAFT
    return is_draft and record.edited_by == by and not ledger.ever_published(record)


@transaction.atomic
def discard(record: Any, by: str, token: str) -> None:
    """Delete a draft that is one's own. Raises a DeskError for any other record."""
    claim(record, token)
    record = history.fresh(record)
    if not may_discard(record, by):
        raise DeskError(_("Only a draft that you edited last, and never published, can go."))
    workflow.delete(record, by, Way.WORKBENCH)


@transaction.atomic
def make_force(record: Any, slug: str, selection: Selection, by: str, token: str) -> Force:
    """Make a force that words name and the desk lacks, cited from them, and name it as a side.

    `slug` tells which of those that the paragraph names. Raises a DeskError where there is none.
    """
    claim(record, token)
    record = history.fresh(record)
    found = next((each for each in Reader(selection).new_forces() if each.key == slug), None)
    if found is None:
        raise DeskError(_("The paragraph names no such force that the desk lacks."))
    force = draft_force(found, selection, by)
    fact = Fact("participants", (found.country, force.slug, Participant.Role.PARTY), found.span)
    fill(record, fact, by)
    workflow.record_edit(record, by, Way.WORKBENCH)
    return force


def draft_force(found: FoundForceName, selection: Selection, by: str) -> Force:
    """Make a draft of a force that words name and the desk lacks, cited from them."""
    force = Force(name=found.name, kind=found.force_kind, country=country_of(found.country, by))
    save_under_free_slug(force, found.name)
    written = found.span.of(selection.paragraph)
    ForceName.objects.create(force=force, text=written, language=selection.document.language)
    for name in _CITED_FOR_A_FORCE:
        cited_for(force, name, selection, selection.around(found.span), []).save()
    workflow.record_creation(force, by, Way.WORKBENCH)
    return force
