"""Hold that every filter and every order of every list is answered by an index.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/b100k bench/indexes.py

The database was filled by `bench/load.py`, with 100,000 records or more: of fewer, a planner may
well read the whole table. Asks for the first page and for one far down, and prints the indexes
that its queries used, from EXPLAIN. Ends with 1 where a table of the ledger was read whole, or a
filter is new and has no question here.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from agreements.catalogue.asking import ask  # noqa: E402
from agreements.catalogue.filters import EngagementFilterSet  # noqa: E402
from agreements.catalogue.listings import BY_KIND, ENGAGEMENTS  # noqa: E402
from agreements.catalogue.pages import ORDERS, cursor_at  # noqa: E402
from agreements.exceptions import BadParameters  # noqa: E402

LEDGER = re.compile(r"agreements_publication(facet)?$")
# A common value and a rare one, or what else is asked together.
FILTERS = {
    "kind": ["kind=agreement", "kind=exercise"],
    "country": ["country=AF", "country=AF&country=AE", "country=ZW"],
    "force": ["force=force-1", "force=force-1&force=force-5"],
    "role": ["role=signatory", "role=witness", "country=AF&role=observer"],
    "status": ["status=signed", "status=under-negotiation"],
    "happened": ["happened=true", "happened=false"],
    "place": ["place=VN", "place=VN:Hanoi"],
    "topic": ["topic=none"],
    "document": ["document=document-1"],
    "series": ["series=none"],
    "ordinal": ["series=none&ordinal=3"],
    "instrument": ["instrument=treaty", "instrument=other"],
    "activity": ["activity=joint-patrol"],
    "level": ["level=working"],
    "disputed": ["disputed=true", "disputed=false"],
    "overdue": ["overdue=true"],
    "undated": ["undated=true", "undated=false"],
    "date_from": ["date_from=2024-11", "date_from=1951-01-01&date_to=1952-02"],
    "date_to": ["date_to=1950", "date_to=2020", "country=AF&country=AE&date_to=1990"],
    "date_certain": ["date_certain=true&date_from=1990&date_to=1990", "date_certain=false"],
    "q": ["q=treaty", "q=tim+kiem+cuu+nan", "q=xyzzy", "q=zimbabwe+report", "q=a"],
}


def questions() -> Iterator[tuple[str, str]]:
    """Yield (listing's name, query) for what is asked."""
    for asked in FILTERS.values():
        yield from (("engagements", each) for each in asked)
    for name in ORDERS:
        yield from (("engagements", f"ordering={name}"), ("agreements", f"ordering={name}"))
    for listing in BY_KIND.values():
        yield listing.name, ""


def plans(name: str, query: str) -> Iterator[str]:
    """Yield the plan of each query for the first page and for one in the middle."""
    listing = {each.name: each for each in (*BY_KIND.values(), ENGAGEMENTS)}[name]
    answer = ask(listing, QueryDict(query))
    row = listing.records().order_by("date_key").first()
    asked = [QueryDict(query)]
    if row is not None:
        asked.append(QueryDict(query, mutable=True))
        asked[1]["cursor"] = cursor_at(row, answer.ordering)
    with CaptureQueriesContext(connection) as queries:
        for each in asked:
            # An empty page of what never was published is refused, after it was asked for.
            with suppress(BadParameters):
                answer.page(each, "")
    for statement in (made["sql"] for made in queries.captured_queries):
        if "ORDER BY" not in statement or '"date_key"' not in statement:
            continue
        with connection.cursor() as cursor_:
            if connection.vendor == "postgresql":
                cursor_.execute(f"EXPLAIN (FORMAT JSON) {statement}")
                yield json.dumps(cursor_.fetchone()[0])
            else:
                cursor_.execute(f"EXPLAIN QUERY PLAN {statement}")
                yield "\n".join(row[3] for row in cursor_.fetchall())


def read_of(plan: str) -> tuple[set[str], set[str]]:
    """Return the indexes that a plan reads, and the ledger's tables that it reads whole."""
    if connection.vendor == "postgresql":
        indexes = set(re.findall(r'"Index Name": "([^"]+)"', plan))
        whole = set(re.findall(r'"Node Type": "Seq Scan".*?"Relation Name": "([^"]+)"', plan))
    else:
        indexes = set(re.findall(r"USING (?:COVERING )?INDEX (\S+)", plan))
        whole = set(re.findall(r"^SCAN (\w+)$", plan, re.MULTILINE))
    return indexes, {table for table in whole if LEDGER.match(table)}


def main() -> int:
    missing = set(EngagementFilterSet.base_filters) - set(FILTERS)
    faults = [f"No question for the filter {name}." for name in sorted(missing)]
    for name, query in questions():
        indexes: set[str] = set()
        for plan in plans(name, query):
            found, whole = read_of(plan)
            indexes |= found
            faults += [f"{name}?{query}: reads all of {table}." for table in sorted(whole)]
        print(f"{f'{name}?{query}':<60} {', '.join(sorted(indexes))}", flush=True)
        if not indexes:
            faults.append(f"{name}?{query}: uses no index.")
    print("\n".join(["", *faults]) if faults else "\nEvery one by an index.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
