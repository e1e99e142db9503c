"""Two records made one: what a plan says, done whole or not at all."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements import history, workflow
from agreements.exceptions import Conflict, WorkflowError
from agreements.history import Step, Way
from agreements.merging.plan import MERGEABLE, Plan, Stage, plan_of
from agreements.models import Engagement, FruitlessSearch, Publication, Reviewable
from agreements.versions import lock, seen, table_of


@dataclass
class Outcome:
    """What came of a step of a merge: the step, the drafts that it left, the loser's tombstone."""

    stage: Stage
    drafts: list[Any] = field(default_factory=list)
    tombstone: Publication | None = None


@transaction.atomic
def merge(
    loser: Reviewable,
    winner: Reviewable,
    by: str,
    reason: str,
    way: str = Way.COMMAND,
    agreed: str = "",
) -> Outcome:
    """Take the next step of merging one record into another of its kind.

    `agreed` is the fingerprint of the plan that somebody read. Raises a Conflict where it is not
    the plan any more, and a WorkflowError where the records cannot be merged.
    """
    text = workflow.require_reason(reason)
    if loser.record_kind != winner.record_kind:
        raise WorkflowError(
            _("%(record)s can be merged into a record of its own kind only.") % {"record": loser}
        )
    if loser.record_kind not in MERGEABLE:
        raise WorkflowError(
            _("%(record)s cannot be merged: no records of its kind can.") % {"record": loser}
        )
    _lock([loser, winner])
    plan = plan_of(loser, winner, by)
    if plan.obstacles:
        raise WorkflowError(" ".join(plan.obstacles))
    _lock([change.record for change in plan.changes(plan.moves)])
    if agreed not in ("", plan.fingerprint):
        message = _("What the merge would move was changed meanwhile; look at it again.")
        raise Conflict(plan.loser, plan.loser.version, message)
    if plan.stage == Stage.WAITING:
        raise WorkflowError(_waiting(plan))
    return _carry_out(plan, by, text, way)


def _lock(records: list[Any]) -> None:
    """Lock records in one order for everybody; raise a Conflict where one is not as at hand."""
    ordered = sorted(records, key=lambda each: (table_of(each)._meta.label, each.pk))
    for record in ordered:
        row = lock(record)
        if row is None or seen(row) != seen(record):
            message = _("%(record)s was changed meanwhile; look at it again.")
            raise Conflict(record, record.version, message % {"record": record})


def _waiting(plan: Plan) -> str:
    return _("%(record)s is still named by published records: %(names)s. Publish these first.") % {
        "record": plan.loser,
        "names": ", ".join(plan.dependents[:5]),
    }


def _because(plan: Plan, reason: str) -> str:
    """Return what the histories of both records, and of all others that change, tell of a merge."""
    text = _("“%(loser)s” (%(loser_key)s) is merged into “%(winner)s” (%(winner_key)s): %(reason)s")
    text %= {
        "loser": plan.loser,
        "loser_key": plan.loser.record_key,
        "winner": plan.winner,
        "winner_key": plan.winner.record_key,
        "reason": reason,
    }
    return text[: workflow.REASON_LENGTH]


def _keep_searches(plan: Plan) -> None:
    """Hand on the searches that found nothing: they were for the event, or the series, itself."""
    target = "engagement" if isinstance(plan.loser, Engagement) else plan.loser.record_kind
    if target in ("engagement", "series"):
        rows = FruitlessSearch.objects.filter(**{target: plan.loser.pk})
        rows.update(**{target: plan.winner.pk})


def _carry_out(plan: Plan, by: str, reason: str, way: str) -> Outcome:
    loser, because = plan.loser, _because(plan, reason)
    for move in plan.moves:
        move.make()
    outcome = Outcome(plan.stage, [change.record for change in plan.changes(plan.moves)])
    workflow.record_edits(outcome.drafts, by, way, because)
    if plan.stage == Stage.MENTIONS:
        # The loser is as it was, but what happens to it is told in its history.
        history.note(loser, Step.EDITED, by, way, because)
        return outcome
    _keep_searches(plan)
    if plan.was_published:
        ending = history.fresh(loser)
        outcome.tombstone = workflow.withdraw(ending, by, reason, plan.winner, way)
    else:
        workflow.delete(history.fresh(loser), by, way, because)
    return outcome
