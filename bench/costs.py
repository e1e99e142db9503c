"""What each read costs the server when no answer is kept, on two databases in turn.

    bench/costs.py postgres://…/b1k postgres://…/b1m [--rounds 5] [only ...]

Each database is asked in a process of its own, in the program itself, without a server. Prints the
median processor and waiting time of both in milliseconds, their ratio, and the queries. A read
that is kept costs one look at the head, the same at every size: `bench/compare.py` measures that.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = {
    "list of 50": "agreements/?page_size=50",
    "timeline of 50": "engagements/?page_size=50",
    "by date, old first": "agreements/?ordering=date",
    "by title": "engagements/?ordering=title",
    "newest first": "engagements/?ordering=-published_at",
    "one record": "agreements/agreement-77/",
    "its revisions": "agreements/agreement-77/revisions/",
    "a frequent country": "agreements/?country=AF",
    "two countries": "agreements/?country=AF&country=AE",
    "two, dates, kind": "agreements/?country=AF&country=AE&date_from=1990&date_to=1999"
    "&instrument=treaty",
    "a force": "agreements/?force=force-5",
    "a role of a country": "agreements/?country=AE&role=observer",
    "a document": "engagements/?document=document-77",
    "dates": "agreements/?date_from=1990&date_to=1991",
    "a status of few": "agreements/?status=under-negotiation",
    "an instrument": "agreements/?instrument=treaty",
    "disputed": "engagements/?disputed=true",
    "frequent words": "agreements/?q=tim+kiem+cuu+nan",
    "rare words": "agreements/?q=zambia+albania",
    "words of none": "agreements/?q=xyzzy",
    "as of a moment": "agreements/?as_of=2100-01-01",
    "changes": "changes/",
    "how many": "agreements/?count=true",
    "statistics": "stats/",
    "statistics by year": "stats/?by=year",
    "statistics by country": "stats/?by=country",
    "partners by year": "stats/?by=partner,year&country=AF",
}


def ask() -> None:
    """Answer questions from standard input, a line each, with what they cost."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    # As a server begins, with all that it reads before it listens.
    import coastguard.wsgi  # noqa: F401
    from agreements import kept
    from agreements.heads import head_at
    from agreements.ledger import instant

    client = Client(SERVER_NAME="localhost")
    newest = head_at().published_at
    assert newest is not None
    for line in sys.stdin:
        path = f"/api/v1/{line.strip()}".replace("2100-01-01", instant(newest))
        kept.answers.clear()
        start = time.perf_counter()
        status = client.get(path).status_code
        spent = (time.perf_counter() - start) * 1000
        kept.answers.clear()
        with CaptureQueriesContext(connection) as queries:
            if spent < 1000:
                client.get(path)
        print(json.dumps([status, spent, len(queries)]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("databases", nargs=2)
    parser.add_argument("only", nargs="*", choices=[[], *QUESTIONS])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    asked = []
    for url in options.databases:
        environment = {**os.environ, "DATABASE_URL": url}
        command = [sys.executable, __file__, "--ask"]
        asked.append(
            subprocess.Popen(  # noqa: S603
                command,
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        )
    print(f"{'ms':<24}{'first':>9}{'second':>9}{'ratio':>8}  queries")
    for name, path in QUESTIONS.items():
        if options.only and name not in options.only:
            continue
        found: list[list[list[float]]] = [[], []]
        # One more, in which the database's own caches are filled.
        for turn in range(options.rounds + 1):
            for place, process in enumerate(asked):
                assert process.stdin is not None
                assert process.stdout is not None
                print(path, file=process.stdin, flush=True)
                answer = json.loads(process.stdout.readline())
                if turn:
                    found[place].append(answer)
        first, second = (statistics.median(each[1] for each in runs) for runs in found)
        queries = ", ".join(f"{max(each[2] for each in runs):.0f}" for runs in found)
        print(f"{name:<24}{first:>9.1f}{second:>9.1f}{second / first:>8.2f}  {queries}", flush=True)


if __name__ == "__main__":
    ask() if sys.argv[1:] == ["--ask"] else main()
