"""What a text tells of that a record of its own could be made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from agreements.dates import PartialDate
from agreements.suggestions.facts import Fact, facts_in
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.passage import Passage
from agreements.suggestions.proposals.proposal import Proposal
from agreements.suggestions.proposals.prose import Pattern, Prose
from agreements.suggestions.proposals.whole_text import ReadText
from agreements.suggestions.spans import Span

_KINDS = {"instrument": "agreement", "meeting": "meeting", "exercise": "exercise"}
# Facts that tell one event of a kind from another, beside date and sides.
_TELLING = {"agreement": "instrument", "meeting": "ordinal", "exercise": "activity"}
# Meetings without a number, which are no proposals of their own.
_MEETING = Pattern(
    r"""(?<![\w-])(?:
    (?:high-level |bilateral |working |annual |virtual |online |ministerial |trilateral )*
      (?:talks|meetings?|dialogues?|summit|conference|consultations|video ?conference)
    |(?:official|working|state|courtesy|three-day|two-day|four-day|five-day) visits?
    |courtesy calls?|phone (?:call|talks)|telephone (?:call|talks)|paid a (?:\w+ )?(?:visit|call)
    |met with|held talks|(?:cuộc )?(?:hội đàm|điện đàm|đối thoại|hội kiến|tham vấn)|hội nghị
    |cuộc (?:họp|gặp|làm việc|trao đổi|tiếp)|buổi (?:tiếp|làm việc|gặp|họp)
    |thăm (?:chính thức|và làm việc|cấp nhà nước)|(?:chào|tiếp|thăm) xã giao
    )(?![\w-])"""
)
_MOST_OF_A_KIND = 2
_LONGEST = 100


@dataclass(frozen=True)
class Event:
    """An agreement, a meeting or an exercise that a paragraph tells of.

    ``kind`` is "agreement", "meeting" or "exercise"; ``number`` and ``span`` say where the words
    stand that name it, as in a `Proposal`; ``facts`` are what a record begun there would take.
    """

    kind: str
    number: int
    span: Span
    facts: list[Fact] = field(default_factory=list)

    def value(self, name: str) -> object:
        """Return the value of the first fact of a field, or None."""
        return next((fact.value for fact in self.facts if fact.field == name), None)

    @property
    def countries(self) -> set[str]:
        """The alpha-2 codes of those who took part."""
        return {fact.value[0] for fact in self.facts if fact.field == "participants"}


def events_of(
    text: str, gazetteer: Gazetteer, published: PartialDate | None = None, language: str = ""
) -> list[Event]:
    """Return the events that a text tells of, in the order of the text.

    Something sets an event apart: its date, number, name, place or title. What is told again
    further on, or is only wished for, is left out.
    """
    return events_in(ReadText(text, gazetteer, published, language))


def events_in(read: ReadText) -> list[Event]:
    """Return the events of a text that is read already, as `events_of` does."""
    events: list[Event] = []
    for prose, proposals in zip(read.prose, read.by_paragraph, strict=True):
        for event in _of_paragraph(prose, proposals):
            if not any(_same(event, earlier) for earlier in events):
                events.append(event)
    return events


def _of_paragraph(prose: Prose, proposals: list[Proposal]) -> Iterator[Event]:
    told: dict[str, int] = {}
    for kind, span, own in _mentions(prose, proposals):
        if told.get(kind, 0) < _MOST_OF_A_KIND:
            number = proposals[0].number
            facts = _facts(kind, prose.passage, span, own)
            if kind == "exercise":
                facts += _count(prose, span, proposals)
            event = Event(kind, number, span, facts)
            if _is_told(event, prose, own):
                told[kind] = told.get(kind, 0) + 1
                yield event


def _mentions(
    prose: Prose, proposals: list[Proposal]
) -> Iterator[tuple[str, Span, Proposal | None]]:
    """Yield (kind, words, proposal) for what may be an event, in the order of the text."""
    if not proposals:
        return
    found: list[tuple[Span, str, Proposal | None]] = []
    counted = [each.span for each in proposals if each.type == "count"]
    for each in proposals:
        if each.type in _KINDS:
            span = next((one for one in counted if one.overlaps(each.span)), each.span)
            span = Span(min(span.start, each.span.start), max(span.end, each.span.end))
            found.append((span, _KINDS[each.type], each))
    taken = [span for span, _, _ in found]
    for match in _MEETING.finditer(prose):
        span = prose.span(*match.span())
        if not any(span.overlaps(other) for other in taken):
            found.append((span, "meeting", None))
    for span, kind, own in sorted(found, key=lambda each: (each[0], each[1])):
        yield kind, span, own


def _facts(kind: str, passage: Passage, span: Span, own: Proposal | None) -> list[Fact]:
    """What the words say of a record, with what the proposal itself says in its fields."""
    facts = facts_in(kind, passage.selecting(span))
    facts = [fact for fact in facts if fact.field != "count_stated"]
    if own is None:
        return [fact for fact in facts if fact.field != "ordinal"]
    values = {
        name: own.value[name]
        for name in ("instrument", "ordinal", "activity", "level", "modality")
        if own.value.get(name)
    }
    if own.type == "instrument":
        values["title_as_given"] = own.value["title"]
    elif "ordinal" not in values:
        facts = [fact for fact in facts if fact.field != "ordinal"]
    held = {fact.field: fact for fact in facts}
    facts = [fact for fact in facts if fact.field not in values]
    for name, value in values.items():
        same = held.get(name)
        if same is not None and same.value == value:
            facts.append(same)
        elif value:
            facts.append(Fact(name, value, own.span))
    return facts


def _count(prose: Prose, span: Span, proposals: list[Proposal]) -> Iterator[Fact]:
    """How many there were, where the words of an exercise are counted."""
    for each in proposals:
        if each.type == "count" and span.contains(each.span):
            yield Fact("count_stated", each.span.of(prose.passage.paragraph)[:_LONGEST], each.span)
            return


def _is_told(event: Event, prose: Prose, own: Proposal | None) -> bool:
    """Whether something sets an event apart from talk of cooperation in general."""
    sentence = prose.passage.selecting(event.span).sentences
    here = {fact.field for fact in event.facts if sentence.contains(fact.span)}
    dated, sides = "date" in here, len(event.countries)
    if event.kind == "agreement":
        return bool({"date", "status", "title_as_given"} & here)
    if sides < 1:
        return False
    if event.kind == "meeting":
        apart = dated or "location" in here
        return event.value("ordinal") is not None or (apart and sides > 1)
    named = own is not None and bool(own.value["name"] or own.value["ordinal"])
    return named or dated or ("location" in here and sides > 1)


def _same(event: Event, earlier: Event) -> bool:
    """Whether an event is one that was told of before, by all that is said of both."""
    if event.kind != earlier.kind:
        return False
    telling = _TELLING[event.kind]
    if not _agree(event.value(telling), earlier.value(telling)):
        return False
    dates = [
        next((f.value for f in each.facts if f.field == "date"), None) for each in (event, earlier)
    ]
    sides = event.countries <= earlier.countries or not event.countries
    return sides and _one_date(*dates)


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def _one_date(one: str | None, other: str | None) -> bool:
    """Whether two dates may be of one event: one is not told, or they overlap."""
    if one is None or other is None:
        return True
    (first, last), (earliest, latest) = (
        (date.earliest, date.latest) for date in (PartialDate(one), PartialDate(other))
    )
    if None in (first, last, earliest, latest):
        return one == other
    return first <= latest and earliest <= last  # type: ignore[operator]
