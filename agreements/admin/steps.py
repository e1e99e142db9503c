"""The steps of review as the admin offers them: as actions on lists, and as buttons on pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from agreements import workflow
from agreements.exceptions import AgreementsError, QualityError
from agreements.models import Reviewable

State = Reviewable.ReviewState


def _submit(record: Reviewable, by: str) -> None:
    workflow.submit(record)


def _approve_and_publish(record: Reviewable, by: str) -> None:
    if record.review_state != State.APPROVED:
        workflow.approve(record, by)
    workflow.publish([record])


def _return(record: Reviewable, by: str) -> None:
    workflow.return_to_draft(record)


@dataclass(frozen=True)
class Step:
    """A step of review: its button, the states it is offered in, and what is said after it."""

    name: str
    label: Any
    done: Any
    states: frozenset[str]
    take: Callable[[Reviewable, str], None]


SUBMIT = Step(
    "submit",
    _("Submit for review"),
    ngettext_lazy(
        "%(records)s was submitted for review.",
        "%(count)d records were submitted for review.",
        "count",
    ),
    frozenset({State.DRAFT.value}),
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
    frozenset({State.IN_REVIEW.value, State.APPROVED.value}),
    _approve_and_publish,
)
RETURN = Step(
    "return",
    _("Return to draft"),
    ngettext_lazy(
        "%(records)s was returned to draft.", "%(count)d records were returned to draft.", "count"
    ),
    frozenset({State.IN_REVIEW.value, State.APPROVED.value}),
    _return,
)
STEPS = {step.name: step for step in (SUBMIT, PUBLISH, RETURN)}


@dataclass
class Outcome:
    """What came of a step: the records that took it, and why others could not."""

    taken: list[Reviewable] = field(default_factory=list)
    refused: list[tuple[Reviewable, str]] = field(default_factory=list)


def take(step: Step, model: type[Reviewable], keys: Iterable[Any], by: str) -> Outcome:
    """Take a step with each record on its own; what one lacks does not hold up the others.

    Records that name each other are tried again once those they name are public.
    """
    outcome, waiting = Outcome(), list(keys)
    while waiting:
        outcome.refused, again = [], []
        for key in waiting:
            with transaction.atomic():
                # Locked, so that nothing is edited between its approval and its publication.
                rows = workflow.for_publication(model).select_for_update().filter(pk=key)
                record = rows.first()
                if record is None:
                    continue
                try:
                    with transaction.atomic():
                        step.take(record, by)
                except AgreementsError as error:
                    outcome.refused.append((record, _reason(record, error)))
                    again.append(key)
                else:
                    outcome.taken.append(record)
        if len(again) == len(waiting):
            break
        waiting = again
    return outcome


def _reason(record: Reviewable, error: AgreementsError) -> str:
    reason = " ".join(error.problems) if isinstance(error, QualityError) else str(error)
    return reason if str(record) in reason else f"{record}: {reason}"
