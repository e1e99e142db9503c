"""A command that is killed in the middle of its transaction leaves nothing, and runs again."""

import shutil
import signal
import subprocess
import sys

import pytest

from drills.desks import Desk
from drills.soundness import contents, fault_of
from drills.works import write_table
from tests.servers import ROOT, copied, environment_of, on_sqlite

# Kills its own process when all is written and nothing is committed.
KILLED = """
import os, signal, sys
from django.core.management import execute_from_command_line
from django.db.backends.base.base import BaseDatabaseWrapper
os.environ["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"
BaseDatabaseWrapper.commit = lambda connection: os.kill(os.getpid(), signal.SIGKILL)
execute_from_command_line(["manage.py", *sys.argv[1:]])
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


WORKS = {
    "load_readings": readings,
    "import_records": table,
    "loaddata": fixture,
    "publish": lambda folder: ["publish", "--all"],
}


@pytest.mark.parametrize("name", WORKS)
def test_nothing_is_left_of_it_and_the_next_run_succeeds(prepared, tmp_path, name):
    state = tmp_path / "state"
    with copied(prepared, state) as named:
        url = named.get("DATABASE_URL", f"sqlite:///{state}/coastguard.sqlite3")
        desk = Desk("killed", state, url, environment_of(state, **named))
        ready = run(desk, "manage.py", "shell", "-v0", "--no-imports", "-c", READY)
        assert ready.returncode == 0, ready.stderr
        command, before = WORKS[name](tmp_path), contents(desk)

        killed = run(desk, "-c", KILLED, *command)

        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert contents(desk) == before
        assert not on_sqlite() or fault_of(desk) == ""
        again = run(desk, "manage.py", *command)
        assert again.returncode == 0, again.stderr
        assert contents(desk) != before


def run(desk, *arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=desk.settings, capture_output=True, text=True
    )
