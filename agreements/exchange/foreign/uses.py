"""What a column of a foreign file can become, by the kind of record that its rows are."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.models import STATUSES, EngagementKind, Participant
from agreements.models.engagements import (
    AgreementAmbit,
    AgreementInstrument,
    ExerciseActivity,
    MeetingLevel,
    MeetingModality,
)

LEFT_OUT = ""
IDENTIFIER, TITLE, NOTES = "id", "title", "summary"
WHOLE_DATE, FIRST_DAY, LAST_DAY = "date", "first", "last"
FIRST_PARTS = ("year", "month", "day")
LAST_PARTS = ("last_year", "last_month", "last_day")
PLACE, PLACE_COUNTRY = "location_name", "location_country"
ROLES: tuple[str, ...] = tuple(Participant.Role.values)
# That several columns together may have.
SHARED = frozenset((IDENTIFIER, NOTES, *ROLES))

_TRUTH = [("true", _("yes")), ("false", _("no"))]
_CHOICES: dict[str, dict[str, Any]] = {
    "agreement": {
        "instrument": AgreementInstrument.choices,
        "ambit": AgreementAmbit.choices,
        "binding": _TRUTH,
    },
    "meeting": {"level": MeetingLevel.choices, "modality": MeetingModality.choices},
    "exercise": {"activity": ExerciseActivity.choices},
}
_TEXTS: dict[str, dict[str, Any]] = {
    "agreement": {"title_as_given": _("Title as given")},
    "meeting": {"outcomes": _("Outcomes")},
    "exercise": {
        "count_stated": _("Count as stated"),
        "vessels": _("Vessels"),
        "area": _("Sea area"),
    },
}
_DATES: dict[str, dict[str, Any]] = {
    "agreement": {"entered_into_force": _("Entered into force"), "terminated": _("Terminated")},
    "meeting": {},
    "exercise": {},
}
_CHOICE_NAMES = {
    "status": _("Status"),
    "instrument": _("Type of instrument"),
    "ambit": _("Ambit"),
    "binding": _("Legally binding"),
    "level": _("Level"),
    "modality": _("Modality"),
    "activity": _("Activity"),
}
# Fields that no record lacks.
NEEDED: dict[str, tuple[str, ...]] = {
    "agreement": ("status",),
    "meeting": ("status",),
    "exercise": ("status", "activity"),
}


def choices_of(kind: str) -> dict[str, list[tuple[str, Any]]]:
    """Return the values that each field of a kind can have, of those that have a fixed set."""
    return {"status": STATUSES[EngagementKind(kind)].choices, **_CHOICES[kind]}


def choice_name(field: str) -> Any:
    """Return what a field with a fixed set of values is called."""
    return _CHOICE_NAMES[field]


def texts_of(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind that take a cell as it is."""
    return (PLACE, *_TEXTS[kind])


def dates_of(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind, besides its date, that are a date."""
    return tuple(_DATES[kind])


def uses_of(kind: str) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return every use of a column for a kind, in groups, as a select shows them."""
    return [
        (
            _("The record"),
            [
                (IDENTIFIER, _("Its identifier in the file")),
                (TITLE, _("Title")),
                (NOTES, _("Summary, with the column’s name")),
                *((name, choice_name(name)) for name in choices_of(kind)),
                *_TEXTS[kind].items(),
            ],
        ),
        (
            _("Date"),
            [
                (WHOLE_DATE, _("Date")),
                (FIRST_DAY, _("First day")),
                (LAST_DAY, _("Last day")),
                ("year", _("Year")),
                ("month", _("Month")),
                ("day", _("Day")),
                ("last_year", _("Last day: year")),
                ("last_month", _("Last day: month")),
                ("last_day", _("Last day: day")),
                *_DATES[kind].items(),
            ],
        ),
        (
            _("Countries"),
            [(role, _("Country as %(role)s") % {"role": name}) for role, name in _roles()],
        ),
        (
            _("Place"),
            [(PLACE, _("Place")), (PLACE_COUNTRY, _("Country of the place"))],
        ),
    ]


def known_uses(kind: str) -> set[str]:
    """Return every use of a column for a kind, also that it is left out."""
    return {LEFT_OUT, *(use for _group, uses in uses_of(kind) for use, _name in uses)}


def _roles() -> list[tuple[str, Any]]:
    return list(Participant.Role.choices)
