"""A record handed to review, together with those drafts that it names."""

from dataclasses import dataclass, field

from django.db import transaction

from agreements import quality, workflow
from agreements.exceptions import AgreementsError
from agreements.history import Way, fresh
from agreements.models import Reviewable
from agreements.naming import unpublished_named_by


@dataclass
class Submitted:
    """A record in review, the drafts that went there with it, and those that were not complete."""

    record: Reviewable
    also: list[Reviewable] = field(default_factory=list)
    left: list[tuple[Reviewable, list[str]]] = field(default_factory=list)


@transaction.atomic
def submit_with_named(record: Reviewable, by: str, way: str = Way.WORKBENCH) -> Submitted:
    """Submit a draft, and the drafts that it cannot be published without.

    These are the documents, countries, forces, topics and series that its public form names.
    Raises a WorkflowError or a QualityError where the record itself cannot be submitted; a named
    draft that is not complete stays one, and is reported.
    """
    workflow.submit(record, by, way)
    outcome = Submitted(record)
    for named in unpublished_named_by([fresh(record)]):
        if named.review_state != Reviewable.ReviewState.DRAFT:
            continue
        try:
            with transaction.atomic():
                workflow.submit(named, by, way)
        except AgreementsError as error:
            problems = [str(problem) for problem in quality.problems_of(named)]
            outcome.left.append((named, problems or [str(error)]))
        else:
            outcome.also.append(named)
    return outcome
