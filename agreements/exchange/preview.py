"""What an import would do, row by row, for a person to read before anything is stored."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from agreements.differences import Difference, differences
from agreements.exceptions import Conflict, ExchangeError, ExchangeProblem
from agreements.exchange.alike import note_alike
from agreements.exchange.plans import CHANGED, NEW, OUTCOMES, REFUSED, Plan
from agreements.exchange.preparing import fingerprint, prepare
from agreements.exchange.storing import Stored, missing_countries, store
from agreements.exchange.tables import Table
from agreements.history import Way
from agreements.models import Reviewable
from agreements.snapshots import Snapshot


@dataclass(frozen=True)
class Line:
    """What becomes of one row: an outcome of `plans.OUTCOMES`, and why.

    `leaves` is the state of review that a changed record is taken out of, "" for a draft.
    `problems` are pairs of a column and a message; `alike` are the number and the title of each
    record that a new one may be the same as, with what is alike.
    """

    number: int
    key: str
    title: str
    outcome: str
    pk: int | None
    leaves: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    alike: list[tuple[int, str, str]] = field(default_factory=list)
    before: Snapshot | None = None
    after: Snapshot | None = None
    kind: str = ""

    @property
    def leaves_name(self) -> str:
        """What the state that it leaves is called, "" where it leaves none."""
        return str(Reviewable.ReviewState(self.leaves).label) if self.leaves else ""

    @property
    def differences(self) -> list[Difference]:
        """What the row changes in its record; of a new one, all that it says."""
        if self.after is None:
            return []
        return differences(self.kind, self.before, self.after)


@dataclass
class Preview:
    """What an import of a file would do. `fingerprint` tells it from any other one.

    `countries` are the codes of those that would be written along, as drafts.
    """

    kind: str
    name: str
    lines: list[Line]
    countries: list[str]
    fingerprint: str

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each outcome, all of them named."""
        found = Counter(line.outcome for line in self.lines)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def problems(self) -> list[ExchangeProblem]:
        """Everything that is refused, by row and column."""
        return sorted(
            ExchangeProblem(line.number, column, message)
            for line in self.lines
            for column, message in line.problems
        )

    @property
    def changes_something(self) -> bool:
        """Whether there is anything to store."""
        return any(line.outcome in (NEW, CHANGED) for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """Return the preview as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Preview":
        """Return the preview that JSON held."""
        return cls(**{**told, "lines": [Line(**line) for line in told["lines"]]})


def preview(kind: str, table: Table) -> Preview:
    """Return what an import of a table in our own form would do. Nothing is stored.

    Raises an ExchangeError where the columns are not those of the kind; what is wrong with rows
    is in the preview.
    """
    plans = prepare(kind, table)
    note_alike(plans)
    return Preview(
        kind,
        table.name,
        [_line(plan) for plan in plans],
        missing_countries(plan for plan in plans if plan.outcome in (NEW, CHANGED)),
        fingerprint(plans),
    )


def carry_out(
    kind: str, table: Table, by: str, agreed: str = "", reason: str = "", way: str = Way.FILE
) -> Stored:
    """Store what a preview of a table showed: all of it in one transaction, or nothing.

    `agreed` is the fingerprint of that preview. Raises a Conflict where the import would do
    something else by now, and an ExchangeError where a row is refused.
    """
    plans = prepare(kind, table)
    if agreed and fingerprint(plans) != agreed:
        text = _("The desk was changed since the preview was made; look at it again.")
        raise Conflict(None, None, text)
    refused = [
        ExchangeProblem(plan.number, column, message)
        for plan in plans
        for column, message in plan.problems
    ]
    if refused:
        raise ExchangeError(refused)
    return store(kind, plans, by, reason or _("From the file %(name)s") % {"name": table.name}, way)


def _line(plan: Plan) -> Line:
    shown = plan.outcome in (NEW, CHANGED)
    return Line(
        plan.number,
        plan.key,
        plan.title,
        plan.outcome,
        plan.pk,
        plan.leaves if plan.outcome == CHANGED else "",
        plan.problems,
        plan.notes,
        plan.alike,
        plan.before if shown else None,
        plan.after if shown and plan.outcome != REFUSED else None,
        plan.kind,
    )
