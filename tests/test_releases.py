"""Releases as operators make them: refused in words, never changed, the same bytes anywhere."""

import hashlib
import os
import shlex
import sqlite3
import zipfile
from pathlib import Path

import pytest
import yaml
from django.db import connection

from agreements import ledger, triggers
from agreements.models import Release
from agreements.releases.making import make
from agreements.releases.sqlite_file import PAGE, settle_bytes
from tests import builders, raw
from tests.builders import publish
from tests.readings import refused, run
from tests.released import program, released, releases_in, sums, table
from tests.test_ledger import publish_again, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path):
    with releases_in(tmp_path / "releases") as kept:
        yield kept


class TestMaking:
    def test_writes_down_what_it_is_of(self, folder):
        *_, head = publish(builders.meeting("talks"))

        told = run("make_release", "1.0.0", "--notes", "The first one.")

        release = Release.objects.get()
        assert told.startswith("Release 1.0.0: ")
        assert (release.version, release.notes) == ("1.0.0", "The first one.")
        assert (release.head_sequence, release.head_sha256) == (head.sequence, head.sha256)
        assert release.published_at == head.published_at
        assert release.counts["meetings"] == 1
        assert release.previous is None

    def test_knows_every_file_that_it_wrote(self, folder):
        publish(builders.meeting("talks"))
        release = make("2026.11")
        written = {path.name: path.read_bytes() for path in (folder / "2026.11").iterdir()}
        assert set(written) == set(release.files)
        for name, content in written.items():
            assert release.files[name]["bytes"] == len(content)
            assert release.files[name]["sha256"] == hashlib.sha256(content).hexdigest()

    def test_sums_cover_every_file_but_themselves_and_the_whole(self, folder):
        publish(builders.meeting("talks"))
        made = released()
        listed = dict(reversed(line.split("  ")) for line in sums(made).splitlines())
        others = {"SHA256SUMS", "maritime-agreements-1.0.0.zip"}
        assert set(listed) == {path.name for path in made.iterdir()} - others
        for name, digest in listed.items():
            assert hashlib.sha256((made / name).read_bytes()).hexdigest() == digest

    def test_puts_all_of_it_into_one_file_too(self, folder):
        publish(builders.meeting("talks"))
        made = released()
        with zipfile.ZipFile(made / "maritime-agreements-1.0.0.zip") as whole:
            assert whole.testzip() is None
            for name in whole.namelist():
                assert whole.read(name) == (made / name.rpartition("/")[2]).read_bytes()
            assert len(whole.namelist()) == len(list(made.iterdir())) - 1

    def test_leaves_out_what_was_never_approved(self, folder):
        publish(builders.meeting("talks"))
        builders.meeting("secret-draft", title="A draft that nobody approved")
        made = released()
        for path in made.iterdir():
            content = path.read_bytes()
            assert b"secret-draft" not in content, path.name
            assert b"nobody approved" not in content, path.name

    def test_names_nobody_of_the_desk(self, folder):
        publish(builders.meeting("talks"))
        for path in released().iterdir():
            assert b"reviewer" not in path.read_bytes(), path.name

    def test_goes_up_to_the_head_that_is_asked_for(self, folder):
        *_, head = publish(builders.meeting("talks"))
        publish(builders.meeting("later-talks"))
        made = released(head=head.sequence)
        assert [row["slug"] for row in table(made, "meetings")] == ["talks"]

    def test_of_an_earlier_head_shows_records_as_they_were(self, folder):
        talks = builders.meeting("talks", title="Talks")
        *_, head = publish(talks)
        publish_again(talks, title="Talks in Hanoi")
        made = released(head=head.sequence)
        assert [row["title"] for row in table(made, "meetings")] == ["Talks"]
        assert [row["revision"] for row in table(made, "meetings")] == ["1"]

    def test_can_be_cited(self, folder):
        *_, head = publish(builders.meeting("talks"))
        citation = yaml.safe_load((released("2026.11") / "CITATION.cff").read_text())
        assert citation["cff-version"] == "1.2.0"
        assert citation["type"] == "dataset"
        assert citation["version"] == "2026.11"
        assert citation["date-released"] == head.published_at.date()
        assert citation["license"] == "CC-BY-4.0"
        assert citation["identifiers"][0]["value"] == f"sha256:{head.sha256}"

    def test_rows_are_never_changed(self, folder):
        publish(builders.meeting("talks"))
        release = make("1.0.0")
        because = "releases are never changed|append-only"
        raw.refuse(raw.changed(release, notes="Another."), because=because)
        raw.refuse(Release.objects.filter(pk=release.pk).delete, because=because)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                truncate = "TRUNCATE agreements_release"
                raw.refuse(cursor.execute, truncate, because=because)


