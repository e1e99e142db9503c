"""What becomes of one record by an import: the record as it is, and as its row says."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from agreements.models import Person, Reviewable, Versioned
from agreements.records import KINDS_OF_RECORD
from agreements.snapshots import Snapshot, fields_of, relations_of, snapshot
from agreements.versions import Seen, seen

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
OUTCOMES = (REFUSED, CHANGED, NEW, UNCHANGED)


@dataclass
class Plan:
    """A row of a file, and what its record was and becomes.

    `record` and `before` are None where the record is new. `problems` are pairs of a column and a
    message, `notes` what a reader should know and what hinders nothing, `alike` the number and
    the title of each record that a new one may be the same as, with what is alike.
    """

    kind: str
    number: int
    record: Any = None
    before: Snapshot | None = None
    after: Snapshot = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    alike: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def pk(self) -> Any:
        """The number of the record, None of a new one."""
        return self.record.pk if self.record is not None else None

    @property
    def model(self) -> type[Versioned]:
        """The model of the record."""
        return KINDS_OF_RECORD[self.kind]

    @property
    def key(self) -> str:
        """What the record is known by: its slug, or a country's code."""
        return str(self.after.get(self.model.NATURAL_KEY[0], ""))

    @property
    def title(self) -> str:
        """What the record is called, once it is as its row says."""
        return str(self.after.get("title") or self.after.get("name") or self.key)

    @property
    def seen(self) -> Seen | None:
        """The version of the record that the plan starts from; None of a new one."""
        return seen(self.record) if self.record is not None else None

    @property
    def outcome(self) -> str:
        """What the import does with the record: one of OUTCOMES."""
        if self.problems:
            return REFUSED
        if self.before is None:
            return NEW
        return UNCHANGED if self.after == self.before else CHANGED

    @property
    def leaves(self) -> str:
        """The state of review that a change takes the record out of; "" where it is a draft."""
        state = getattr(self.record, "review_state", Reviewable.ReviewState.DRAFT)
        return "" if state == Reviewable.ReviewState.DRAFT else str(state)

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


def plan_of(record: Versioned, number: int = 0) -> Plan:
    """Return the plan that leaves a record, which comes whole, as it is."""
    state = snapshot(record)
    return Plan(record.record_kind, number, record, state, deepcopy(state))


def blank(kind: str, number: int) -> Plan:
    """Return the plan of a new record of which nothing is said yet."""
    model = KINDS_OF_RECORD[kind]
    state: Snapshot = {}
    for each in fields_of(model):
        state[each.name] = None if each.remote_field else _plain(each.get_default())
    for relation in relations_of(model):
        state[relation.name] = []
    if kind == "total":
        state["countries"] = []
    return Plan(kind, number, None, None, state)


def names_people(plan: Plan) -> bool:
    """Whether a change of the record changes all that name it, too."""
    return issubclass(plan.model, Person)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)
