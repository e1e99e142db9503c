"""What can go wrong, once. Each edge turns these into its own kind of answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class AgreementsError(Exception):
    """The base of every error that a user can mend."""


class WorkflowError(AgreementsError):
    """A record cannot make this step of its review, and why."""


class Conflict(WorkflowError):
    """Somebody else changed a record since it was looked at, or nothing tells when it was.

    `seen` is the version that was looked at, None where that is not known.
    """

    def __init__(self, record: object, seen: int | None, message: str):
        self.record = record
        self.seen = seen
        super().__init__(message)


class SnapshotError(AgreementsError):
    """An earlier state of a record cannot be restored as things stand."""


class DeskError(AgreementsError):
    """What was asked of a document's text, or of a record through it, cannot be done."""


class QualityError(AgreementsError):
    """A record lacks what publication requires. `problems` holds one line for each lack."""

    def __init__(self, record: object, problems: list[str]):
        self.record = record
        self.problems = problems
        super().__init__(f"{record}: " + " ".join(problems))


class IntakeError(AgreementsError):
    """A text or a file cannot become a document, and why."""


class LedgerError(AgreementsError):
    """The ledger refuses a change, or its chain does not hold."""


class RoleError(AgreementsError):
    """A role of the database is not there, or may do more than it should."""


class ReleaseError(AgreementsError):
    """A release cannot be made, and why."""


class BackupError(AgreementsError):
    """A backup cannot be made, is not whole, or cannot be restored, and why."""


class BadParameters(AgreementsError):
    """What was asked for is unknown, repeated or out of range.

    `faults` holds, by the name of the parameter, what would be accepted.
    """

    def __init__(self, faults: Mapping[str, str]):
        self.faults = faults
        super().__init__(" ".join(f"{name}: {text}" for name, text in faults.items()))


@dataclass(frozen=True, order=True)
class ReadingProblem:
    """One fault in a reading: where it is, and what would be accepted."""

    path: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.message}"


class ReadingError(AgreementsError):
    """Readings cannot be loaded. `problems` lists every fault that was found."""

    def __init__(self, problems: list[ReadingProblem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ExchangeProblem(NamedTuple):
    """One fault in a file that was brought in: where it is, and what would be accepted.

    `row` is as a spreadsheet counts: the header is row 1; 0 is the file as a whole. `column` is
    the name of the column, or its letter where it has none; "" is the whole row.
    """

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"{self.row}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.message}" if self.row else self.message


class ExchangeError(AgreementsError):
    """A file cannot be imported or written. `problems` lists every fault that was found."""

    def __init__(self, problems: list[ExchangeProblem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
