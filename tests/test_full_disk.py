"""The disk is full: nothing of what was to be stored is there, and it is said in words.

SQLite is refused every write by a limit on the size of files; of PostgreSQL, a trigger says what
the server says when its disk is full. On a disk that is full, see drills/full_disk.py.
"""

import json
import subprocess
import sys

import pytest

from drills.desks import Desk
from drills.soundness import contents, fault_of
from drills.works import write_table
from tests.servers import PASSWORD, ROOT, copied, environment_of, on_sqlite

BEGUN = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "coastguard.settings"
django.setup()
"""
TRIED = """
import io, json, resource, sys
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from agreements import workflow
from agreements.models import Meeting
from tests.admin_pages import fields_of

table, password = sys.argv[1:]
client = Client(SERVER_NAME="localhost", raise_request_exception=False)
client.login(username="analyst", password=password)
page = "/admin/agreements/meeting/%d/change/" % Meeting.objects.order_by("pk").first().pk
form = fields_of(client.get(page).content.decode(), "meeting_form")
meeting = Meeting.objects.order_by("pk").last()
workflow.record_edit(meeting, "analyst")
workflow.submit(meeting, "analyst")
workflow.approve(meeting, "reviewer")

def full(is_full):
    if connection.vendor == "sqlite":
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096 if is_full else most, most))
    else:
        with connection.cursor() as cursor:
            for name in ("change", "publication", "engagement", "release"):
                cursor.execute(
                    f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON agreements_{name} "
                    "EXECUTE FUNCTION full_disk()"
                    if is_full
                    else f"DROP TRIGGER full_disk ON agreements_{name}"
                )

def command(*arguments):
    try:
        call_command(*arguments, stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        return str(error)
    return "done"

def everything():
    saved = client.post(page, {**form, "summary": "Typed while it was full."})
    public = client.get("/api/v1/meetings/")
    return {
        "import": command("import_records", "exercise", table),
        "publish": command("publish", "--all"),
        "make_release": command("make_release", "1.0.0"),
        "page": [saved.status_code, saved.content.decode()],
        "public": public.status_code,
    }

if connection.vendor == "postgresql":
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
            "EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = "
            "'disk_full'; END $$"
        )
print("READY", flush=True)
sys.stdin.readline()
full(True)
print(json.dumps(everything()), flush=True)
full(False)
sys.stdin.readline()
print(json.dumps(everything()), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(prepared, tmp_path_factory):
    """What came of it while the disk was full, and when it was not: and the desk in between."""
    folder = tmp_path_factory.mktemp("full")
    state, table = folder / "state", folder / "table.csv"
    write_table(table, rows=60)
    with copied(prepared, state) as named:
        url = named.get("DATABASE_URL", f"sqlite:///{state}/coastguard.sqlite3")
        desk = Desk("full", state, url, environment_of(state, **named))
        trying = subprocess.Popen(
            [sys.executable, "-c", f"{BEGUN}{TRIED}", str(table), PASSWORD],
            cwd=ROOT,
            env=desk.settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert trying.stdout.readline() == "READY\n", trying.stderr.read()
            before = contents(desk)
            print(file=trying.stdin, flush=True)
            line = trying.stdout.readline()
            assert line, trying.stderr.read()
            between, fault = contents(desk), on_sqlite() and fault_of(desk)
            print(file=trying.stdin, flush=True)
            after = trying.stdout.readline()
            assert after, trying.stderr.read()
        finally:
            trying.kill()
            trying.communicate()
        left = [path.name for path in (state / "releases").iterdir()]
        yield json.loads(line), json.loads(after), (before, between, fault), left


@pytest.mark.parametrize("command", ["import", "publish", "make_release"])
def test_a_command_says_so_and_succeeds_when_there_is_room(outcomes, command):
    full, room, _, _ = outcomes
    assert "disk is full" in full[command] or "No space left" in full[command], full[command]
    assert "\n" not in full[command].strip()
    assert room[command] == "done"


def test_a_page_says_so_and_saves_when_there_is_room(outcomes):
    full, room, _, _ = outcomes
    status, text = full["page"]
    assert status == 507
    assert "The disk of the server is full" in text
    assert room["page"][0] == 302


def test_readers_are_answered(outcomes):
    full, room, _, _ = outcomes
    assert (full["public"], room["public"]) == (200, 200)


def test_no_row_was_stored_and_the_database_is_sound(outcomes):
    _, _, (before, between, fault), left = outcomes
    assert between == before
    assert not fault
    assert set(left) == {".lock", "1.0.0"}
