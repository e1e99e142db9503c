"""What is shown beside a record of each kind: what it is part of, and what belongs to it."""

from collections.abc import Callable
from typing import Any

from agreements import totals
from agreements.catalogue.asking import ask, question
from agreements.catalogue.listings import ENGAGEMENTS, FORCES
from agreements.catalogue.names import names_of
from agreements.catalogue.pages import page_of
from agreements.catalogue.records import Record
from agreements.pages.entries import Entry, entries, found_entries
from agreements.pages.timelines import counts_by_kind, partners, timeline
from agreements.pages.words import kinds_in_words, language_now

# Kinds whose pages hold a list that may come in several parts.
LISTED = ("force", "country", "topic", "total")
_MOST = 100


class Around:
    """What belongs to a record, asked as of the moment that its page is about."""

    def __init__(self, record: Record, body: dict[str, Any], as_of: str, cursor: str, address: str):
        self.record = record
        self.body = body
        self.as_of = as_of
        self.cursor = cursor
        self.address = address

    def shown(self) -> dict[str, Any]:
        """Return what the template of the record's kind shows besides the record."""
        show: Callable[[], dict[str, Any]] | None = getattr(self, f"_{self.record.row.kind}", None)
        return show() if show else {}

    def _dated(self, **asked: str) -> dict[str, Any]:
        query = question(as_of=self.as_of, **asked)
        return {
            "asked": asked,
            "timeline": timeline(query, self.cursor, self.address),
            "counts": counts_by_kind(query),
        }

    def _force(self) -> dict[str, Any]:
        query = question(as_of=self.as_of, force=self.body["slug"])
        return {
            **self._dated(force=self.body["slug"]),
            "partners": partners(query, self.body["country"]["code"]),
        }

    def _country(self) -> dict[str, Any]:
        code = self.body["code"]
        query = question(as_of=self.as_of, country=code, page_size=_MOST)
        forces = ask(FORCES, query)
        return {
            **self._dated(country=code),
            "partners": partners(question(as_of=self.as_of, country=code), code),
            "forces": found_entries(forces, forces.page(query, "").rows),
        }

    def _topic(self) -> dict[str, Any]:
        return self._dated(topic=self.body["slug"])

    def _series(self) -> dict[str, Any]:
        query = question(as_of=self.as_of, series=self.body["slug"])
        answer = ask(ENGAGEMENTS, query)
        found = [entry for rows in answer.everything() for entry in found_entries(answer, rows)]
        numbered = sorted(
            (entry for entry in found if entry.body["ordinal"]),
            key=lambda entry: (entry.body["ordinal"], entry.key),
        )
        return {
            "asked": {"series": self.body["slug"]},
            "run": list(_with_gaps(numbered)),
            "unnumbered": [entry for entry in found if not entry.body["ordinal"]],
        }

    def _document(self) -> dict[str, Any]:
        by_kind: dict[str, list[dict[str, str]]] = {}
        for row in self.body["records"]:
            by_kind.setdefault(row["kind"], []).append(row)
        groups = [
            {"kind": kind, "text": kinds_in_words(kind), "records": rows}
            for kind, rows in by_kind.items()
        ]
        return {"cited_by": groups}

    def _total(self) -> dict[str, Any]:
        rows, codes = totals.matching(self.body, self.record.standing)
        query = question(cursor=self.cursor, page_size=_MOST)
        page = page_of(rows, query, self.address, "date")
        standing = self.record.standing
        keys = [("country", code) for code in codes or ()]
        names = names_of(standing, keys, language_now())
        return {
            "matching": entries(page.rows, [row.body_data for row in page.rows], standing),
            "page": page,
            "counted": [(code, names.of("country", code)) for code in codes or ()],
        }


def _with_gaps(numbered: list[Entry]) -> Any:
    """Yield ("entry", number, entry), and where numbers are lacking ("gap", first, last)."""
    expected = 1
    for entry in numbered:
        number = entry.body["ordinal"]
        if number > expected:
            yield "gap", expected, number - 1
        yield "entry", number, entry
        expected = number + 1
