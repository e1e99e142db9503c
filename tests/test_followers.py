"""Whoever follows the changes, or asks about the past, while many people publish.

On a real server with several processes, and publishers in processes of their own, so that the
database's own locks and snapshots are at work.
"""

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import requests

from tests.servers import ROOT, copied, environment_of, running

PUBLISHERS = 6
ROUNDS = 8
# In each round a publisher publishes two topics, revises one and withdraws or merges the other.
ROWS = PUBLISHERS * ROUNDS * 4
_PUBLISHER = """
from agreements import workflow
from tests.builders import approved, reload, topic

def publish(record):
    workflow.publish([approved(record)])

for turn in range({rounds}):
    # Each turn is told.
    assert input() == "go on"
    one = topic("{name}-" + str(turn), "Kept")
    other = topic("{name}-gone-" + str(turn), "Gone")
    publish(one)
    publish(other)
    one.name = "Revised"
    one.save()
    publish(one)
    heir = reload(one) if turn % 2 else None
    workflow.withdraw(reload(other), "reviewer", "A mistake.", successor=heir)
"""


class Ground(NamedTuple):
    """A server on a database of its own: the address of its API, and how programs reach it."""

    api: str
    environment: dict[str, str]

    def head(self):
        return int(read(f"{self.api}/changes/", page_size=1).headers["Ledger-Head"])


@pytest.fixture(scope="module")
def ground(prepared, tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    with copied(prepared, state) as named, running(state, **named) as address:
        yield Ground(f"{address}/api/v1", environment_of(state, **named))


@pytest.fixture
def begun(ground):
    """The ledger's head before anybody publishes."""
    return ground.head()


@pytest.fixture
def publishers(ground, begun):
    """Programs that publish, all at once, until each is done."""
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "manage.py", "shell", "--no-imports", "-c"),
                _PUBLISHER.format(rounds=ROUNDS, name=f"{begun}-{number}"),
            ],
            cwd=ROOT,
            env=ground.environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PUBLISHERS)
    ]
    yield running
    for each in running:
        each.kill()
        each.stdin.close()
        each.stdin = None
        _, complaint = each.communicate()
        assert complaint == ""


def go_on(running, turns=1):
    """Let publishers publish so many more turns."""
    for each in running:
        each.stdin.write("go on\n" * turns)
        each.stdin.flush()


def finished(running):
    return all(each.poll() is not None for each in running)


def read(address, **query):
    answer = requests.get(address, params=query, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer


def rows_of(answer):
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_follower_misses_nothing_and_reads_nothing_twice(ground, begun, publishers):
    api = ground.api
    go_on(publishers, ROUNDS)
    seen, last, last_looks = [], begun, 0
    # Once more after the last publisher is done.
    while last_looks < 2:
        last_looks += finished(publishers)
        rows = read(f"{api}/changes/", since=last, page_size=100).json()["results"]
        assert [row["sequence"] for row in rows] == list(range(last + 1, last + len(rows) + 1))
        seen += rows
        last += len(rows)
    assert [each.returncode for each in publishers] == [0] * PUBLISHERS
    assert len(seen) == ROWS
    assert seen == rows_of(read(f"{api}/changes/", since=begun, format="ndjson"))
    each = PUBLISHERS * ROUNDS
    assert Counter(row["change"] for row in seen) == {
        "published": 2 * each,
        "revised": each,
        "withdrawn": each // 2,
        "merged": each // 2,
    }
    assert all(row["reason"] for row in seen if row["change"] in ("withdrawn", "merged"))
    assert all(row["merged_into"] for row in seen if row["change"] == "merged")


def test_what_was_read_of_a_moment_is_read_of_it_ever_after(ground, publishers):
    api = ground.api
    asked, heads, turns = [], set(), 0
    while not finished(publishers):
        # A moment that has only just passed, when somebody surely is about to publish.
        moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        for path in ("topics/", "changes/"):
            answer = read(f"{api}/{path}", as_of=moment, format="ndjson")
            asked.append((path, moment, answer))
            heads.add(answer.headers["Ledger-Head"])
        # The next turn is published once something of the last one was seen.
        if turns < min(len(heads), ROUNDS):
            go_on(publishers)
            turns += 1
    assert [each.returncode for each in publishers] == [0] * PUBLISHERS
    assert len(heads) >= ROUNDS
    for path, moment, answer in asked:
        if path == "changes/":
            # An answer is of one moment: the head that it names is that of its records.
            rows = rows_of(answer)
            assert rows[-1]["sequence"] == len(rows) == int(answer.headers["Ledger-Head"])
        again = read(f"{api}/{path}", as_of=moment, format="ndjson")
        assert again.text == answer.text, (path, moment)
        assert again.headers["ETag"] == answer.headers["ETag"]
