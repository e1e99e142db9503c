"""What a record says in a public field, held against what words say of it."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from agreements.countries import country_name
from agreements.date_words import in_words
from agreements.dates import PartialDate
from agreements.desk.creating import country_of
from agreements.desk.sides import add_topic, name_side
from agreements.differences import words
from agreements.models import (
    ActivityStatus,
    AgreementStatus,
    Country,
    Exercise,
    Force,
    Topic,
)
from agreements.suggestions.facts import Fact
from agreements.text import fold

# What a new record has in a column that cannot be empty, until words are cited for it.
UNREAD: dict[str, dict[str, str]] = {
    "agreement": {"status": AgreementStatus.UNKNOWN},
    "meeting": {"status": ActivityStatus.UNCONFIRMED},
    "exercise": {"status": ActivityStatus.UNCONFIRMED, "activity": Exercise.Activity.OTHER},
}
# Written in our own words, whatever a document says.
OWN_WORDS = ("title", "summary", "outcomes")
DATES = ("date", "entered_into_force", "terminated", "established")


class Standing(Enum):
    """How a record stands to what words say: it has no value, the same, or another one."""

    OPEN = "open"
    SAME = "same"
    OTHER = "other"


def in_short(model: Any, fact: Fact) -> str:
    """Return a fact's value as a person reads it, in the language of the page."""
    if fact.field in DATES:
        return in_words(PartialDate.parse(fact.value))
    if fact.field == "location":
        name, code = fact.value
        return ", ".join(filter(None, (name, country_name(code) if code else "")))
    if fact.field == "participants":
        code, slug, _role = fact.value
        force = Force.objects.filter(slug=slug).first() if slug else None
        return str(force or country_name(code))
    if fact.field == "topics":
        return str(Topic.objects.filter(slug=fact.value).first() or fact.value)
    return words(model, fact.field, fact.value)


def standing(record: Any, fact: Fact) -> Standing:
    """Return how a record stands to a fact."""
    special: dict[str, Callable[[Any, Any], Standing]] = {
        "location": _standing_of_place,
        "participants": _standing_of_side,
        "topics": _standing_of_topic,
    }
    if fact.field in special:
        return special[fact.field](record, fact.value)
    value = getattr(record, fact.field)
    if isinstance(value, Country):
        value = value.code
    if value is None or value == "" or _is_unread(record, fact.field, value):
        return Standing.OPEN
    if isinstance(value, PartialDate):
        same = _agree(value, PartialDate.parse(fact.value))
    elif isinstance(value, str):
        same = fold(value) == fold(fact.value)
    else:
        same = value == fact.value
    return Standing.SAME if same else Standing.OTHER


def _is_unread(record: Any, field: str, value: object) -> bool:
    unread = UNREAD.get(record.record_kind, {}).get(field)
    return value == unread and not record.citations.filter(field=field).exists()


def _agree(one: PartialDate, other: PartialDate) -> bool:
    """Whether two dates are the same, or one only says less: "December 2023" and the 19th."""
    if one.edtf == other.edtf:
        return True
    bounds = [(each.earliest, each.latest) for each in (one, other)]
    if any(None in pair for pair in bounds):
        return False
    (first, last), (earliest, latest) = bounds
    return (first <= earliest and latest <= last) or (earliest <= first and last <= latest)  # type: ignore[operator]


def _standing_of_place(record: Any, value: tuple[str, str]) -> Standing:
    name, code = value
    held_code = record.location_country.code if record.location_country else ""
    held_name = record.location_name
    names_part = name and held_name and fold(name) != fold(held_name)
    countries_part = code and held_code and code != held_code
    if names_part or countries_part:
        return Standing.OTHER
    adds = (name and not held_name) or (code and not held_code)
    return Standing.OPEN if adds else Standing.SAME


def _standing_of_side(record: Any, value: tuple[str, str | None, str]) -> Standing:
    code, slug, _role = value
    rows = record.participants.filter(country__code=code)
    named = rows.filter(force__slug=slug).exists() if slug else rows.exists()
    return Standing.SAME if named else Standing.OPEN


def _standing_of_topic(record: Any, slug: str) -> Standing:
    named = record.engagement_topics.filter(topic__slug=slug).exists()
    return Standing.SAME if named else Standing.OPEN


def fill(record: Any, fact: Fact, by: str) -> None:
    """Give a record the value of a fact, and save it.

    Raises a ValidationError where the record cannot have it; then nothing is stored.
    """
    if fact.field == "participants":
        _fill_side(record, fact.value, by)
    elif fact.field == "topics":
        add_topic(record, Topic.objects.get(slug=fact.value))
    else:
        _fill_column(record, fact, by)


def _fill_column(record: Any, fact: Fact, by: str) -> None:
    values = {fact.field: fact.value}
    if fact.field == "location":
        name, code = fact.value
        values = {"location_name": name} if name else {}
        values |= {"location_country": country_of(code, by)} if code else {}
    if fact.field == "country":
        values = {"country": country_of(fact.value, by)}
    before = {name: getattr(record, name) for name in values}
    try:
        for name, value in values.items():
            setattr(record, name, value)
        record.full_clean()
    except Exception:
        for name, value in before.items():
            setattr(record, name, value)
        raise
    record.save()


def _fill_side(record: Any, value: tuple[str, str | None, str], by: str) -> None:
    code, slug, role = value
    country = country_of(code, by)
    force = Force.objects.filter(slug=slug).first() if slug else None
    bare = record.participants.filter(country=country, force=None).first()
    name_side(record, country, force, bare.role if bare else role)
