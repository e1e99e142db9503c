"""Read the API beside plain REST framework and a bare server, over the same rows, in turn.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/b100k bench/compare.py [--rounds 3]

The database was filled by `bench/load.py`. Every round asks every question of every peer, so that
whatever else the machine does falls on all of them; only ratios within a run count. Needs wrk
(Debian's package). Prints requests a second with their spread, times, bytes, queries and memory,
and each goal with what was reached.
"""

import argparse
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")
# The same for the servers, so that they take the cursors made here.
os.environ.setdefault("SECRET_KEY", "a-secret-of-benchmarks-alone")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from agreements import kept  # noqa: E402
from agreements.catalogue.asking import ask  # noqa: E402
from agreements.catalogue.listings import AGREEMENTS  # noqa: E402
from agreements.catalogue.pages import cursor_at, order_of  # noqa: E402
from agreements.models import Publication, PublicationFacet  # noqa: E402
from bench.data import SUBJECTS, TYPES  # noqa: E402
from bench.load import INSTRUMENTS  # noqa: E402

PAGE = 50
API = "/api/v1/agreements/"
PROJECT, COLD, PLAIN, BARE = "project", "project, nothing kept", "plain", "bare"
PEERS = {
    PROJECT: ("coastguard.wsgi:application", {}),
    COLD: ("coastguard.wsgi:application", {"KEPT_ANSWERS_MB": "0"}),
    PLAIN: ("bench.plain.wsgi:application", {}),
    BARE: ("bench.bare:application", {}),
}
# Above this many records, what a goal is where it is another one.
MANY = 100_000
Asked = dict[str, list[str]]


@dataclass(frozen=True)
class Goal:
    """That a question costs at least (or about) so much less than another one."""

    question: str
    ratio: float
    peer: str
    other: str = ""
    many: float = 0.0
    spread: float = 0.0

    def told(self, rates: dict, records: int, sqlite: bool) -> str:
        ours = statistics.median(rates[PROJECT, self.question])
        theirs = rates.get((self.peer, self.other or self.question))
        if not theirs or not statistics.median(theirs):
            return ""
        reached = ours / statistics.median(theirs)
        wanted = self.many if self.many and records >= MANY else self.ratio
        if self.question == "list" and self.peer == PLAIN and sqlite:
            wanted = 15
        if self.spread:
            good = abs(reached - self.ratio) <= self.spread
            sign = f"{self.ratio:g} ± {self.spread:g}"
        else:
            good, sign = reached >= wanted, f"≥ {wanted:g}"
        against = f"{self.peer} {self.other}".strip()
        mark = "reached" if good else "MISSED"
        return f"{self.question:<12} {reached:8.2f} × {against:<14} goal {sign:<10} {mark}"


GOALS = (
    Goal("list", 30, PLAIN),
    Goal("list", 0.6, BARE),
    Goal("one record", 12, PLAIN),
    Goal("filtered", 5, PLAIN, many=20),
    Goal("search", 20, PLAIN, many=400),
    Goal("unchanged", 50, PLAIN, "list"),
    Goal("deep page", 1, PROJECT, "list", spread=0.2),
)


