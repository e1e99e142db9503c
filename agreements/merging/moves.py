"""What a merge does with one row: it moves, is removed as a double, or stays behind.

The loser is the record that ends, the winner the one that stays.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from agreements.differences import label
from agreements.models import (
    Citation,
    Delegate,
    Engagement,
    EngagementLink,
    EngagementTopic,
    Participant,
)


class Fate(StrEnum):
    """What becomes of a row."""

    MOVED = "moved"
    REMOVED = "removed"
    LEFT = "left"


@dataclass(frozen=True)
class Move:
    """What becomes of one thing, in words, and the rows that it is written in.

    `record` is the one that says something else by it. Rows that move are given `values`.
    """

    record: Any
    rows: QuerySet[Any]
    what: str
    fate: Fate = Fate.MOVED
    values: dict[str, Any] = field(default_factory=dict)
    why: str = ""

    def make(self) -> None:
        """Write it."""
        if self.fate == Fate.MOVED:
            self.rows.update(**self.values)
        elif self.fate == Fate.REMOVED:
            self.rows.delete()


def one(row: Model) -> QuerySet[Any]:
    """Return a row as the rows of a move."""
    return type(row)._base_manager.filter(pk=row.pk)


def to_itself() -> str:
    """Say why a mention goes that would be of its own record."""
    return _("it would lead to the record itself")


# What rows are called


def citation_words(row: Citation) -> str:
    what = _("citation for %(field)s: %(document)s, %(locator)s") % {
        "field": label(type(row.target), row.field),
        "document": row.document,
        "locator": row.locator,
    }
    return f"{what}, “{row.quote}”" if row.quote else what


def topic_words(row: EngagementTopic) -> str:
    return _("topic “%(topic)s”") % {"topic": row.topic}


def side_words(row: Participant) -> str:
    return _("participant %(side)s, %(role)s") % {
        "side": row.force or row.country,
        "role": row.get_role_display(),
    }


def delegate_words(row: Delegate) -> str:
    return _("delegate %(delegate)s") % {"delegate": row.person or row.position}


def link_words(row: EngagementLink, other: Engagement) -> str:
    return _("link: %(relation)s “%(record)s”") % {
        "relation": row.get_relation_display(),
        "record": other,
    }


def _delegate_key(row: Delegate) -> Hashable:
    return row.person_id or (row.rank, row.position)


def move_delegates(
    record: Any, side: Participant, mate: Participant, otherwise: Fate
) -> Iterator[Move]:
    """Yield the delegates of a side that go over to its mate, and those that it has."""
    held = {_delegate_key(row) for row in mate.delegates.all()}
    for row in side.delegates.all():
        if _delegate_key(row) in held:
            why = _("in that delegation already")
            yield Move(record, one(row), delegate_words(row), otherwise, why=why)
        else:
            yield Move(record, one(row), delegate_words(row), values={"participant_id": mate.pk})
