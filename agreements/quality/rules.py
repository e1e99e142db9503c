"""The rules that the program checks, and what comes of a check."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from agreements.exceptions import QualityError
from agreements.models import Reviewable
from agreements.quality import evidence, quotations, records
from agreements.quality.dossier import Dossier, dossiers_of


@dataclass(frozen=True)
class Finding:
    """Where a record falls short of a rule of the handbook, and what mends it.

    `field` is the field of the public record that it is about, "" for the record as a whole;
    what is `blocking` keeps the record from review and publication.
    """

    rule: str
    message: str
    field: str = ""
    blocking: bool = True

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Rule:
    """A rule by its name in the handbook; `faults` yields a field and a message for each fault."""

    name: str
    blocking: bool
    faults: Callable[[Dossier], Iterator[tuple[str, str]]]


# In the order of the handbook's table.
RULES = (
    Rule("E1", True, evidence.uncited_facts),
    Rule("S2", False, records.told_too_early),
    Rule("S3", False, records.overdue),
    Rule("I1", True, evidence.unreasoned_inferences),
    Rule("D3", True, evidence.uncertain_dates),
    Rule("D7", False, evidence.slips),
    Rule("Q1", True, quotations.long_quotations),
    Rule("Q2", True, quotations.whole_sentences),
    Rule("Q3", False, quotations.not_in_the_text),
    Rule("Q4", False, quotations.borrowed_words),
    Rule("C2", False, evidence.weak_facts),
    Rule("O1", False, evidence.one_origin),
    Rule("X1", True, evidence.empty_disputes),
    Rule("P1", True, records.no_participant),
    Rule("A1", True, records.one_country),
    Rule("A2", True, records.dated_count),
)


BLOCKING = tuple(rule for rule in RULES if rule.blocking)


def problems_of(record: Reviewable) -> Iterator[Finding]:
    """Yield what keeps a record from publication."""
    return (each for each in findings_of(record) if each.blocking)


def advice_of(record: Reviewable) -> Iterator[Finding]:
    """Yield what does not keep a record from publication and deserves a second look."""
    return (each for each in findings_of(record) if not each.blocking)


def findings_of(record: Reviewable, texts: Mapping[int, str] | None = None) -> Iterator[Finding]:
    """Yield both; `texts` are the held texts by their documents' keys, where they were read."""
    dossier = Dossier(record, texts)
    for rule in RULES:
        for field, message in rule.faults(dossier):
            yield Finding(rule.name, message, field, rule.blocking)


def check(record: Reviewable) -> None:
    """Raise a QualityError that lists everything that the record lacks."""
    check_together([record])


def check_together(records: Iterable[Reviewable]) -> None:
    """Raise a QualityError of the first of several records that lacks anything."""
    for error in faults_of(records):
        raise error


def faults_of(records: Iterable[Reviewable]) -> Iterator[QualityError]:
    """Yield a QualityError for each of several records that lacks anything.

    Of records that were loaded whole, one query reads the texts that any of them quotes.
    """
    for dossier in dossiers_of(records):
        problems = [message for rule in BLOCKING for _, message in rule.faults(dossier)]
        if problems:
            yield QualityError(dossier.record, problems)