def questions(seed: int) -> dict[str, dict[str, Asked]]:
    """Return the addresses by question and peer; a question names the same records to all."""
    dice = random.Random(seed)  # noqa: S311
    rows = Publication.objects.current().filter(kind="agreement")
    number = rows.count()
    answer = ask(AGREEMENTS, QueryDict())
    ordered = answer.rows.order_by(*(("" if up else "-") + name for name, up in order_of("-date")))

    def cursors(places: list[int]) -> list[str]:
        found = (ordered[place - 1 : place].get() for place in places)
        return [cursor_at(row, "-date") for row in found]

    deep = int(number * 0.9) // PAGE * PAGE
    deep_places = [deep - PAGE * step for step in range(5)]
    first_places = [PAGE * step for step in range(1, 5)]
    slugs = [f"agreement-{dice.randrange(1, number + 1)}" for _ in range(200)]
    filters = [_filter(dice, pair) for pair in _pairs()]
    words = [quote(subject) for pair in SUBJECTS for subject in pair]
    sized = f"{API}?page_size={PAGE}"
    pages = range(1, 6)
    found: dict[str, dict[str, list[str]]] = {
        "list": {
            PROJECT: [sized, *(f"{sized}&cursor={quote(each)}" for each in cursors(first_places))],
            PLAIN: [f"/agreements/?page={page}" for page in pages],
            BARE: [f"/agreements/?page={page}" for page in pages],
        },
        "one record": {
            PROJECT: [f"{API}{slug}/" for slug in slugs],
            PLAIN: [f"/agreements/{slug}/" for slug in slugs],
            BARE: [f"/agreements/{slug}/" for slug in slugs],
        },
        "filtered": {
            PROJECT: [f"{sized}&{each}" for each in filters],
            PLAIN: [f"/agreements/?{each}" for each in filters],
        },
        "search": {
            PROJECT: [f"{sized}&q={each}" for each in words],
            PLAIN: [f"/agreements/?search={each}" for each in words],
        },
        "deep page": {
            PROJECT: [f"{sized}&cursor={quote(each)}" for each in cursors(deep_places)],
            PLAIN: [f"/agreements/?page={place // PAGE + 1}" for place in deep_places],
            BARE: [f"/agreements/?page={place // PAGE + 1}" for place in deep_places],
        },
        "statistics": {PROJECT: ["/api/v1/stats/?by=country", "/api/v1/stats/?by=year"]},
    }
    found["unchanged"] = {PROJECT: found["list"][PROJECT]}
    for asked in found.values():
        asked[COLD] = asked[PROJECT]
    return found  # type: ignore[return-value]


def _pairs() -> list[tuple[str, str]]:
    """Return pairs of countries that have much to do with each other."""
    most = (
        PublicationFacet.objects.filter(facet="country", publication__kind="agreement")
        .values_list("value")
        .annotate(number=Count("pk"))
        .order_by("-number", "value")
    )
    codes = [code for code, _number in most[:8]]
    return [(one, other) for place, one in enumerate(codes) for other in codes[place + 1 :]]


def _filter(dice: random.Random, pair: tuple[str, str]) -> str:
    year = 1985 + dice.randrange(30)
    instrument = INSTRUMENTS[dice.choice(list(TYPES))]
    return (
        f"country={pair[0]}&country={pair[1]}&date_from={year}-01-01&date_to={year + 8}-12-31"
        f"&instrument={instrument}"
    )


@contextmanager
def serving(port: int, application: str, given: dict[str, str]) -> Iterator[int]:
    """Serve an application as the Makefile does; yield the process's number."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        *("--log-level", "error", application),
    ]
    server = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env={**os.environ, **given}, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Return when a server takes connections."""
    for _ in range(300):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"The server at port {port} did not start.")


def answer_of(port: int, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    client.request("GET", path)
    response = client.getresponse()
    return response, response.read()


def load(port: int, lines: list[str], clients: int, seconds: float) -> dict[str, float]:
    """Return what wrk measures when it asks for addresses in turn."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command = [
            *("wrk", "--threads", "1", "--connections", str(clients), "--timeout", "60s"),
            *("--duration", f"{seconds:.0f}s", "--script", str(ROOT / "bench" / "rotate.lua")),
            *(f"http://127.0.0.1:{port}", "--", file.name),
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"^FOUND (.*)$", told.stdout, re.MULTILINE)
    if found is None:
        sys.exit(told.stdout + told.stderr)
    return json.loads(found.group(1).replace("nan", "0"))


def give_up_unread() -> None:
    """Stop what nobody waits for any more: of a slow peer it would go on beside the next one."""
    if connection.vendor != "postgresql":
        return
    going_on = (
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE state = 'active'"
        " AND datname = current_database() AND backend_type = 'client backend'"
        " AND pid <> pg_backend_pid()"
    )
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute(going_on)
            if not cursor.fetchall():
                return
            time.sleep(0.1)


def memory(process: int) -> float:
    """Return the megabytes that a server and its workers hold, what they share counted once."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    total = 0
    for each in (process, *map(int, children)):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE).group(1))  # type: ignore[union-attr]
    return total / 1024


def queries_of(path: str) -> tuple[int, int]:
    """Return how many queries an answer takes, at first and when it is kept."""
    client = Client(SERVER_NAME="localhost")
    kept.answers.clear()
    found = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        found.append(len(queries))
    return found[0], found[1]


