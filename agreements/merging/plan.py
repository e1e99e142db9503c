"""What a merge will do, found before it is done, so that it can be read and agreed to."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from agreements import ledger, workflow
from agreements.differences import Difference, differences
from agreements.exceptions import WorkflowError
from agreements.history import fresh
from agreements.merging.belongings import belongings
from agreements.merging.mentions import mentions
from agreements.merging.moves import Fate, Move
from agreements.models import Engagement, Force, Reviewable, Series
from agreements.naming import key_of, public_keys
from agreements.snapshots import fields_of, snapshot
from agreements.versions import seen

State = Reviewable.ReviewState
MERGEABLE = frozenset({"force", "topic", "series", "document", "agreement", "meeting", "exercise"})
# Through which fields records of a kind stand above each other.
_ABOVE = {"force": ("parent", "predecessor"), "document": ("origin",)}
_MOST_DEPENDENTS = 50


class Stage(StrEnum):
    """Where a merge stands. What published records name ends only once they name another one.

    MENTIONS: they are to name the winner; WAITING: they do, and wait for approval; END: nothing
    public names the loser, so that it can end.
    """

    MENTIONS = "mentions"
    WAITING = "waiting"
    END = "end"


@dataclass
class Changed:
    """A record that says something else by a merge, and what."""

    record: Any
    moves: list[Move]

    @property
    def becomes_draft(self) -> bool:
        """Whether its review has to begin anew."""
        return self.record.review_state != State.DRAFT


@dataclass
class Plan:
    """A merge of two records, whole, as things stand.

    `obstacles` say why it cannot go on; `dependents` are the published records, `kind/key`, that
    name the loser.
    """

    loser: Any
    winner: Any
    was_published: bool
    dependents: list[str]
    mentions: list[Move]
    belongings: list[Move]
    obstacles: list[str]

    @cached_property
    def stage(self) -> Stage:
        if not self.dependents:
            return Stage.END
        return Stage.MENTIONS if self.mentions else Stage.WAITING

    @property
    def moves(self) -> list[Move]:
        """What the next step makes, in its order."""
        last = self.belongings if self.stage == Stage.END else []
        return [*self.mentions, *last]

    def changes(self, moves: list[Move]) -> list[Changed]:
        """Return the records that moves change, the winner first; not the loser, which ends."""
        found = {key_of(self.winner): Changed(self.winner, [])}
        for move in moves:
            key = key_of(move.record)
            if move.fate != Fate.LEFT and key != key_of(self.loser):
                found.setdefault(key, Changed(move.record, [])).moves.append(move)
        return [change for change in found.values() if change.moves]

    @property
    def left(self) -> list[Move]:
        """The rows of the loser that stay with it, since the winner has them."""
        return [move for move in self.belongings if move.fate == Fate.LEFT]

    @cached_property
    def values(self) -> list[Difference]:
        """The loser's own values that stay with it, each with the winner's."""
        kind, moving = self.loser.record_kind, self._moving_fields()
        own = {field.name for field in fields_of(type(self.loser))} - moving - {"slug"}
        found = differences(kind, snapshot(self.loser), snapshot(self.winner))
        return [each for each in found if each.name in own and each.before]

    def _moving_fields(self) -> set[str]:
        given = {name for move in self.belongings for name in move.values if _is_own(move)}
        return {name.removesuffix("_id") for name in given}

    @property
    def fingerprint(self) -> str:
        """What tells whether a plan is still the one that was read."""
        parts = [str(self.stage), seen(self.loser), seen(self.winner)]
        for move in (*self.mentions, *self.belongings):
            parts += [seen(move.record), move.fate, move.what, sorted(move.values.items(), key=str)]
        return sha256(repr(parts).encode()).hexdigest()


def _is_own(move: Move) -> bool:
    return move.rows.model is type(move.record)


def plan_of(loser: Reviewable, winner: Reviewable, by: str) -> Plan:
    """Return what a merge by somebody would do now. Records of kinds that merge, as at hand."""
    loser, winner = fresh(loser), fresh(winner)
    was_published = ledger.ever_published(loser)
    named_in = [
        move
        for move in mentions(loser, winner)
        # What is withdrawn stays as it was, unless nothing would be left for it to name.
        if not (was_published and move.record.review_state == State.WITHDRAWN)
    ]
    return Plan(
        loser,
        winner,
        was_published,
        workflow.dependents_of(loser, _MOST_DEPENDENTS) if was_published else [],
        named_in,
        list(belongings(loser, winner)) if loser.pk != winner.pk else [],
        list(_obstacles(loser, winner, was_published, by)),
    )


def _obstacles(loser: Any, winner: Any, was_published: bool, by: str) -> Iterator[str]:
    """Yield in words what keeps two records from being merged by somebody."""
    if loser.pk == winner.pk:
        yield _("This is the record itself; merge into one that is not.")
        return
    public = public_keys([key_of(loser), key_of(winner)])
    if was_published and key_of(loser) not in public:
        yield _("%(record)s is not public any more, so there is nothing to redirect.") % {
            "record": loser
        }
    elif was_published and key_of(winner) not in public:
        yield _("%(record)s is not published; publish it first, or merge into one that is.") % {
            "record": winner
        }
    elif winner.review_state == State.WITHDRAWN:
        yield _("%(record)s was withdrawn; merge into one that is not.") % {"record": winner}
    if was_published:
        try:
            workflow.require_two(loser, loser.edited_by, by)
        except WorkflowError as error:
            yield str(error)
    if isinstance(loser, Force) and loser.country_id != winner.country_id:
        yield _("They act for different countries, and so do the records that name them.")
    if isinstance(loser, Series):
        yield from _number_clashes(loser, winner)
    for name in _ABOVE.get(loser.record_kind, ()):
        yield from _loops(loser, winner, name)


def _number_clashes(loser: Series, winner: Series) -> Iterator[str]:
    numbered = Engagement.objects.filter(ordinal__isnull=False)
    held = {row.ordinal: row for row in numbered.filter(series=winner)}
    for row in numbered.filter(series=loser, ordinal__in=held):
        yield _(
            "Number %(number)d is both “%(one)s” and “%(other)s”; change one of them first."
        ) % {
            "number": row.ordinal,
            "one": held[row.ordinal],
            "other": row,
        }


def _loops(loser: Any, winner: Any, name: str) -> Iterator[str]:
    """Yield a line where the winner stands below the loser by way of another record.

    That one would come to stand both above the winner and below it.
    """
    above, passed = getattr(winner, name), set()
    while above is not None and above.pk != loser.pk and above.pk not in passed:
        passed.add(above.pk)
        if getattr(above, f"{name}_id") == loser.pk:
            field = above._meta.get_field(name).verbose_name
            yield _("%(record)s stands between the two; change its %(field)s first.") % {
                "record": above,
                "field": field,
            }
        above = getattr(above, name)
