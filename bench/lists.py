"""Measure the lists and the queues of the desk on a database that `bench/load.py` has filled.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/b1m bench/lists.py [--rounds 5]

Each list is asked for as it comes, on its last page, by each of its orders, by the first and the
last choice of each of its filters, and searched for what is frequent, rare and nowhere. Beside the
server's time, the best of the rounds, stand the queries, and each table of which a query reads
every row although a list needs one page: what EXPLAIN says of that does not depend on the machine.
"""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

import django  # noqa: E402

django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from agreements.models import Agreement  # noqa: E402
from agreements.queues import QUEUES  # noqa: E402

GOAL = 300
WORDS = ("treaty", "mongolia japan", "zanzibar", "agreement-543", "vi")
# Tables of fewer rows are read as a whole in no time.
SMALL = 2000


def addresses(client: Client) -> Iterator[str]:
    """Yield the address of each list in each of its forms, of the front page and of each queue."""
    yield reverse("admin:index")
    yield from (reverse("queue", args=[key]) for key, each in QUEUES.items() if not each.page)
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != "agreements":
            continue
        address = reverse(f"admin:agreements_{model._meta.model_name}_changelist")
        yield address
        changes = client.get(address).context_data["cl"]
        if changes.paginator.num_pages > 1:
            yield f"{address}?p={changes.paginator.num_pages}"
        for number, name in enumerate(changes.list_display):
            if name in (changes.sortable_by or ()):
                yield from (f"{address}?o={number}", f"{address}?o=-{number}")
        for spec in changes.filter_specs:
            choices = list(spec.choices(changes))
            for choice in choices[1:2] + choices[2:][-1:]:
                yield address + choice["query_string"]
        if model_admin.search_fields:
            yield from (f"{address}?q={words.replace(' ', '+')}" for words in WORDS)


def read_whole(queries: list[dict[str, str]]) -> set[str]:
    """Return the tables, but for small ones, of which a query that stops at a limit reads all."""
    found = set()
    for query in queries:
        sql = query["sql"]
        if not re.match(r"\(?SELECT", sql) or "LIMIT" not in sql:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
                (plan,) = cursor.fetchone()
                found |= set(_sorted_scans(plan[0]["Plan"] if isinstance(plan, list) else plan))
            else:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                steps = [row[3] for row in cursor.fetchall()]
                if any("USE TEMP B-TREE FOR ORDER BY" in step for step in steps):
                    found |= {step.split()[1] for step in steps if re.match(r"SCAN \w+$", step)}
    return found


def _sorted_scans(plan: Any, beneath: bool = False) -> Iterator[str]:
    """Yield the tables that are read as a whole to be sorted."""
    if isinstance(plan, str):
        plan = json.loads(plan)[0]["Plan"]
    beneath = beneath or plan["Node Type"] == "Sort"
    if beneath and plan["Node Type"] == "Seq Scan" and plan["Plan Rows"] > SMALL:
        yield plan["Relation Name"]
    for each in plan.get("Plans", ()):
        yield from _sorted_scans(each, beneath)


def measured(client: Client, address: str, rounds: int) -> tuple[float, int, set[str]]:
    client.get(address)
    with CaptureQueriesContext(connection) as context:
        answer = client.get(address)
        queries = list(context.captured_queries)
    if answer.status_code != 200:  # noqa: PLR2004
        sys.exit(f"{address} answered {answer.status_code}")
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        client.get(address)
        times.append(time.perf_counter() - start)
    return min(times) * 1000, len(queries), read_whole(queries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of the addresses that are asked for")
    asked = parser.parse_args()
    users = get_user_model().objects
    user = users.filter(username="bench").first() or users.create_superuser("bench")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    over = 0
    print(f"{Agreement.objects.count():,} agreements; goal: {GOAL} ms")
    print(f"{'ms':>7}{'queries':>9}  address")
    for address in addresses(client):
        if asked.only not in address:
            continue
        best, number, whole = measured(client, address, asked.rounds)
        over += best > GOAL
        marks = ("  over" if best > GOAL else "") + "".join(f"  sorts all of {t}" for t in whole)
        print(f"{best:>7.0f}{number:>9}  {address}{marks}", flush=True)
    print(f"{over} over the goal")


if __name__ == "__main__":
    main()
