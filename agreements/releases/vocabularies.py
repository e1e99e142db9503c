"""The words that fields choose from, as the data set names them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agreements.models import (
    ActivityStatus,
    Agreement,
    AgreementStatus,
    Citation,
    Delegate,
    EngagementKind,
    EngagementLink,
    Exercise,
    Force,
    ForceName,
    Meeting,
    Participant,
    Publication,
    ReportedTotal,
)
from agreements.models.evidence import ALL_CITABLE_FIELDS

LANGUAGES = ("en", "vi")


@dataclass(frozen=True)
class Vocabulary:
    """A list of words, each with its label in every language of the program."""

    name: str
    choices: tuple[tuple[str, Any], ...]

    @property
    def values(self) -> list[str]:
        return [value for value, _ in self.choices]

    def labels(self) -> dict[str, dict[str, str]]:
        """Return, by value, its label by language."""
        found: dict[str, dict[str, str]] = {value: {} for value in self.values}
        for language in LANGUAGES:
            with translation.override(language):
                for value, label in self.choices:
                    found[value][language] = str(label)
        return found


def _of(name: str, *choices: Iterable[tuple[str, Any]]) -> Vocabulary:
    return Vocabulary(name, tuple({value: (value, x) for y in choices for value, x in y}.values()))


RECORD_KIND = _of("record kind", Publication.Kind.choices)
STATE = _of("state", Publication.State.choices)
RETIRED = _of("retired", [each for each in Publication.State.choices if each[0] != "published"])
ENGAGEMENT_KIND = _of("engagement kind", EngagementKind.choices)
AGREEMENT_STATUS = _of("status of an agreement", AgreementStatus.choices)
ACTIVITY_STATUS = _of("status of a meeting or an exercise", ActivityStatus.choices)
STATUS = _of("status", AgreementStatus.choices, ActivityStatus.choices)
INSTRUMENT = _of("instrument", Agreement.Instrument.choices)
AMBIT = _of("ambit", Agreement.Ambit.choices)
LEVEL = _of("level", Meeting.Level.choices)
MODALITY = _of("modality", Meeting.Modality.choices)
ACTIVITY = _of("activity", Exercise.Activity.choices)
FORCE_KIND = _of("kind of force", Force.Kind.choices)
NAME_KIND = _of("kind of name", ForceName.Kind.choices)
PARTICIPANT_ROLE = _of("role of a participant", Participant.Role.choices)
DELEGATE_ROLE = _of("role of a delegate", Delegate.Role.choices)
RELATION = _of("relation", EngagementLink.Relation.choices)
STANCE = _of("stance", Citation.Stance.choices)
CONFIDENCE = _of("confidence", Citation.Confidence.choices)
COUNTED = _of("what a total counts", ReportedTotal.Counts.choices)
CITED_FIELD = _of("field of a citation", [(name, name) for name in ALL_CITABLE_FIELDS])
CHANGE = _of(
    "change",
    [
        ("added", _("added")),
        ("changed", _("changed")),
        ("withdrawn", _("withdrawn")),
        ("merged", _("merged")),
        ("restored", _("restored")),
    ],
)
