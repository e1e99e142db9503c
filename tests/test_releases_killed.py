"""A release that is killed half-way: nothing is served, and the next run succeeds."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.released import Manage, program, sums
from tests.servers import copied

# Kills its own process when the interpreter reports a step: `event` of something so named.
KILLED = """
import os, signal, sys
event, name = sys.argv.pop(1), sys.argv.pop(1)

def reported(happened, told):
    if happened == event and os.path.basename(str(told[0])) == name:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(reported)
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""
ASKED = """
from django.test import Client
for path in ("", "1.0.0/", "1.0.0/README.md", "latest/"):
    print(Client().get("/api/v1/releases/" + path, SERVER_NAME="localhost").status_code)
print(len(Client().get("/api/v1/releases/", SERVER_NAME="localhost").json()["results"]))
"""
STEPS = {
    "first record": ("open", "countries.ndjson"),
    "database": ("sqlite3.connect", "maritime-agreements.sqlite"),
    "sums": ("open", "SHA256SUMS"),
    "everything in one": ("open", "maritime-agreements-1.0.0.zip"),
    # The files are whole and the row is written, but neither moved nor committed.
    "move": ("os.rename", ".unfinished-1.0.0"),
    # Moved, and not committed: the folder is opened to see the move to the disk.
    "commit": ("open", "releases"),
}


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def manage(prepared, state) -> Iterator[Manage]:
    with copied(prepared, state) as named:
        yield program(state, **named)


@pytest.fixture(scope="module")
def undisturbed(state, manage) -> str:
    """What the sums of the release are where nobody kills it."""
    ended = manage("make_release", "1.0.0", "--output", state / "undisturbed")
    assert ended.returncode == 0, ended.stderr
    return sums(state / "undisturbed")


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_served_of_it(state, manage, undisturbed, step):
    ended = manage(*STEPS[step], "make_release", "1.0.0", python=("-c", KILLED))
    assert ended.returncode == -signal.SIGKILL, ended.stderr

    asked = manage("shell", "-v0", "-c", ASKED)
    assert asked.stdout.split() == ["200", "404", "404", "404", "0"], asked.stderr


def test_the_next_run_succeeds(state, manage, undisturbed):
    """After one that was killed while it wrote, and one that was killed before it committed."""
    for step in ("database", "commit"):
        ended = manage(*STEPS[step], "make_release", "1.0.0", python=("-c", KILLED))
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert (state / "releases" / "1.0.0").exists()
    shutil.copytree(state / "releases" / "1.0.0", state / "releases" / ".unfinished-0.9.0")

    ended = manage("make_release", "1.0.0")

    assert ended.returncode == 0, ended.stderr
    assert sums(state / "releases" / "1.0.0") == undisturbed
    assert {path.name for path in (state / "releases").iterdir()} == {".lock", "1.0.0"}
    asked = manage("shell", "-v0", "-c", ASKED)
    assert asked.stdout.split() == ["200", "200", "200", "302", "1"], asked.stderr
