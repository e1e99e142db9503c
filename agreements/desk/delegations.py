"""Who was in a side's delegation: people with the rank and the post that they held then."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agreements import workflow
from agreements.desk.creating import save_under_free_slug
from agreements.desk.sides import row_of
from agreements.exceptions import DeskError
from agreements.history import Way
from agreements.models import Delegate, Engagement, Participant, Person, PersonName
from agreements.text import fold


@dataclass(frozen=True)
class Held:
    """What somebody was then: rank, post and part in the delegation, each "" where not told."""

    rank: str = ""
    position: str = ""
    role: str = ""


def side_of_record(record: Engagement, key: int) -> Participant:
    """Return a side of a record by its number; raise a DeskError where it has no such side."""
    return row_of(record.participants.select_related("country", "force"), key)


def delegate_of_record(record: Engagement, key: int) -> Delegate:
    """Return a delegate of a record by their number; raise a DeskError where there is none."""
    return row_of(Delegate.objects.filter(participant__engagement=record), key)


def person_named(name: str, language: str, by: str) -> Person:
    """Return a new person of this name, as a document in this language writes it."""
    person = Person(name=" ".join(name.split()))
    person.full_clean(exclude=["slug"])
    save_under_free_slug(person, person.name)
    PersonName.objects.create(person=person, text=person.name, language=language)
    workflow.record_creation(person, by, Way.WORKBENCH)
    return person


def name_delegate(side: Participant, person: Person | None, held: Held) -> Delegate:
    """Name somebody in a side's delegation, or add what was not told of them before.

    Raises a DeskError where they are named with another rank or post, a ValidationError where
    neither a person nor a post is given.
    """
    row = side.delegates.filter(person=person).first() if person else None
    row = row or Delegate(participant=side, person=person)
    for name in ("rank", "position", "role"):
        value, before = getattr(held, name), getattr(row, name)
        if value and before and fold(value) != fold(before):
            raise DeskError(
                _("%(person)s is named already, as %(before)s.")
                % {"person": person, "before": before}
            )
        setattr(row, name, before or value)
    row.full_clean()
    row.save()
    return row


def described(row: Delegate) -> str:
    """Return a delegate in a few words: "Senior Colonel Vũ Trung Kiên, deputy commander"."""
    parts: tuple[Any, ...] = (row.rank, row.person)
    named = " ".join(str(part) for part in parts if part)
    return ", ".join(filter(None, (named, row.position)))