class TestRefusals:
    @pytest.mark.parametrize(
        "version",
        ["", "1", "v1.0.0", "1.0", "1.0.0-rc1", "01.0.0", "2026.13", "2026.00", "../1.0.0",
         "1.0.0/..", "1.0.0\n", "１.0.0", "99999.0.0"],
    )  # fmt: skip
    def test_of_what_is_no_version(self, version):
        publish(builders.meeting("talks"))
        assert "is not a version: write" in refused("make_release", version)
        assert not Release.objects.exists()

    def test_of_an_empty_ledger(self, folder):
        assert "The ledger is empty" in refused("make_release", "1.0.0")
        assert [path.name for path in folder.iterdir()] == [".lock"]

    def test_of_a_version_that_is_taken(self, folder):
        publish(builders.meeting("talks"))
        before = sums(released())
        publish(builders.meeting("later-talks"))
        assert "was made already" in refused("make_release", "1.0.0")
        assert sums(folder / "1.0.0") == before

    @pytest.mark.parametrize("version", ["2026.10", "2026.11", "1.0.0", "2026.9"])
    def test_of_a_version_that_does_not_follow(self, version):
        publish(builders.meeting("talks"))
        make("2026.11")
        assert refused("make_release", version).startswith(
            ("Versions go up: write one above 2026.11", "Release 2026.11 was made already")
        )

    def test_of_a_head_that_is_not_there(self):
        *_, head = publish(builders.meeting("talks"))
        told = refused("make_release", "1.0.0", "--head", head.sequence + 1)
        assert told == f"The ledger has no row {head.sequence + 1}: write a head from 1 to " + (
            f"{head.sequence}."
        )
        assert "has no row 0" in refused("make_release", "1.0.0", "--head", "0")

    def test_of_a_head_in_the_midst_of_a_publication(self):
        *_, head = publish(builders.meeting("talks"))
        told = refused("make_release", "1.0.0", "--head", "1")
        assert told.endswith(f"names may be among them: write {head.sequence}.")

    def test_of_a_head_before_that_of_the_release_before(self):
        *_, early = publish(builders.meeting("talks"))
        publish(builders.meeting("later-talks"))
        make("1.0.0")
        told = refused("make_release", "1.1.0", "--head", early.sequence)
        assert f"Row {early.sequence} lies before the head of release 1.0.0" in told

    def test_of_a_ledger_that_was_tampered_with(self, folder):
        publish(builders.meeting("talks"))
        tamper("UPDATE agreements_publication SET reason = 'x' WHERE sequence = 1")
        assert "The ledger is not as it was written: row 1" in refused("make_release", "1.0.0")
        assert not Release.objects.exists()
        assert [path.name for path in folder.iterdir()] == [".lock"]

    def test_of_records_that_do_not_fit_together(self, folder):
        """As nothing in the program would leave them: a force goes, its meeting stays."""
        publish(builders.meeting("talks"))
        ledger.append_tombstone(
            "force", "japan-coast-guard", author="a", approver="b", reason="Not one."
        )
        told = refused("make_release", "1.0.0")
        assert "A row of participants names what forces does not have" in told
        assert not Release.objects.exists()
        assert [path.name for path in folder.iterdir()] == [".lock"]

    @pytest.mark.parametrize("notes", ["x" * 2001, "a\0b", "\x1b[31mred"])
    def test_of_notes_that_cannot_be_read(self, notes):
        publish(builders.meeting("talks"))
        told = refused("make_release", "1.0.0", "--notes", notes)
        assert told == "Notes have at most 2000 printable characters."

    def test_of_a_folder_that_cannot_be_written(self, folder):
        publish(builders.meeting("talks"))
        folder.write_text("A file, and no folder.")
        assert "The files cannot be written" in refused("make_release", "1.0.0")
        assert not Release.objects.exists()

    def test_of_a_former_release_that_is_known(self):
        publish(builders.meeting("talks"))
        told = refused("make_release", "1.0.0", "--previous", "0.9.0:1")
        assert told == "--previous goes with --output: what was made here is known."


