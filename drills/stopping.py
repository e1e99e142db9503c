"""A server is told to stop (SIGTERM) while it is asked, again and again: no request is dropped.

    python -m drills.stopping [--database sqlite|postgres] [--rounds N] [--seed N]

The server is started as `make serve` starts it. Clients with a connection for each request and
clients that keep theirs ask it for lists, records, pages and long exports, which some read slowly;
desk pages wait for a lock, so that they take seconds. Counted apart: a connection that was refused,
and one that was kept and closed before the next request on it was begun, which HTTP allows.
"""

import argparse
import random
import shlex
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from drills.asking import DROPPED, IDLE, REFUSED, WHOLE, Asked, Client, asking
from drills.desks import Desk, Desks, main
from drills.processes import ROOT, Ports, run, running, wait_until
from drills.report import Report

PATHS = (
    "/api/v1/meetings/?page_size={}",
    "/api/v1/engagements/?page_size={}",
    "/api/v1/changes/?page_size={}",
    "/api/v1/forces/?page_size={}",
    "/en/meetings/?page_size={}",
)
# All records with all that is cited for them: some hundred kilobytes.
EXPORTS = ("/api/v1/engagements/?format=ndjson", "/api/v1/engagements/?format=csv")
# Seconds after which the server kills workers that are not done: --workers-kill-timeout.
GRACE = 30
# Seconds after which a server that was told to stop has failed to.
STOPPED = 60


@dataclass
class Pace:
    """How a client asks: what is drawn by lot, pauses in seconds, and who it says it is."""

    draw: random.Random
    between_requests: Sequence[float] = (0,)
    between_pieces: float = 0.0
    cookie: str = ""

    def path(self, paths: Sequence[str]) -> str:
        return self.draw.choice(paths).format(self.draw.randrange(1, 60))


def command(port: int) -> list[str]:
    """Return how `make serve` starts the server."""
    told = run(
        ["make", "-C", str(ROOT), "--dry-run", "--no-print-directory", "serve", f"PORT={port}"]
    ).replace("\\\n", " ")
    (line,) = [line for line in told.splitlines() if " -m granian " in line]
    words = shlex.split(line.removeprefix("exec "))
    return [sys.executable, *words[1:]]


def ready(port: int, workers: int = 2) -> bool:
    """Return whether every worker listens at a port: each has a socket of its own."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    listening = sum(each[1].endswith(f":{port:04X}") and each[3] == "0A" for each in lines)
    return listening >= workers


def ask_on(client: Client, paths: Sequence[str], pace: Pace, over: threading.Event) -> None:
    """Ask for paths drawn by lot until the server takes no connection any more.

    One that was told to stop and goes on for long is left at it.
    """
    asked, end = client.asked, float("inf")
    while not (over.is_set() and asked.outcomes[REFUSED] + asked.outcomes[IDLE]):
        if over.is_set():
            end = min(end, time.monotonic() + STOPPED)
        if time.monotonic() > end:
            break
        client.ask(pace.path(paths), pace.between_pieces, pace.cookie)
        over.wait(pace.draw.choice(pace.between_requests))
    client.close()


@contextmanager
def writers_held_up(desk: Desk) -> Iterator[None]:
    """Let nobody note that they look at a record: the desk's pages wait for that."""
    if desk.url.startswith("sqlite"):
        writer = sqlite3.connect(desk.file, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.execute("ROLLBACK")
        writer.close()
    else:
        with psycopg.connect(desk.url) as connection:
            connection.execute("LOCK TABLE agreements_presence IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()


def stop_under_load(
    desk: Desk, port: int, seed: str, log: Path, name: str = "analyst-one"
) -> tuple[Asked, float]:
    """Start a server, ask it, tell it to stop; return what came of it and how long it took.

    `name` is somebody who may edit records.
    """
    draw = random.Random(seed)  # noqa: S311
    pages = [f"/admin/agreements/meeting/{key}/change/" for key in desk.numbers("meeting")]
    kinds = [
        # How many, what they ask for, with one connection for all, and at which pace.
        (24, PATHS, False, Pace(draw)),
        (6, PATHS, True, Pace(draw, (0, 0, 0.01, 0.05))),
        (3, EXPORTS, False, Pace(draw, between_pieces=0.02)),
        (2, pages, False, Pace(draw, cookie=desk.session(name))),
    ]
    asked = Asked()
    with running(command(port), log, desk.settings) as server:
        wait_until(partial(ready, port), "both workers listen", 600)
        loops = [
            partial(ask_on, Client(port, asked, keep_alive), paths, pace)
            for number, paths, keep_alive, pace in kinds
            for _ in range(number)
        ]
        with asking(*loops) as over:
            time.sleep(draw.uniform(1, 4))
            with writers_held_up(desk):
                time.sleep(draw.uniform(0, 1))
                began = time.monotonic()
                over.set()
                server.send_signal(signal.SIGTERM)
                time.sleep(draw.uniform(1, 3))
            server.wait(STOPPED)
            took = time.monotonic() - began
    return asked, took


def drill(report: Report, desks: Desks, options: argparse.Namespace) -> None:
    report.step("A desk with the shipped records")
    desk, addresses = desks.filled("desk"), Ports(options.addresses)
    all_asked, took = Asked(), []
    for number in range(options.rounds):
        seed = f"{options.seed}-{number}"
        asked, seconds = stop_under_load(desk, addresses.take(), seed, desks.folder / "log")
        took.append(seconds)
        all_asked.join(asked)
        report.step(
            f"{number + 1}: stopped in {seconds:.1f} s, slowest answer {asked.slowest:.1f} s"
        )
        for each in asked.dropped:
            report.step(f"  dropped: {each}")
    outcomes, answered = all_asked.outcomes, dict(all_asked.statuses)
    report.check(outcomes[WHOLE] > 0, "requests answered whole, by status", answered)
    report.check(set(answered) <= {200, 302}, "nothing else was answered", sorted(answered))
    report.check(not outcomes[DROPPED], "no accepted request was dropped", outcomes[DROPPED])
    report.tell("refused, since no connection was taken any more", outcomes[REFUSED])
    report.tell("kept connections closed between two requests", outcomes[IDLE])
    report.check(max(took) < GRACE, f"it stops within {GRACE} s", f"{max(took):.1f} s at most")


if __name__ == "__main__":
    main("SIGTERM under load", __doc__, 20, drill)