def compare(options: argparse.Namespace) -> None:
    asked = questions(options.seed)
    records = Publication.objects.current().filter(kind="agreement").count()
    rates: dict[tuple[str, str], list[float]] = defaultdict(list)
    measured: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    with ExitStack() as servers:
        ports, processes = {}, {}
        for place, (peer, (application, given)) in enumerate(PEERS.items()):
            ports[peer] = options.port + place
            processes[peer] = servers.enter_context(serving(ports[peer], application, given))
        idle = {peer: memory(process) for peer, process in processes.items()}
        for turn in range(options.rounds):
            for question, peers in asked.items():
                # The other way round in every second turn.
                for peer in sorted(peers, reverse=turn % 2 == 1):
                    lines = peers[peer]
                    if turn == 0 or peer == COLD:
                        answer_of(ports[peer], lines[0])
                    if question == "unchanged":
                        lines = [
                            f"{path} {answer_of(ports[peer], path)[0].headers['ETag']}"
                            for path in lines
                        ]
                    found = load(ports[peer], lines, options.clients, options.seconds)
                    give_up_unread()
                    seconds = found["microseconds"] / 1e6
                    rates[peer, question].append(found["requests"] / seconds)
                    measured[peer, question].append(found)
        print(f"{records:,} agreements, {connection.vendor}, {options.clients} clients\n")
        print_table(asked, rates, measured, ports[PLAIN])
        print()
        for peer, process in processes.items():
            print(f"memory of {peer}: {idle[peer]:.0f} MB at first, {memory(process):.0f} MB now")
        print()
        for goal in GOALS:
            line = goal.told(rates, records, connection.vendor == "sqlite")
            if line:
                print(line)
        print(exported(ports[PROJECT], processes[PROJECT], records))


def print_table(asked: dict, rates: dict, measured: dict, plain: int) -> None:
    print(
        f"{'question':<12}{'peer':<24}{'req/s':>8}{'(min–max)':>16}{'p50 ms':>9}{'p99 ms':>9}"
        f"{'KiB':>8}{'queries':>9}{'bad':>5}"
    )
    for question, peers in asked.items():
        for peer in peers:
            runs, found = rates[peer, question], measured[peer, question]
            first, again = queries_of(peers[PROJECT][0])
            queries = {PROJECT: f"{first}, {again}", COLD: str(first), BARE: "1"}.get(peer)
            queries = queries or answer_of(plain, peers[PLAIN][0])[0].headers["Queries"]
            middle = {key: statistics.median(each[key] for each in found) for key in found[0]}
            size = middle["bytes"] / max(1, middle["requests"]) / 1024
            bad = sum(each["refused"] + each["broken"] for each in found)
            print(
                f"{question:<12}{peer:<24}{statistics.median(runs):>8.0f}"
                f"{f'({min(runs):.0f}–{max(runs):.0f})':>16}{middle['p50']:>9.1f}"
                f"{middle['p99']:>9.1f}{size:>8.1f}{queries:>9}{bad:>5.0f}"
            )


def exported(port: int, process: int, records: int) -> str:
    """Return how fast everything is written as JSON lines, beside PostgreSQL's own COPY."""
    before = peak = memory(process)
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, memory(process))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
    client.request("GET", f"{API}?format=ndjson")
    response = client.getresponse()
    size = lines = 0
    while piece := response.read(1 << 20):
        size += len(piece)
        lines += piece.count(b"\n")
    ours = time.perf_counter() - start
    done.set()
    watcher.join()
    assert lines == records, (lines, records)
    told = (
        f"{'export':<12} {size / 1e6:.0f} MB in {ours:.1f} s, {records / ours:,.0f} records"
        f" a second, {peak - before:.0f} MB above idle (goal ≤ 50)"
    )
    if connection.vendor != "postgresql":
        return told
    start = time.perf_counter()
    rows = ask(AGREEMENTS, QueryDict()).rows.order_by("undated", "-date_key", "sequence")
    statement, params = rows.values("body").query.sql_with_params()
    with connection.cursor() as cursor:
        written = cursor.cursor.mogrify(statement, params)
        with cursor.copy(f"COPY ({written}) TO STDOUT") as copy:
            copied = sum(len(block) for block in copy)
    theirs = time.perf_counter() - start
    reached = theirs / ours
    mark = "reached" if reached >= 0.5 else "MISSED"
    return f"{told}\n{'':<12} {reached:8.2f} × COPY of {copied / 1e6:.0f} MB  goal ≥ 0.5   {mark}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--port", type=int, default=8200, help="the first of four")
    parser.add_argument("--seed", type=int, default=1)
    compare(parser.parse_args())


if __name__ == "__main__":
    main()