class TestMakingAgain:
    def test_gives_the_same_bytes(self, tmp_path):
        publish(builders.meeting("talks"))
        make("1.0.0")
        publish(builders.meeting("later-talks"))
        told = run("make_release", "1.0.0", "--output", tmp_path / "again")
        assert told.endswith("Byte for byte as they were made here.\n")
        assert Release.objects.count() == 1

    def test_tells_which_files_differ(self, tmp_path, folder):
        publish(builders.meeting("talks"))
        release = make("1.0.0")
        files = {**release.files, "README.md": {**release.files["README.md"], "bytes": 1}}
        del files["forces.csv"]
        head = (release.head_sequence, release.head_sha256, release.published_at)
        Release.objects.create(
            version="1.0.1",
            head_sequence=head[0],
            head_sha256=head[1],
            published_at=head[2],
            previous=release,
            files=files,
        )
        told = refused("make_release", "1.0.1", "--output", tmp_path / "again")
        assert "Not as they were made here: " in told
        assert "README.md" in told
        assert "forces.csv" in told
        assert "topics.csv" not in told

    def test_needs_no_file_of_the_release_before(self, tmp_path, folder):
        talks = builders.meeting("talks", title="Talks")
        *_, first = publish(talks)
        make("1.0.0")
        *_, second = publish_again(talks, title="Talks in Hanoi")
        made = sums(released("1.1.0", notes="Mended."))

        # As another database would, which holds the ledger and knows of no release.
        forget_releases()
        arguments = ("--head", second.sequence, "--previous", f"1.0.0:{first.sequence}")
        run("make_release", "1.1.0", *arguments, "--notes", "Mended.", "--output", tmp_path / "x")
        assert sums(tmp_path / "x") == made

    def test_is_as_the_release_says_that_it_is_made(self, tmp_path, folder):
        talks = builders.meeting("talks", title="Talks")
        publish(talks)
        make("1.0.0")
        publish_again(talks, title="Talks in Hanoi")
        made = released("1.1.0", notes="It's mended.")
        command = next(
            line.strip()
            for line in (made / "README.md").read_text().splitlines()
            if "manage.py make_release" in line
        )
        words = shlex.split(command)[1:]
        forget_releases()
        run(*words[:-1], str(tmp_path / "again"))
        assert sums(tmp_path / "again") == sums(made)

    def test_is_refused_where_something_is(self, tmp_path):
        publish(builders.meeting("talks"))
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "notes.txt").write_text("Mine.")
        told = refused("make_release", "1.0.0", "--output", tmp_path / "mine")
        assert told.endswith("mine is not an empty folder.")
        assert os.listdir(tmp_path / "mine") == ["notes.txt"]

    @pytest.mark.parametrize("previous", ["1.0.0", "1.0.0:x", "one:1", "1.0.0:²", "1.0.0:999"])
    def test_is_refused_with_a_former_release_that_cannot_be(self, tmp_path, previous):
        publish(builders.meeting("talks"))
        refused("make_release", "1.1.0", "--previous", previous, "--output", tmp_path / "again")
        assert not (tmp_path / "again").exists()

    def test_is_refused_where_another_head_is_told_than_is_known(self, tmp_path):
        *_, head = publish(builders.meeting("talks"))
        make("1.0.0")
        arguments = ("--head", head.sequence, "--output", tmp_path / "again")
        assert "its head is known" in refused("make_release", "1.0.0", *arguments)


