"""A command that is killed in the middle of its transaction leaves nothing, and runs again."""

import json
import shutil
import signal
import subprocess
import sys

import pytest

from drills.works import write_table
from tests.servers import ROOT, copied, environment_of

# Runs commands one after the other in copies of itself: first killed when all is written and
# nothing committed, then to its end. Says what each left.
KILLED = """
import json, os, signal, sys
from pathlib import Path
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"
django.setup()
from django.core.management import execute_from_command_line
from django.db.backends.base.base import BaseDatabaseWrapper
from drills.desks import Desk
from drills.forked import fork
from drills.soundness import contents

def killed(connection):
    os.kill(os.getpid(), signal.SIGKILL)

def run(command, is_killed):
    if is_killed:
        BaseDatabaseWrapper.commit = killed
    execute_from_command_line(["manage.py", *command])

state, url = Path(os.environ["COASTGUARD_STATE"]), os.environ.get("DATABASE_URL")
desk = Desk("killed", state, url or f"sqlite:///{state}/coastguard.sqlite3", {})
output = state / "output"
for name, command in json.loads(sys.argv[1]).items():
    left = [contents(desk)]
    codes = []
    for is_killed in (True, False):
        codes.append(fork(lambda: run(command, is_killed), output).wait()[0])
        left.append(contents(desk))
    print(json.dumps([name, codes, left, output.read_text()]), flush=True)
"""
# Somebody edited every meeting, and somebody else approved it.
READY = """
from agreements import workflow
from agreements.models import Meeting
for meeting in Meeting.objects.all():
    meeting.summary = "Edited, and approved again."
    meeting.save()
    workflow.record_edit(meeting, "analyst")
    workflow.submit(meeting, "analyst")
    workflow.approve(meeting, "reviewer")
"""


def readings(folder):
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    path = folder / "seeds" / "vna-vcg-jcg-talks.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("status: signed", "status: in-force"), encoding="utf-8")
    return ["load_readings", str(folder / "seeds"), "--overwrite"]


def table(folder):
    write_table(folder / "table.csv", rows=20)
    return ["import_records", "exercise", str(folder / "table.csv")]


def fixture(folder):
    path = ROOT / "fixtures" / "3_engagements.json"
    text = path.read_text(encoding="utf-8")
    (folder / "changed.json").write_text(text.replace('"held"', '"unconfirmed"'), encoding="utf-8")
    return ["loaddata", str(folder / "changed.json"), "--overwrite"]


@pytest.fixture(scope="module")
def outcomes(prepared, tmp_path_factory):
    """What each command left when it was killed, and when it was not: by their names."""
    folder = tmp_path_factory.mktemp("killed")
    works = {
        "approve": ["shell", "-v0", "--no-imports", "-c", READY],
        "publish": ["publish", "--all"],
        "import_records": table(folder),
        "load_readings": readings(folder),
        "loaddata": fixture(folder),
    }
    with copied(prepared, folder / "state") as named:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, json.dumps(works)],
            cwd=ROOT,
            env=environment_of(folder / "state", **named),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    return {name: rest for name, *rest in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", ["publish", "import_records", "load_readings", "loaddata"])
def test_nothing_is_left_of_it_and_the_next_run_succeeds(outcomes, name):
    codes, (before, killed, again), told = outcomes[name]
    assert codes == [-signal.SIGKILL, 0], told
    assert killed == before
    assert again != before
