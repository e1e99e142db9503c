"""Backup and restore, in a program of its own on a database of its own.

`python -m drills.backup` does the same under writers, and kills it at moments of no choosing.
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.released import program
from tests.servers import copied, on_sqlite

pytestmark = pytest.mark.skipif(
    not on_sqlite() and shutil.which("pg_dump") is None, reason="no pg_dump: postgresql-client"
)
# Everything in one program: what it finds is printed as JSON at its end.
SCRIPT = """
import json, os, random, resource, shutil, signal, sqlite3, sys
from io import StringIO
from pathlib import Path

import django
django.setup()

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from agreements.backups import archive
from agreements.backups.manifest import Manifest
from drills.backup import damage
from drills.forking import take_turn
from drills.rows import different, sums
from tests import builders

folder, found = Path(sys.argv[1]), {}
one = folder / "one.backup"
releases = settings.RELEASES_DIR

def command(*arguments):
    out = StringIO()
    try:
        call_command(*map(str, arguments), stdout=out)
    except CommandError as error:
        return f"refused: {error}"
    return out.getvalue()

def ended(what):
    '''How a process of its own ended that does something.'''
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            print(what(), file=(folder / "said").open("w"), flush=True)
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    said = folder / "said"
    return status, said.read_text() if said.exists() else ""

def refusals():
    for table in ("publication", "change", "release"):
        for statement in ("DELETE FROM agreements_{}", "UPDATE agreements_{} SET id = -id"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement.format(table))
            except DatabaseError as error:
                yield str(error).splitlines()[0]

builders.publish(builders.document())
command("make_release", "1.0.0")
SessionStore().create()
before, head = sums(), command("ledger_head").split()[0]
files = {path.name: path.read_bytes() for path in (releases / "1.0.0").iterdir()}
found["made"], found["head"] = command("backup", one), head
found["mode"], found["left"] = oct(one.stat().st_mode), sorted(os.listdir(folder))
found["again"] = command("backup", one)
found["into folder"] = command("backup", folder)
found["verified"] = command("verify_backup", one)
found["session in it"] = Session.objects.get().pk.encode() in one.read_bytes()

take_turn("later", 1, lambda row: None)
later = sums()
found["not empty"] = command("restore", one)
chance, taken = random.Random(5), []
for _ in range(40):
    sort, data = damage(one.read_bytes(), chance)
    (folder / "broken").write_bytes(data)
    if not command("restore", folder / "broken", "--replace").startswith("refused"):
        taken.append(sort)
found["damaged"] = taken

if connection.vendor == "sqlite":
    connections.close_all()
    somebody = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    somebody.execute("SELECT COUNT(*) FROM agreements_meeting").fetchall()
    found["open"] = command("restore", one, "--replace")
    somebody.close()

def altered(**values):
    manifest = archive.check(one)
    told = json.loads(manifest.written()) | values
    sources = {name: place for name, place in archive.extract(one, manifest, "", folder / "parts")}
    with (folder / "altered").open("wb") as file:
        archive.write(file, Manifest.read(json.dumps(told).encode()), sources)
    shutil.rmtree(folder / "parts")
    return command("restore", folder / "altered", "--replace")

contents = json.loads(archive.check(one).written())["contents"]
found["newer"] = altered(contents=contents | {"migrations": [["agreements", "9999_later"]]})
rows = contents["rows"] | {"agreements_change": 1}
found["fewer rows"] = altered(contents=contents | {"rows": rows})
kinds = {"sqlite": "postgresql", "postgresql": "sqlite"}
names = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}

def of_the_other_database():
    manifest = archive.check(one)
    other = kinds[connection.vendor]
    told = json.loads(manifest.written()) | {"database": other}
    part = told["parts"][names[connection.vendor]]
    told["parts"] = {names[other]: part}
    ((_, place),) = archive.extract(one, manifest, "database", folder / "parts")
    with (folder / "altered").open("wb") as file:
        archive.write(file, Manifest.read(json.dumps(told).encode()), {names[other]: place})
    return command("restore", folder / "altered", "--replace")

found["other"] = of_the_other_database()