def forget_releases() -> None:
    """Forget every release, as a database that never made one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE agreements_release DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER agreements_release_stay")
            cursor.execute("DROP TRIGGER agreements_release_keep")
        Release.objects.update(previous=None)
        Release.objects.all().delete()
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE agreements_release ENABLE TRIGGER USER")
    triggers.install(connection)


@pytest.mark.usefixtures("shipped_for_class")
class TestElsewhere:
    """One ledger, other databases, languages, time zones and hash seeds: the same bytes."""

    @pytest.mark.parametrize(
        "surroundings",
        [
            {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77"},
        ],
        ids=["Hanoi", "Newfoundland"],
    )
    def test_gives_the_same_bytes(self, tmp_path, surroundings):
        here = released()
        manage = program(tmp_path / "elsewhere", **surroundings)
        for arguments in (("migrate",), ("load_fixtures",), ("make_release", "1.0.0")):
            ended = manage(*arguments)
            assert ended.returncode == 0, ended.stderr
        there = tmp_path / "elsewhere" / "releases" / "1.0.0"
        assert sums(there) == sums(here)
        whole = "maritime-agreements-1.0.0.zip"
        assert (there / whole).read_bytes() == (here / whole).read_bytes()

    def test_tells_no_time_and_no_place_of_the_making(self, folder):
        release = make("1.0.0")
        told = release.made_at.strftime("%Y-%m-%dT%H:%M").encode()
        for path in (folder / "1.0.0").iterdir():
            content = path.read_bytes()
            assert told not in content, path.name
            assert str(folder).encode() not in content, path.name


class TestSettledBytes:
    """Versions of SQLite differ in what they leave where nothing is used."""

    def database(self, path: Path) -> Path:
        written = sqlite3.connect(path, isolation_level=None)
        written.execute(f"PRAGMA page_size={PAGE}")
        written.execute("CREATE TABLE talks (slug TEXT PRIMARY KEY, summary TEXT)")
        rows = ((f"talks-{number}", "x" * (number % 3000)) for number in range(400))
        written.executemany("INSERT INTO talks VALUES (?, ?)", rows)
        written.execute("DELETE FROM talks WHERE slug LIKE '%7'")
        written.close()
        return path

    def test_stay_a_database_that_is_whole(self, tmp_path):
        path = self.database(tmp_path / "talks.sqlite")
        before = sqlite3.connect(path).execute("SELECT * FROM talks ORDER BY slug").fetchall()
        settle_bytes(path)
        settled = sqlite3.connect(path)
        assert settled.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert settled.execute("SELECT * FROM talks ORDER BY slug").fetchall() == before

    def test_are_the_same_whatever_was_left_over(self, tmp_path):
        clean = self.database(tmp_path / "clean.sqlite")
        soiled = tmp_path / "soiled.sqlite"
        content = bytearray(clean.read_bytes())
        content[96:100] = b"\x00\x2e\x99\xb1"
        for start in range(PAGE, len(content), PAGE):
            if content[start] == 13:
                cells = int.from_bytes(content[start + 3 : start + 5], "big")
                used = start + 8 + 2 * cells
                end = start + int.from_bytes(content[start + 5 : start + 7], "big")
                content[used:end] = b"\xaa" * (end - used)
        soiled.write_bytes(content)
        assert soiled.read_bytes() != clean.read_bytes()

        settle_bytes(clean)
        settle_bytes(soiled)

        assert soiled.read_bytes() == clean.read_bytes()
