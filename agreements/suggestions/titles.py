"""Titles for new records, in our own words, put together from what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agreements.countries import country_name
from agreements.dates import PartialDate, PartialDateError
from agreements.models import Agreement, Engagement, Exercise
from agreements.suggestions.numerals import ENGLISH_ORDINALS

if TYPE_CHECKING:
    from agreements.suggestions.facts import Fact

_ORDINALS = {number: word for word, number in ENGLISH_ORDINALS.items()}
_WITH_ARTICLE = frozenset("AE BS CF CK DO FO GB GM KM KY MH MV NL PH SB US VA".split())
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_LONGEST = Engagement._meta.get_field("title").max_length


def proposed_title(
    kind: str, facts: Iterable[Fact], force_names: Mapping[str, str] | None = None
) -> str:
    """Return a title in English, such as "Eighth meeting of Japan and Vietnam, December 2023".

    ``force_names`` gives the name of each force by its slug (`Gazetteer.force_names`); a force
    that it lacks goes by its country, and of several of one country the first stands. Cut to the
    length that a title may have.
    """
    values: dict[str, Any] = {}
    sides: dict[str, str] = {}
    for fact in facts:
        if fact.field == "participants":
            sides.setdefault(fact.value[0], _side(fact.value, force_names or {}))
        values.setdefault(fact.field, fact.value)
    title = _what(kind, values)
    if sides:
        joint = " between " if kind == Agreement.RECORD_KIND else " of "
        title += joint + _listed(list(sides.values()))
    place = values.get("location", ("", ""))[0]
    title += f" in {place}" if place else ""
    month = _month(values.get("date", ""))
    planned = "planned for " if values.get("status") == "planned" else ""
    title += f", {planned}{month}" if month else ""
    return title[:_LONGEST]


def _what(kind: str, values: Mapping[str, Any]) -> str:
    """What the record is of: "Eighth high-level meeting", "Joint patrol"."""
    if kind == Agreement.RECORD_KIND:
        what = _LABELS_OF_INSTRUMENTS.get(values.get("instrument", ""), "agreement")
    elif kind == Exercise.RECORD_KIND:
        what = _LABELS_OF_ACTIVITIES.get(values.get("activity", ""), "activity")
    else:
        level = values.get("level", "")
        what = f"{_LEVELS[level]} meeting" if level in _LEVELS else "meeting"
    number = values.get("ordinal")
    if number:
        what = f"{_ORDINALS.get(number, f'{number}th')} {what}"
    return what[0].upper() + what[1:]


# English whatever the language of the page, since titles are.
_LEVELS = {"high-level": "high-level", "working": "working-level", "minister": "ministerial"}
_LABELS_OF_INSTRUMENTS = {
    Agreement.Instrument.TREATY: "treaty",
    Agreement.Instrument.MEMORANDUM: "memorandum of understanding",
    Agreement.Instrument.PROTOCOL: "protocol",
    Agreement.Instrument.HOTLINE: "hotline arrangement",
    Agreement.Instrument.LETTER_OF_INTENT: "letter of intent",
    Agreement.Instrument.JOINT_STATEMENT: "joint statement",
    Agreement.Instrument.PARTNERSHIP: "partnership",
    Agreement.Instrument.DIPLOMATIC_RELATIONS: "establishment of diplomatic relations",
}
_LABELS_OF_ACTIVITIES = {
    Exercise.Activity.JOINT_PATROL: "joint patrol",
    Exercise.Activity.JOINT_LAW_ENFORCEMENT: "joint law enforcement",
    Exercise.Activity.SAR_DRILL: "search-and-rescue drill",
    Exercise.Activity.JOINT_TRAINING: "joint training",
    Exercise.Activity.SHIP_VISIT: "ship visit",
    Exercise.Activity.UNIT_VISIT: "visit to units",
    Exercise.Activity.TRAINING_COURSE: "training course",
    Exercise.Activity.EXCHANGE_PROGRAMME: "exchange programme",
    Exercise.Activity.LIAISON_DEPLOYMENT: "liaison deployment",
    Exercise.Activity.INFORMATION_EXCHANGE: "exchange of information",
    Exercise.Activity.CAPACITY_BUILDING: "capacity building",
    Exercise.Activity.PEACEKEEPING: "peacekeeping",
}


def _side(value: tuple[str, str | None, str], force_names: Mapping[str, str]) -> str:
    code, slug, _role = value
    if slug and slug in force_names:
        return f"the {force_names[slug]}"
    return f"{'the ' if code in _WITH_ARTICLE else ''}{country_name(code)}"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _month(edtf: str) -> str:
    """The month and year, or the year, in which it was or began; "" where the year is unknown."""
    try:
        first = PartialDate(edtf).ends[0]
    except PartialDateError:
        return ""
    if first is None or not first.year.isdecimal():
        return ""
    month = int(first.month) if first.month.isdecimal() else 0
    return f"{_MONTHS[month - 1]} {first.year}" if 1 <= month <= 12 else first.year
