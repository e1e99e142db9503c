"""Every mention in a text, of all types."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from agreements.dates import PartialDate
from agreements.suggestions.dates import FoundDate
from agreements.suggestions.names import FoundForceName, FoundName, Gazetteer
from agreements.suggestions.passage import Passage
from agreements.suggestions.proposals.counts import counts
from agreements.suggestions.proposals.exercise_names import exercise_names
from agreements.suggestions.proposals.exercises import exercises
from agreements.suggestions.proposals.instruments import instruments
from agreements.suggestions.proposals.meetings import meetings
from agreements.suggestions.proposals.persons import full_names, persons
from agreements.suggestions.proposals.proposal import TYPES, Proposal
from agreements.suggestions.proposals.prose import Prose
from agreements.suggestions.spans import Span
from agreements.text import paragraphs

# Acronyms are introduced early, and no article is longer.
READ_FOR_NAMES = 60_000


class ReadText:
    """A text read for proposals, each of its paragraphs once."""

    def __init__(
        self,
        text: str,
        gazetteer: Gazetteer,
        published: PartialDate | None = None,
        language: str = "",
    ):
        gazetteer = gazetteer.for_text(text[:READ_FOR_NAMES], language)
        self.prose: list[Prose] = []
        before: FoundDate | None = None
        for each in paragraphs(text):
            passage = Passage(each, Span(0, len(each)), gazetteer, published, language, before)
            before = passage.dates[-1] if passage.dates else before
            self.prose.append(Prose(passage))

    @cached_property
    def by_paragraph(self) -> list[list[Proposal]]:
        """The proposals of each paragraph, in the order of the text."""
        names = exercise_names(each.passage.paragraph for each in self.prose)
        people = full_names(found for each in self.prose for found in persons(each, 0))
        return [
            sorted(_of_paragraph(each, number, names, people), key=_in_text)
            for number, each in enumerate(self.prose, 1)
        ]


def proposals_of(
    text: str, gazetteer: Gazetteer, published: PartialDate | None = None, language: str = ""
) -> list[Proposal]:
    """Return what a text mentions, in the order of the text.

    Dates are reckoned from ``published``. ``language`` is a tag such as "vi"; where it is empty
    the letters of each paragraph tell.
    """
    read = ReadText(text, gazetteer, published, language)
    return [proposal for each in read.by_paragraph for proposal in each]


def _in_text(proposal: Proposal) -> tuple[Span, int]:
    return proposal.span, TYPES.index(proposal.type)


def _of_paragraph(
    prose: Prose, number: int, names: frozenset[str], people: frozenset[str]
) -> Iterator[Proposal]:
    passage = prose.passage
    for date in passage.dates:
        yield Proposal("date", number, date.span, date.edtf, date.inferred, date.why)
    for name in passage.names:
        if proposal := _of_name(passage.gazetteer, name, number):
            yield proposal
    titled = [*instruments(prose, number), *meetings(prose, number)]
    yield from titled
    # "Agreement on joint patrols" is an agreement, and no patrol.
    for exercise in exercises(prose, number, names):
        if not any(each.span.contains(exercise.span) for each in titled):
            yield exercise
    yield from persons(prose, number, people)
    yield from counts(prose, number)


def _of_name(gazetteer: Gazetteer, name: FoundName, number: int) -> Proposal | None:
    if name.kind == "country":
        return Proposal("country", number, name.span, name.key)
    if isinstance(name, FoundForceName):
        value = {"slug": None, "key": name.key, "country": name.country}
        value |= {"kind": name.force_kind, "name": name.name}
        return Proposal("force", number, name.span, value, bool(name.why), name.why)
    if name.kind == "force":
        value = {"slug": name.key, "key": name.key, "country": gazetteer.country_of(name.key)}
        value |= {"kind": gazetteer.kind_of(name.key), "name": gazetteer.force_names[name.key]}
        return Proposal("force", number, name.span, value, bool(name.why), name.why)
    return None
