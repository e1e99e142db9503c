"""New records of a file that may be on the desk already, told and never joined."""

from collections.abc import Iterable
from typing import Any

from agreements.dates import PartialDate
from agreements.exchange.plans import NEW, Plan
from agreements.likeness import Candidate, likely_same_many
from agreements.likeness.wording import explained
from agreements.models import Engagement

_MOST = 3
_VALUES = (
    "title",
    "title_as_given",
    "location_name",
    "location_country",
    "series",
    "instrument",
    "level",
    "activity",
    "slug",
)


def note_alike(plans: Iterable[Plan]) -> None:
    """Note of each new engagement which records of the desk it may be the same as."""
    new = [plan for plan in plans if plan.outcome == NEW and issubclass(plan.model, Engagement)]
    for place, likely in likely_same_many([_candidate(plan) for plan in new]).items():
        new[place].alike = [
            (each.pk, each.title, explained(each.because)) for each in likely[:_MOST]
        ]


def _candidate(plan: Plan) -> Candidate:
    state, sides = plan.after, plan.after["participants"]
    values: dict[str, Any] = {name: state.get(name) or "" for name in _VALUES}
    return Candidate(
        plan.kind,
        date=PartialDate.parse(state["date"]) if state["date"] else None,
        countries=frozenset(side["country"] for side in sides),
        forces=frozenset(side["force"] for side in sides if side["force"]),
        ordinal=state["ordinal"],
        **values,
    )
