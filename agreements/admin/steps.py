"""The steps of review: as actions on lists, each confirmed on a page, and as buttons on pages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from agreements import workflow
from agreements.desk.submitting import submit_with_named
from agreements.exceptions import AgreementsError, Conflict, QualityError, WorkflowError
from agreements.history import fresh
from agreements.models import Reviewable
from agreements.naming import Key, key_of, unpublished_named_by
from agreements.versions import claim, lock, read_token, token

State = Reviewable.ReviewState
MOST_RECORDS = 100


@dataclass(frozen=True)
class Order:
    """What somebody wants done with records: who, by which way, and why."""

    by: str
    way: str
    reason: str = ""


@dataclass
class Outcome:
    """What came of a step: the records that took it, and why others could not."""

    taken: list[Reviewable] = field(default_factory=list)
    refused: list[tuple[Reviewable, str]] = field(default_factory=list)


def _submit(record: Reviewable, order: Order) -> Outcome:
    done = submit_with_named(record, order.by, order.way)
    left = [(named, f"{named}: {' '.join(problems)}") for named, problems in done.left]
    return Outcome([record, *done.also], left)


def _approve(record: Reviewable, order: Order) -> Outcome:
    # With what it names and is not public yet: all of them or none.
    batch = [record, *unpublished_named_by([record])]
    for each in batch:
        if each.review_state != State.APPROVED:
            workflow.approve(each, order.by, order.way)
    workflow.publish(batch, way=order.way)
    return Outcome(batch)


def _return(record: Reviewable, order: Order) -> Outcome:
    workflow.return_to_draft(record, order.by, order.reason, order.way)
    return Outcome([record])


def _withdraw(record: Reviewable, order: Order) -> Outcome:
    workflow.withdraw(record, order.by, order.reason, way=order.way)
    return Outcome([record])


def _delete(record: Reviewable, order: Order) -> Outcome:
    workflow.delete(record, order.by, order.way, order.reason)
    return Outcome([record])


def _carry(record: Reviewable, order: Order) -> Outcome:
    workflow.carry_name(*key_of(record), order.by, order.way)
    return Outcome([record])


@dataclass(frozen=True)
class Step:
    """A step of review: what it is called, what is said before it and after it, what it takes.

    Where it `asks_reason`, one may be given; where it `needs_reason`, one must be.
    """

    name: str
    label: Any
    done: Any
    take: Callable[[Reviewable, Order], Outcome]
    means: Any = ""
    needs_reason: bool = False
    asks_reason: bool = False


SUBMIT = Step(
    "submit",
    _("Submit for review"),
    ngettext_lazy(
        "%(records)s was submitted for review.",
        "%(count)d records were submitted for review.",
        "count",
    ),
    _submit,
)
PUBLISH = Step(
    "publish",
    _("Approve and publish"),
    ngettext_lazy(
        "%(records)s was approved and published.",
        "%(count)d records were approved and published.",
        "count",
    ),
    _approve,
)
RETURN = Step(
    "return",
    _("Return to draft"),
    ngettext_lazy(
        "%(records)s was returned to draft.", "%(count)d records were returned to draft.", "count"
    ),
    _return,
    needs_reason=True,
    asks_reason=True,
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw"),
    ngettext_lazy("%(records)s was withdrawn.", "%(count)d records were withdrawn.", "count"),
    _withdraw,
    _(
        "The records leave every list, count and search. Their addresses answer “410 Gone” with "
        "your reason, which everybody can read. What they said stays among their past revisions."
    ),
    needs_reason=True,
    asks_reason=True,
)
CARRY = Step(
    "carry",
    _("Carry the public name to all that names it"),
    ngettext_lazy(
        "Every published record that names %(records)s calls it as it is called now.",
        "Every published record that names one of the %(count)d calls it as it is called now.",
        "count",
    ),
    _carry,
    _(
        "Every published record that names these is published again, with their names as they are "
        "public now and nothing else of it changed. What waits on the desk stays there. The new "
        "revisions go out under the approval of the rename."
    ),
)
DELETE = Step(
    "delete",
    _("Delete"),
    ngettext_lazy("%(records)s was deleted.", "%(count)d records were deleted.", "count"),
    _delete,
    _("Only what was never public is deleted. What it was stays in the history of the desk."),
    asks_reason=True,
)


def tokens_of(records: Iterable[Reviewable]) -> list[str]:
    """Return the tokens with which a page hands back what it showed of records."""
    return [token(record) for record in records]


def take(step: Step, records: Iterable[Reviewable], tokens: Iterable[str], order: Order) -> Outcome:
    """Take a step with each record on its own; what one lacks does not hold up the others.

    Each must be as one of the tokens tells that it was seen, and so must all that is approved
    along with it. Records that name each other are tried again once those they name are public.
    """
    outcome, waiting, shown = Outcome(), list(records), list(tokens)
    left: list[tuple[Reviewable, str]] = []
    taken: dict[Key, Reviewable] = {}
    while waiting:
        outcome.refused, again = [], []
        for record in waiting:
            if key_of(record) in taken:
                # Along with an earlier one, which names it.
                continue
            try:
                with transaction.atomic():
                    done = step.take(_claimed(step, record, shown), order)
            except AgreementsError as error:
                outcome.refused.append((record, reason_of(record, error)))
                again.append(record)
            else:
                taken |= {key_of(each): each for each in done.taken}
                left += done.refused
        if len(again) == len(waiting):
            break
        waiting = again
    return Outcome(list(taken.values()), [*outcome.refused, *left])


def _claimed(step: Step, record: Reviewable, tokens: list[str]) -> Any:
    """Return a record as it is now, locked, if it and what goes with it are as they were shown."""
    if lock(record) is None:
        raise WorkflowError(gettext("%(record)s was deleted meanwhile.") % {"record": record})
    current = fresh(record)
    for conflict in conflicts(step, current, tokens):
        raise conflict
    return current


def conflicts(step: Step, record: Reviewable, tokens: list[str]) -> Iterator[Conflict]:
    """Lock a record and what would take a step along with it; yield what is not as it was shown.

    To be called in a transaction, with a record as it is now.
    """
    for each in (record, *(unpublished_named_by([record]) if step is PUBLISH else ())):
        try:
            claim(each, _token_for(each, tokens))
        except Conflict as conflict:
            yield conflict


def _token_for(record: Reviewable, tokens: list[str]) -> str:
    wanted = (record.record_kind, record.pk)
    told = ((text, read_token(text)) for text in tokens)
    return next((text for text, seen in told if seen and (seen.kind, seen.pk) == wanted), "")


def reason_of(record: Reviewable, error: AgreementsError) -> str:
    """Return why a step was refused, in words that name the record."""
    reason = " ".join(error.problems) if isinstance(error, QualityError) else str(error)
    return reason if str(record) in reason else f"{record}: {reason}"
