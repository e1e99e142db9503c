"""Who took part in a record, and what it is about: rows that come and go one by one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agreements.desk.creating import country_of
from agreements.exceptions import DeskError
from agreements.models import Country, Engagement, EngagementTopic, Force, Participant, Topic


def side_of(key: str, by: str) -> tuple[Country, Force | None]:
    """Return the country, and the force if one is meant, that a key such as `force-12` stands for.

    `country-PH` may stand for a country that the desk lacks: it becomes a draft. Raises a
    DeskError for a key of nothing.
    """
    kind, _dash, name = key.partition("-")
    if kind == "force" and name.isascii() and name.isdigit() and len(name) < 19:
        force = Force.objects.select_related("country").filter(pk=int(name)).first()
        if force is not None:
            return force.country, force
    if kind == "country":
        return country_of(name, by), None
    raise DeskError(_("Choose a country or a force from the list."))


def name_side(record: Engagement, country: Country, force: Force | None, role: str) -> Participant:
    """Name a side of a record, once in each role.

    Where its country was named alone in this role, the force is added to that. Raises a DeskError
    where the side is named already, a ValidationError where the role is not one.
    """
    rows = record.participants.filter(country=country, role=role)
    if rows.filter(force=force).exists():
        raise DeskError(_("%(side)s is named already.") % {"side": force or country})
    side = rows.filter(force=None).first() if force else None
    side = side or Participant(engagement=record, country=country, role=role)
    side.force = force
    side.full_clean()
    side.save()
    return side


def change_role(side: Participant, role: str) -> None:
    """Give a side another role. Raises a DeskError where it is named in that role already."""
    same = side.engagement.participants.filter(country=side.country, force=side.force, role=role)
    if same.exclude(pk=side.pk).exists():
        raise DeskError(_("%(side)s is named already.") % {"side": side.force or side.country})
    side.role = role
    side.full_clean()
    side.save()


def add_topic(record: Engagement, topic: Topic) -> EngagementTopic:
    """Say that a record is about a topic; raise a DeskError where that is said already."""
    if record.engagement_topics.filter(topic=topic).exists():
        raise DeskError(_("%(topic)s is among the topics already.") % {"topic": topic})
    return EngagementTopic.objects.create(engagement=record, topic=topic)


def row_of(rows: Any, pk: int) -> Any:
    """Return a row of a record by its number; raise a DeskError where it is gone."""
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise DeskError(_("This is no longer a part of the record."))
    return found


def messages_of(error: ValidationError) -> str:
    """Return what a refusal says, in one line."""
    return " ".join(error.messages)
