"""Whether what a text tells of is on the desk already: cited from it, or known from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agreements.dates import PartialDate
from agreements.desk.alike import Perhaps
from agreements.desk.cited import CitedText
from agreements.likeness import Candidate, explained, likely_same_many
from agreements.models import Engagement
from agreements.suggestions.facts import proposed_title
from agreements.suggestions.proposals import Event

_SHOWN = 3
_SORTS = ("title_as_given", "instrument", "level", "activity")


def cited_as(event: Event, cited: CitedText) -> list[Any]:
    """Return the records of an event's kind that are cited to some of the words that name it."""
    found = {}
    for passage in cited.passages:
        place, record = passage.place, passage.target
        if place is None or record.record_kind != event.kind or place.number != event.number:
            continue
        if passage.quotation.quote and place.span.overlaps(event.span):
            found[record.pk] = record
    return list(found.values())


def perhaps_recorded(
    events: Sequence[Event], force_names: Mapping[str, str]
) -> list[list[Perhaps]]:
    """Return for each event the records that may be of it, the nearest first (rule R1)."""
    likely = likely_same_many([_candidate(event, force_names) for event in events])
    shown = {place: found[:_SHOWN] for place, found in likely.items()}
    records = Engagement.objects.in_bulk({each.pk for found in shown.values() for each in found})
    return [
        [
            Perhaps(records[each.pk], explained(each.because))
            for each in shown.get(place, ())
            if each.pk in records
        ]
        for place in range(len(events))
    ]


def _candidate(event: Event, force_names: Mapping[str, str]) -> Candidate:
    """Return an event as far as it is compared with records."""
    values: dict[str, Any] = {fact.field: fact.value for fact in event.facts}
    sides = [fact.value for fact in event.facts if fact.field == "participants"]
    place, country = values.get("location", ("", ""))
    return Candidate(
        event.kind,
        proposed_title(event.kind, event.facts, force_names),
        PartialDate.parse(values["date"]) if values.get("date") else None,
        {code for code, _slug, _role in sides},
        {slug for _code, slug, _role in sides if slug},
        location_name=place,
        location_country=country,
        ordinal=values.get("ordinal"),
        **{name: values.get(name, "") for name in _SORTS},
    )