def killed():
    # Where the new database is about to take the place of the old one.
    def kill(happened, told):
        swapped = happened == "os.rename" and str(told[1]).endswith("coastguard.sqlite3")
        if swapped or (happened == "subprocess.Popen" and told[0] == "psql" and "-q" in told[1]):
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(kill)
    return command("restore", one, "--replace")

found["killed"] = ended(killed)[0]
found["after kill"] = different(later, sums())

def without_room():
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    return command("backup", folder / "small.backup")

found["no room"] = ended(without_room)
found["left then"] = sorted(os.listdir(folder))

shutil.rmtree(releases)
found["restored"] = command("restore", one, "--replace")
found["different"] = different(before, sums())
found["files"] = files == {path.name: path.read_bytes() for path in (releases / "1.0.0").iterdir()}
found["sessions"] = Session.objects.count()
found["refused"] = list(refusals())
told = []
take_turn("later", 1, told.append)
found["goes on"] = len(told)
found["ledger"] = command("verify_ledger")
for path in (releases / "1.0.0").iterdir():
    path.write_text("else")
found["bad release"] = command("backup", folder / "two.backup")
found["without releases"] = command("backup", folder / "two.backup", "--without-releases")
(folder / "found.json").write_text(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(prepared, tmp_path_factory):
    """What happened, by the name of each step."""
    state, folder = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("backups")
    settings = {"DJANGO_SETTINGS_MODULE": "coastguard.settings"}
    with copied(prepared, state) as named:
        ended = program(state, **named, **settings)(folder, python=("-c", SCRIPT))
    assert ended.returncode == 0, ended.stderr
    return json.loads((folder / "found.json").read_text())


def test_a_backup_is_one_file_for_its_maker_alone(found):
    assert found["mode"] == "0o100600"
    assert found["left"] == ["one.backup"]
    assert f"head {found['head']}\n" in found["made"]
    assert ": whole; " in found["verified"]
    assert f"head {found['head']}\n" in found["verified"]


def test_a_backup_is_never_written_over(found):
    assert found["again"].startswith("refused")
    assert "is there already" in found["again"]
    assert Path(found["into folder"].split(": ")[0]).name.startswith("coastguard-20")


def test_a_backup_holds_nobodys_session(found):
    assert found["session in it"] is False


def test_what_would_be_lost_is_said_before_it_is(found):
    assert "The database is not empty" in found["not empty"]
    assert "the 4 publications since then would be lost" in found["not empty"]
    assert "--replace" in found["not empty"]


def test_damaged_backups_are_refused_and_nothing_is_touched(found):
    assert found["damaged"] == []
    assert found["after kill"] == []


def test_a_backup_of_a_later_program_is_refused(found):
    assert "later version of the program: agreements.9999_later" in found["newer"]


def test_a_backup_that_does_not_hold_what_it_says_is_refused(found):
    assert found["fewer rows"].startswith("refused")


def test_a_backup_of_the_other_database_is_refused(found):
    assert "and DATABASE_URL names" in found["other"]
    assert "docs/backup.md" in found["other"]


def test_a_file_that_somebody_has_open_is_not_replaced(found):
    """What they wrote would go to a file that nobody reads again."""
    if on_sqlite():
        assert "Somebody has" in found["open"]
        assert "open: stop the service" in found["open"]


def test_a_restore_that_is_killed_leaves_what_there_was(found):
    assert found["killed"] == 9
    assert found["after kill"] == []


def test_a_full_disk_is_told_and_leaves_nothing(found):
    status, said = found["no room"]
    assert status == 0
    assert said.startswith("refused: ")
    assert not [name for name in found["left then"] if "small" in name or "unfinished" in name]


def test_every_row_is_restored(found):
    assert "nobody is logged in" in found["restored"]
    assert f"{found['head']}: as pinned, 0 since" in found["restored"]
    assert found["different"] == []
    assert found["files"] is True
    assert found["sessions"] == 0


def test_what_was_restored_keeps_its_rules_and_goes_on(found):
    assert len(found["refused"]) == 6
    assert all("append-only" in each or "never changed" in each for each in found["refused"])
    assert found["goes on"] == 4
    assert "all as written" in found["ledger"]


def test_a_release_that_is_not_as_it_was_made_is_told(found):
    assert "is not as it was made" in found["bad release"]
    assert "rows, " in found["without releases"]
