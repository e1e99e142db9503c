"""Engagements year by year, with what is planned and what has no date shown apart."""

from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict

from agreements.catalogue.asking import Answer, ask, question
from agreements.catalogue.listings import ENGAGEMENTS
from agreements.catalogue.names import Name, names_of
from agreements.catalogue.statistics import statistics
from agreements.models import ActivityStatus
from agreements.pages.entries import Entry, found_entries
from agreements.pages.words import kinds_in_words, language_now

_AT_A_TIME = 100
_PLANNED = ActivityStatus.PLANNED.value


@dataclass(frozen=True)
class Year:
    year: int
    entries: list[Entry]


@dataclass(frozen=True)
class Timeline:
    """One page of a timeline. `planned` are all that are planned, on the first page."""

    years: list[Year]
    undated: list[Entry]
    planned: list[Entry]
    next: str | None
    previous: str | None

    @property
    def empty(self) -> bool:
        return not (self.years or self.undated or self.planned)


@dataclass(frozen=True)
class KindCount:
    """How many records of a kind there are."""

    kind: str
    text: str
    count: int


@dataclass(frozen=True)
class Partner:
    """A country that took part beside another one, and in how many records."""

    code: str
    name: Name
    count: int
    pair: tuple[str, ...]


def timeline(asked: QueryDict, cursor: str, address: str) -> Timeline:
    """Return the timeline of what a query asks for, from a cursor on; `address` is the page's."""
    query = asked.copy()
    query["ordering"], query["page_size"] = "date", str(_AT_A_TIME)
    if cursor:
        query["cursor"] = cursor
    answer = ask(ENGAGEMENTS, query)
    page = answer.page(query, address)
    planned = [] if cursor else _planned(asked)
    entries = found_entries(answer, page.rows)
    come = [entry for entry in entries if entry.body["status"] != _PLANNED]
    dated = [entry for entry in come if entry.year is not None]
    years = [
        Year(year, list(some)) for year, some in groupby(dated, key=lambda entry: entry.year or 0)
    ]
    undated = [entry for entry in come if entry.year is None]
    return Timeline(years, undated, planned, page.next, page.previous)


def _planned(asked: QueryDict) -> list[Entry]:
    query = asked.copy()
    query["ordering"], query["page_size"], query["status"] = "date", str(_AT_A_TIME), _PLANNED
    answer: Answer = ask(ENGAGEMENTS, query)
    return found_entries(answer, answer.page(query, "").rows)


def counts_by_kind(asked: QueryDict) -> list[KindCount]:
    """Return how many records of each kind a query finds; kinds with none are left out."""
    query = asked.copy()
    query["by"] = "kind"
    rows = statistics(query).rows
    return [KindCount(row["kind"], kinds_in_words(row["kind"]), row["count"]) for row in rows]


def partners(asked: QueryDict, home: str) -> list[Partner]:
    """Return the countries beside those that a query asks for, the most frequent first.

    `home` is the country with which each of them is a pair.
    """
    query = asked.copy()
    query["by"] = "partner"
    rows = [row for row in statistics(query).rows if row["partner"]]
    answer = ask(ENGAGEMENTS, question(as_of=asked.get("as_of")))
    keys = [("country", row["partner"]) for row in rows]
    names = names_of(answer.standing, keys, language_now())
    found = [
        Partner(
            row["partner"],
            names.of("country", row["partner"], row["partner_name"] or ""),
            row["count"],
            tuple(sorted((home, row["partner"]))),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (-each.count, each.code))
